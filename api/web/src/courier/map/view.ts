/** Which part of the ground a screen shows: moved by a finger, pulled by two, or fitted to what has to be seen. */

import type { Spot } from './plane'

export interface View {
  /** In the middle of the screen. */
  centre: Spot
  /** Pixels for a metre. */
  scale: number
}

/** Pixels. */
export interface Size {
  width: number
  height: number
}

/** From a whole province to a yard: pixels for a metre. */
const LEAST = 1 / 600
const MOST = 4
/** Pixels around what is fitted: a marker and its number. */
const MARGIN = 34

const clamp = (scale: number): number => Math.min(MOST, Math.max(LEAST, scale))

/** The nearest view that shows all of these; one place alone is shown with `around` metres on each side. */
export function fitted(spots: readonly Spot[], size: Size, around = 250): View {
  if (spots.length === 0) return { centre: [0, 0], scale: clamp(0) }
  const [xs, ys] = [spots.map(([x]) => x), spots.map(([, y]) => y)]
  const [left, right, top, bottom] = [least(xs), most(xs), least(ys), most(ys)]
  const across = (size.width - 2 * MARGIN) / Math.max(right - left, 2 * around)
  const down = (size.height - 2 * MARGIN) / Math.max(bottom - top, 2 * around)
  return { centre: [(left + right) / 2, (top + bottom) / 2], scale: clamp(Math.min(across, down)) }
}

/** A path may have more points than a call takes arguments. */
const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Infinity)
const most = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), -Infinity)

export function onScreen(view: View, size: Size, [x, y]: Spot): Spot {
  return [
    size.width / 2 + (x - view.centre[0]) * view.scale,
    size.height / 2 + (y - view.centre[1]) * view.scale,
  ]
}

export function onGround(view: View, size: Size, [x, y]: Spot): Spot {
  return [
    view.centre[0] + (x - size.width / 2) / view.scale,
    view.centre[1] + (y - size.height / 2) / view.scale,
  ]
}

/** Moved by pixels. */
export function panned(view: View, [dx, dy]: Spot): View {
  return { ...view, centre: [view.centre[0] - dx / view.scale, view.centre[1] - dy / view.scale] }
}

/** What lies under `at`, in pixels, stays there. */
export function zoomed(view: View, size: Size, factor: number, at: Spot): View {
  const held = onGround(view, size, at)
  const scale = clamp(view.scale * factor)
  const [dx, dy] = [at[0] - size.width / 2, at[1] - size.height / 2]
  return { centre: [held[0] - dx / scale, held[1] - dy / scale], scale }
}

/** Two fingers that were at the first two places are at the second two now. */
export function pinched(
  view: View,
  size: Size,
  before: readonly [Spot, Spot],
  now: readonly [Spot, Spot],
): View {
  const middle = ([a, b]: readonly [Spot, Spot]): Spot => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]
  const apart = ([a, b]: readonly [Spot, Spot]): number => Math.max(1, Math.hypot(a[0] - b[0], a[1] - b[1]))
  const [from, to] = [middle(before), middle(now)]
  return zoomed(panned(view, [to[0] - from[0], to[1] - from[1]]), size, apart(now) / apart(before), to)
}

/** The nearest of some places on the screen within reach of a thumb; of those at one place the last. */
export function touched<T extends { at: Spot }>(marks: readonly T[], [x, y]: Spot, reach = 24): T | null {
  let [found, nearest]: [T | null, number] = [null, reach]
  for (const mark of marks) {
    const away = Math.hypot(mark.at[0] - x, mark.at[1] - y)
    if (away <= nearest) [found, nearest] = [mark, away]
  }
  return found
}

/** Words that keep clear of those before them, and of each other; `room` in pixels. */
export function uncrowded<T extends { at: Spot }>(
  words: readonly T[],
  taken: readonly Spot[],
  room: Size = { width: 120, height: 30 },
): T[] {
  const clear: T[] = []
  for (const word of words) {
    const isNear = ([x, y]: Spot): boolean =>
      Math.abs(x - word.at[0]) < room.width && Math.abs(y - word.at[1]) < room.height
    if (![...taken, ...clear.map(({ at }) => at)].some(isNear)) clear.push(word)
  }
  return clear
}

/** The longest of 1, 2, 5, 10, ... metres that takes at most so many pixels. */
export function scaleBar(view: View, most: number): number {
  const ten = 10 ** Math.floor(Math.log10(most / view.scale))
  return [5, 2, 1].map((step) => step * ten).find((metres) => metres * view.scale <= most) ?? ten
}
