/** Where somebody is in the console; the address says it, so that a reload shows the same. */

import { readAddress, writeAddress, type Section } from './address'
import { today } from './day/days'
import { readWanted, type Wanted } from './reports/wanted'

export class Address {
  section = $state<Section>('plans')
  day = $state(today())
  plan = $state<string | null>(null)
  compare = $state<string | null>(null)
  report = $state.raw<Wanted>(readWanted('', today()))

  constructor(hash: string) {
    const { section, day, plan, compare } = readAddress(hash)
    this.section = section
    this.plan = plan
    this.compare = compare
    this.report = readWanted(hash, today())
    if (day !== null) this.day = day
  }

  go(to: Partial<Pick<Address, 'section' | 'day' | 'plan' | 'compare' | 'report'>>): void {
    Object.assign(this, to)
    history.replaceState(null, '', writeAddress(this))
  }
}
