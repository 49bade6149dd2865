import { expect, it } from 'vitest'
import { metresBetween, planeAt } from '../../../src/courier/map/plane'

/** Great circle by the haversine formula, metres. */
function haversine([a, b]: [number, number], [c, d]: [number, number]): number {
  const r = Math.PI / 180
  const h =
    Math.sin(((d - b) * r) / 2) ** 2 + Math.cos(b * r) * Math.cos(d * r) * Math.sin(((c - a) * r) / 2) ** 2
  return 2 * 6_371_008.8 * Math.asin(Math.sqrt(h))
}

it('has its origin at nought, east to the right and south below', () => {
  const plane = planeAt([105.43, 10.38])
  expect(plane([105.43, 10.38]).map(Math.abs)).toEqual([0, 0])
  const [x, y] = plane([105.44, 10.37])
  // 0.01 degrees: 1111.95 m on the meridian, times cos 10.38 degrees along the parallel.
  expect(x).toBeCloseTo(1093.75, 1)
  expect(y).toBeCloseTo(1111.95, 1)
})

it.each<[[number, number], [number, number]]>([
  [
    [105.43, 10.38],
    [105.12, 10.71],
  ],
  [
    [105.3, 10.5],
    [105.6, 10.2],
  ],
  [
    [105.43, 10.38],
    [105.88, 10.38],
  ],
])('measures %j to %j as a globe does, within one in a hundred', (a, b) => {
  const plane = planeAt([105.43, 10.38])
  const flat = metresBetween(plane(a), plane(b))
  expect(Math.abs(flat / haversine(a, b) - 1)).toBeLessThan(0.01)
})
