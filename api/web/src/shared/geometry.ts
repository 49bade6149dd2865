import type { Position } from 'geojson'

/** [west, south, east, north], degrees. */
export type Bounds = [number, number, number, number]

export function boundsOf(points: Iterable<Position>): Bounds | null {
  let bounds: Bounds | null = null
  for (const point of points) {
    const lon = point[0] as number
    const lat = point[1] as number
    bounds = bounds
      ? [
          Math.min(bounds[0], lon),
          Math.min(bounds[1], lat),
          Math.max(bounds[2], lon),
          Math.max(bounds[3], lat),
        ]
      : [lon, lat, lon, lat]
  }
  return bounds
}

/** Web Mercator in degrees of longitude, y downwards, as a flat picture needs it. */
export function project(point: Position): [number, number] {
  const lat = ((point[1] as number) * Math.PI) / 180
  return [point[0] as number, (-Math.log(Math.tan(Math.PI / 4 + lat / 2)) * 180) / Math.PI]
}

/** The other way round. */
export function unproject([x, y]: readonly [number, number]): [number, number] {
  const lat = 2 * Math.atan(Math.exp((-y * Math.PI) / 180)) - Math.PI / 2
  return [x, (lat * 180) / Math.PI]
}
