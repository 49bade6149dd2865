/** Where a stop that a hand holds over the map would go: between the two nearest stops of the nearest trip. */

import type { PlannedTrip } from '../../shared/api.gen'
import type { Round } from '../model/rounds'
import { squaredTo, type Pixel, type Surface } from './surface'

/** Counted as it is before the move. */
export interface Target {
  courierId: string
  trip: number
  position: number
}

/** A trip as it lies on the screen while a hand holds something. */
export interface Drawn {
  courierId: string
  trip: number
  /** x and y of each corner of its path. */
  corners: Float64Array
  /** Of each stop, the corner that lies at it. */
  stops: readonly number[]
}

/** CSS pixels from a line within which it is meant. */
export const REACH = 28

export function drawn(rounds: readonly Round[], surface: Surface): Drawn[] {
  return rounds.flatMap((round) =>
    round.route.trips.map((trip, number) => ({
      courierId: round.id,
      trip: number,
      corners: corners(trip, surface),
      stops: trip.path.stop_index,
    })),
  )
}

function corners(trip: PlannedTrip, surface: Surface): Float64Array {
  const found = new Float64Array(trip.path.coordinates.length * 2)
  trip.path.coordinates.forEach((point, index) => found.set(surface.toScreen(point), index * 2))
  return found
}

/** Null = no trip is near. */
export function targetAt([x, y]: Pixel, trips: readonly Drawn[]): Target | null {
  let best = REACH * REACH
  let found: Target | null = null
  for (const { courierId, trip, corners, stops } of trips) {
    const piece = nearestPiece(x, y, corners, best)
    if (!piece) continue
    best = piece.squared
    found = { courierId, trip, position: stops.filter((stop) => stop <= piece.index).length }
  }
  return found
}

/** The piece of a line that is nearest, by its first corner; null = none is nearer than `within`, squared. */
function nearestPiece(
  x: number,
  y: number,
  corners: Float64Array,
  within: number,
): { index: number; squared: number } | null {
  let squared = within
  let index = -1
  let [ax, ay] = [corners[0] ?? 0, corners[1] ?? 0]
  for (let at = 2; at < corners.length; at += 2) {
    const bx = corners[at] as number
    const by = corners[at + 1] as number
    const far = squaredTo(x, y, ax, ay, bx, by)
    if (far < squared) {
      squared = far
      index = at / 2 - 1
    }
    ax = bx
    ay = by
  }
  return index < 0 ? null : { index, squared }
}

/** Before or after the stop itself: nothing would change. */
export function isSamePlace(target: Target, held: Target): boolean {
  const same = target.courierId === held.courierId && target.trip === held.trip
  return same && (target.position === held.position || target.position === held.position + 1)
}
