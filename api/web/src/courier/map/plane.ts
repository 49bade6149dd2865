/** A round's ground as a flat sheet: metres east and south of a point, for no round is wide enough to show the error. */

import type { Position } from 'geojson'

/** Metres, as `geo/coordinates.py`. */
const EARTH = 6_371_008.8
const RADIANS = Math.PI / 180

/** Metres to the east and to the south, as a screen counts. */
export type Spot = readonly [number, number]

export type Plane = (position: Position) => Spot

/** Equirectangular: within 50 km of its origin wrong by less than one in a hundred, in Vietnam. */
export function planeAt(origin: Position): Plane {
  const [lon, lat] = origin as [number, number]
  const shrink = Math.cos(lat * RADIANS)
  return ([east, north]) => [
    ((east as number) - lon) * RADIANS * EARTH * shrink,
    (lat - (north as number)) * RADIANS * EARTH,
  ]
}

export function metresBetween(a: Spot, b: Spot): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1])
}
