import { describe, expect, it } from 'vitest'
import type { Spot } from '../../../src/courier/map/plane'
import {
  fitted,
  onGround,
  onScreen,
  panned,
  pinched,
  scaleBar,
  touched,
  uncrowded,
  zoomed,
  type View,
} from '../../../src/courier/map/view'

const SIZE = { width: 360, height: 400 }
const VIEW: View = { centre: [1000, -500], scale: 0.1 }
const near = (a: Spot, b: Spot): void => {
  expect(a[0]).toBeCloseTo(b[0], 6)
  expect(a[1]).toBeCloseTo(b[1], 6)
}

describe('the ground on a screen', () => {
  it('has its centre in the middle and comes back', () => {
    near(onScreen(VIEW, SIZE, [1000, -500]), [180, 200])
    near(onScreen(VIEW, SIZE, [1100, -600]), [190, 190])
    near(onGround(VIEW, SIZE, onScreen(VIEW, SIZE, [123, 456])), [123, 456])
  })

  it('goes with a finger', () => {
    near(onScreen(panned(VIEW, [30, -10]), SIZE, [1000, -500]), [210, 190])
  })

  it('stays where it is held while it grows, and grows no further than a yard', () => {
    const at: Spot = [40, 300]
    const held = onGround(VIEW, SIZE, at)
    for (const factor of [2, 0.5, 1e9, 1e-9]) near(onScreen(zoomed(VIEW, SIZE, factor, at), SIZE, held), at)
    expect(zoomed(VIEW, SIZE, 1e9, at).scale).toBe(4)
    expect(zoomed(VIEW, SIZE, 1e-9, at).scale).toBe(1 / 600)
  })

  it('stays under two fingers', () => {
    const [before, now]: [[Spot, Spot], [Spot, Spot]] = [
      [[100, 200], [200, 200]],
      [[60, 240], [260, 240]],
    ] // prettier-ignore
    const held = before.map((spot) => onGround(VIEW, SIZE, spot))
    const after = pinched(VIEW, SIZE, before, now)
    held.forEach((spot, at) => near(onScreen(after, SIZE, spot), now[at] as Spot))
    expect(after.scale).toBeCloseTo(0.2, 9)
  })
})

describe('what is fitted', () => {
  it('is whole on the screen, and fills it one way', () => {
    const spots: Spot[] = [[0, 0], [4000, 900], [1200, -2000]] // prettier-ignore
    const view = fitted(spots, SIZE)
    const seen = spots.map((spot) => onScreen(view, SIZE, spot))
    for (const [x, y] of seen) {
      expect(x).toBeGreaterThanOrEqual(34 - 1e-6)
      expect(x).toBeLessThanOrEqual(326 + 1e-6)
      expect(y).toBeGreaterThanOrEqual(34 - 1e-6)
      expect(y).toBeLessThanOrEqual(366 + 1e-6)
    }
    // 4,000 m across 292 pixels; 2,900 m down would need 332.
    expect(view.scale).toBeCloseTo(292 / 4000, 9)
  })

  it('is a place with what is around it, and a path of any length', () => {
    expect(fitted([[7, 8]], SIZE)).toEqual({ centre: [7, 8], scale: 292 / 500 })
    const long = Array.from({ length: 300_000 }, (_, at): Spot => [at, 0])
    expect(fitted(long, SIZE).centre[0]).toBeCloseTo(149_999.5, 3)
  })
})

it('touches the nearest within reach, and of those at one place the one on top', () => {
  const marks = ([[100, 100], [130, 100], [130, 100]] as Spot[]).map((at, id) => ({ id, at })) // prettier-ignore
  expect(touched(marks, [104, 100])?.id).toBe(0)
  expect(touched(marks, [128, 104])?.id).toBe(2)
  expect(touched(marks, [180, 100])).toBeNull()
})

it('leaves out words that would lie on others', () => {
  const words = ([[0, 0], [100, 10], [0, 40], [300, 0]] as Spot[]).map((at, id) => ({ id, at })) // prettier-ignore
  expect(uncrowded(words, [[310, 20]]).map(({ id }) => id)).toEqual([0, 2])
})

it.each([
  [0.1, 100, 1000],
  [0.1, 99, 500],
  [1, 45, 20],
  [0.0021, 120, 50_000],
])('shows at %d pixels a metre on %d pixels a bar of %d m', (scale, most, metres) => {
  expect(scaleBar({ centre: [0, 0], scale }, most)).toBe(metres)
})
