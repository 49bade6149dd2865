/** An open study: what is looked at, and what the map compares it with. */

import type { Opened } from './asking'
import type { Tab } from './address'
import { placeRows, type PlaceRow } from './model/rows'
import { sightAfter, situation, type After, type Sight } from './model/sight'

export class OpenStudy {
  tab = $state<Tab>('overview')
  placeId = $state<string | null>(null)
  after = $state.raw<After | null>(null)
  readonly rows: readonly PlaceRow[]
  /** Null = only today is shown. */
  readonly then: Sight | null = $derived.by(() => this.after && sightAfter(this.study, this.after))
  /** By the same means as what it is compared with. */
  readonly before: Sight = $derived.by(() => situation(this.study, this.then?.means, this.then?.minutes))

  constructor(
    readonly id: string,
    readonly opened: Opened,
  ) {
    const { study } = opened
    this.rows = placeRows(study)
    const last = study.efficient.length - 1
    const first = study.scenarios[0]
    if (last > 0) this.after = { by: 'efficient', step: last }
    else if (first) this.after = { by: 'scenario', key: first.key }
  }

  get study(): Opened['study'] {
    return this.opened.study
  }

  /** Posts, couriers and lines are made up. */
  get isSample(): boolean {
    return this.study.assumptions.some((one) => one.key === 'sample_network')
  }

  /** What a part of the study tells of is what the map compares. */
  turn(tab: Tab): void {
    this.tab = tab
    const first = this.study.scenarios[0]
    if (tab === 'scenarios' && first && this.after?.by !== 'scenario')
      this.after = { by: 'scenario', key: first.key }
  }

  /** Its cheapest remedy is then compared, when it has one. */
  choose(placeId: string | null): void {
    this.placeId = placeId
    const cheapest = this.rows.find((one) => one.id === placeId)?.cheapest
    if (cheapest) this.after = { by: 'remedy', placeId: cheapest.place_id, kind: cheapest.kind }
  }

  nameOf(placeId: string): string {
    return this.rows.find((one) => one.id === placeId)?.name ?? placeId
  }
}
