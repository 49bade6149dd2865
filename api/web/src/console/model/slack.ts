/** How near a stop is to being late. */
export type Tightness = 'tight' | 'close' | 'ample'

export const TIGHT_SECONDS = 10 * 60
export const CLOSE_SECONDS = 30 * 60
/** From here on the figure says nothing to a person. */
export const PLENTY_SECONDS = 4 * 3600

export function tightness(slack: number): Tightness {
  if (slack < TIGHT_SECONDS) return 'tight'
  return slack < CLOSE_SECONDS ? 'close' : 'ample'
}
