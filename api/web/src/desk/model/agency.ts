/** An agency's day: what comes to it, what it owes citizens, and what waits for a courier. */

import type { Found } from '../../shared/api.gen'

/** On the way to a desk. */
export function coming(found: readonly Found[], siteId: string): Found[] {
  return found
    .filter((one) => one.dest_site === siteId && one.holding !== 'done' && one.holding !== 'nobody')
    .filter((one) => one.holder !== siteId)
    .sort((a, b) => a.due_on.localeCompare(b.due_on))
}

/** Results that no courier has fetched yet, the earliest appointment first. */
export function toFetch(found: readonly Found[], siteId: string): Found[] {
  return found
    .filter((one) => one.origin_site === siteId && one.kind === 'result' && one.holding === 'nobody')
    .sort((a, b) => appointment(a).localeCompare(appointment(b)))
}

/** Promised for a day, or for one before it, and still here. */
export const owed = (results: readonly Found[], day: string): Found[] =>
  results.filter((one) => one.appointment_on !== null && one.appointment_on <= day)

/** What a courier may take along: results, and dossiers that were accepted here. */
export const toGive = (found: readonly Found[], siteId: string): Found[] => [
  ...toFetch(found, siteId),
  ...found.filter(
    (one) =>
      one.holding === 'site' && one.holder === siteId && one.dest_site !== siteId && one.kind !== 'result',
  ),
]

/** Handed over here by a courier. */
export const handedHere = (found: readonly Found[], siteId: string): Found[] =>
  found.filter((one) => one.holding === 'done' && one.dest_site === siteId && one.kind !== 'result')

const appointment = (one: Found): string => one.appointment_on ?? '9999'
