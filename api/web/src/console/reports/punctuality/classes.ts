/** In which class of a map a commune is by its share late; the bounds are fixed, so that periods can be compared. */

import type { Punctuality } from '../../../shared/api.gen'

/** Percent; each begins a class, 0 being one of its own. */
export const BOUNDS = [2, 5, 10] as const

/** 0 = nothing settled, 1 = none late, then one for each stretch between the bounds. */
export type ShareClass = 0 | 1 | 2 | 3 | 4 | 5

export const CLASSES: readonly ShareClass[] = [0, 1, 2, 3, 4, 5]

export function classOf(counts: Pick<Punctuality, 'late' | 'late_percent'> | undefined): ShareClass {
  if (!counts || counts.late_percent === null) return 0
  if (counts.late === 0) return 1
  const share = counts.late_percent
  return (2 + BOUNDS.filter((bound) => share >= bound).length) as ShareClass
}
