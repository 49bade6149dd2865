/** Which remedy of a place is the cheapest, as the report has it. */

import type { CoverageStudy, RemedyPrice } from '../../shared/api.gen'
import { totalOf } from './year'

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

/** Those that chance alone may have made dearer than the cheapest one, and that bring no fewer people nearer. */
export function asCheap(
  study: CoverageStudy,
  offered: readonly RemedyPrice[],
  best: RemedyPrice | null,
): RemedyPrice[] {
  if (!best) return []
  const most = best.added_dong + study.sample.remedy_chance * totalOf(study.base)
  return offered.filter(
    (one) =>
      one !== best &&
      !one.problem &&
      one.kind !== 'nothing' &&
      one.added_dong <= most &&
      gained(study, one) >= gained(study, best),
  )
}

export const gained = (study: CoverageStudy, price: RemedyPrice): number =>
  price.people_gained[study.main_means] ?? 0
