/** Service floors: which are of all together, and which a scenario keeps or misses otherwise than today. */

import type { CoverageStudy } from '../../shared/api.gen'

export type Floor = CoverageStudy['floors'][number]

/** Kept or missed in the mean: who is listed is beyond it alone. */
const OF_ALL: ReadonlySet<string> = new Set(['mean-radius', 'people-per-point'])

export const isOfAll = (floor: Floor): boolean => OF_ALL.has(floor.key)

export interface FloorChange {
  key: string
  meaning: Floor['meaning']
  before: Floor | undefined
  after: Floor
}

export function floorsChanged(today: readonly Floor[], after: readonly Floor[]): FloorChange[] {
  return after
    .map((floor) => ({
      key: floor.key,
      meaning: floor.meaning,
      before: today.find((one) => one.key === floor.key),
      after: floor,
    }))
    .filter(({ before, after: then }) => said(before) !== said(then))
}

/** What shows of a floor. */
function said(floor: Floor | undefined): string {
  if (!floor) return ''
  return isOfAll(floor) ? String(floor.measured) : String(floor.fails.length)
}
