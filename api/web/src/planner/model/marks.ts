/** How large the marks of the map are: radii, pixels. */

import type { CoverageStudy } from '../../shared/api.gen'
import { radiusOf } from './bands'
import type { Sight } from './sight'

export const POST = 2.6
export const ADDED = 5

/** Something drawn over the map, and how far it reaches to each side. */
export interface Mark {
  position: readonly [number, number]
  radius: number
}

export const mostPeople = (study: CoverageStudy): number => Math.max(...study.places.map((one) => one.people))

/** All that is drawn over the map of what one sees. */
export function marksOf(study: CoverageStudy, sight: Sight): Mark[] {
  const most = mostPeople(study)
  return [
    ...study.places.map((one) => ({ position: one.position, radius: radiusOf(one.people, most) })),
    ...sight.posts.map((position) => ({ position, radius: POST })),
    ...sight.added.map((position) => ({ position, radius: ADDED })),
  ]
}
