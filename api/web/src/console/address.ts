/** What the address names: a part of the console, a day, a plan of it, a report. */

import { writtenWanted, type Wanted } from './reports/wanted'

export type Section = 'plans' | 'running' | 'reports'

export const SECTIONS: readonly Section[] = ['plans', 'running', 'reports']

export interface Named {
  section: Section
  /** Null = none, or nothing that is a day. */
  day: string | null
  /** The plan that is open; null = the list of the day. */
  plan: string | null
  /** Two plans that are compared, as in `comparing/refs.ts`. */
  compare: string | null
}

/** `hash` as in `location.hash`. */
export function readAddress(hash: string): Named {
  const found = new URLSearchParams(hash.slice(1))
  const day = found.get('day')
  return {
    section: SECTIONS.find((one) => one === found.get('section')) ?? 'plans',
    day: day !== null && /^\d{4}-\d\d-\d\d$/u.test(day) ? day : null,
    plan: found.get('plan'),
    compare: found.get('compare'),
  }
}

export function writeAddress({ section, day, plan, compare, report }: Named & { report?: Wanted }): string {
  return `#${new URLSearchParams({
    ...(section !== 'plans' && { section }),
    ...(day !== null && { day }),
    ...(plan !== null && { plan }),
    ...(compare !== null && { compare }),
    ...(section === 'reports' && report && writtenWanted(report)),
  })}`
}
