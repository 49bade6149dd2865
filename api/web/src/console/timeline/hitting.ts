/** What lies under the pointer, where a stop that is dragged would go, and where the arrow keys lead. */

import type { Target } from '../editing/edits'
import type { Lane, Mark } from './lanes'
import { rowAt, type Row } from './layout'
import { timeAt, xOf, type Scale } from './scale'

/** Pixels that a pointer may miss a stop by: a service of three minutes is narrow. */
const NEAR = 6

export interface Hit {
  lane: Lane
  mark: Mark | null
}

export function hit(rows: readonly Row[], scale: Scale, x: number, y: number): Hit | null {
  const row = rowAt(rows, y)
  if (row?.kind !== 'round') return null
  let mark: Mark | null = null
  let best = NEAR
  for (const one of row.lane.marks) {
    const [from, to] = [xOf(scale, one.starts), xOf(scale, one.leaves)]
    const away = Math.max(from - x, x - to, 0)
    if (away <= best) [mark, best] = [one, away]
  }
  return { lane: row.lane, mark }
}

/** A place in a round, counted as it is before anything moves. */
export type Spot = Extract<Target, { kind: 'spot' }>

/** Where something that is let go at a time belongs: before the first stop of the trip that is served later. */
export function targetAt(rows: readonly Row[], scale: Scale, x: number, y: number): Spot | null {
  const row = rowAt(rows, y)
  if (row?.kind !== 'round') return null
  const { trips, marks, round } = row.lane
  const time = timeAt(scale, x)
  const trip = trips.findIndex((one) => time <= one.to)
  if (trip < 0) return { kind: 'spot', courierId: round.id, trip: trips.length, position: 0 }
  const inside = marks.filter((mark) => mark.trip === trip)
  const after = inside.findIndex((mark) => (mark.starts + mark.leaves) / 2 > time)
  return { kind: 'spot', courierId: round.id, trip, position: after < 0 ? inside.length : after }
}

/** It would stay where it is: before itself, or right after itself. */
export function isHere(target: Spot, courierId: string, mark: Mark): boolean {
  const same = target.courierId === courierId && target.trip === mark.trip
  return same && (target.position === mark.position || target.position === mark.position + 1)
}

export interface Cursor {
  id: string
  stop: number
}

/** The stop that an arrow key leads to; in another round the one that is served next in time. */
export function moved(lanes: readonly Lane[], from: Cursor | null, key: string): Cursor | null {
  const at = lanes.findIndex((one) => one.round.id === from?.id)
  const lane = lanes[at]
  if (!lane || !from) return lanes[0] ? { id: lanes[0].round.id, stop: 1 } : null
  const last = lane.marks.length
  if (key === 'ArrowRight') return { ...from, stop: Math.min(from.stop + 1, last) }
  if (key === 'ArrowLeft') return { ...from, stop: Math.max(from.stop - 1, 1) }
  if (key === 'Home') return { ...from, stop: 1 }
  if (key === 'End') return { ...from, stop: last }
  const other = lanes[key === 'ArrowDown' ? at + 1 : at - 1]
  return other ? { id: other.round.id, stop: nearest(other, lane.marks[from.stop - 1]?.starts ?? 0) } : from
}

function nearest(lane: Lane, time: number): number {
  const away = (mark: Mark): number => Math.abs(mark.starts - time)
  return lane.marks.reduce((best, mark) => (away(mark) < away(best) ? mark : best)).number
}
