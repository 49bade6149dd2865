/** Which remedy of a place is the cheapest, as the report has it. */

import type { CoverageStudy, RemedyPrice } from '../../shared/api.gen'

export function remediesOf(study: CoverageStudy, placeId: string): RemedyPrice[] {
  return study.remedies.filter((one) => one.place_id === placeId)
}

/** Of those that bring somebody within the main limit, or else of all that can be had; null = none can. */
export function cheapestOf(study: CoverageStudy, offered: readonly RemedyPrice[]): RemedyPrice | null {
  const possible = offered.filter((one) => !one.problem && one.kind !== 'nothing')
  const useful = possible.filter((one) => gained(study, one) > 0)
  const best = (useful.length ? useful : possible).toSorted(
    (a, b) => a.added_dong - b.added_dong || (a.kind < b.kind ? -1 : 1),
  )
  return best[0] ?? null
}

export const gained = (study: CoverageStudy, price: RemedyPrice): number =>
  price.people_gained[study.main_means] ?? 0
