import type { Position } from 'geojson'
import { project, unproject, type Bounds } from '../../shared/geometry'

/** Units of the picture along its longer side. */
const SIDE = 1000

/** Places points of the earth on a flat picture of fixed size. */
export interface Frame {
  viewBox: string
  /** SVG path data of a line. */
  path(line: readonly Position[]): string
  at(point: Position): { x: number; y: number }
  /** The point of the earth that lies there. */
  from(place: { x: number; y: number }): [number, number]
}

/** A frame around the bounds, with a margin of a twentieth. */
export function frame(bounds: Bounds): Frame {
  const [left, bottom] = project([bounds[0], bounds[1]])
  const [right, top] = project([bounds[2], bounds[3]])
  const span = Math.max(right - left, bottom - top) || 0.01
  const scale = SIDE / span
  const margin = SIDE / 20
  const at = (point: Position) => {
    const [x, y] = project(point)
    return { x: round((x - left) * scale), y: round((y - top) * scale) }
  }
  return {
    viewBox: [-margin, -margin, (right - left) * scale + 2 * margin, (bottom - top) * scale + 2 * margin]
      .map(round)
      .join(' '),
    path: (line) =>
      line
        .map(at)
        .map(({ x, y }, index) => `${index ? 'L' : 'M'}${x} ${y}`)
        .join(''),
    at,
    from: ({ x, y }) => unproject([x / scale + left, y / scale + top]),
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
