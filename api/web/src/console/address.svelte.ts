/** Where somebody is in the console; the address says it, so that a reload shows the same. */

import { readAddress, writeAddress, type Named, type Section } from './address'
import { today } from './day/days'
import { readWanted, type Wanted } from './reports/wanted'

export class Address {
  section = $state<Section>('plans')
  day = $state(today())
  /** Somebody chose the day; else each section offers its own. */
  private chosen = false
  plan = $state<string | null>(null)
  compare = $state<string | null>(null)
  report = $state.raw<Wanted>(readWanted('', today()))

  constructor(hash: string) {
    const { section, day, plan, compare } = readAddress(hash)
    this.section = section
    this.plan = plan
    this.compare = compare
    this.report = readWanted(hash, today())
    if (day !== null) [this.day, this.chosen] = [day, true]
  }

  go(to: Partial<Pick<Address, 'section' | 'day' | 'plan' | 'compare' | 'report'>>): void {
    Object.assign(this, to)
    if (to.day !== undefined) this.chosen = true
    history.replaceState(null, '', writeAddress({ ...this.named, ...(this.free && { day: null }) }))
  }

  /** The day that a section begins with; whoever has chosen one keeps it. */
  offer(day: string): void {
    if (!this.chosen) this.day = day
  }

  get free(): boolean {
    return !this.chosen
  }

  private get named(): Named & { report: Wanted } {
    const { section, day, plan, compare, report } = this
    return { section, day, plan, compare, report }
  }
}
