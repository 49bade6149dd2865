/** Where a round can be split: before every stop but the first of the day. */

import type { Round } from '../model/rounds'

export interface Cut {
  trip: number
  position: number
  /** In the day, counted from 1, as on the map. */
  number: number
  arrives: string
  /** A trip begins here: it can go to somebody else, but is one already. */
  beginsTrip: boolean
}

export function cuts(round: Round): Cut[] {
  const all = round.route.trips.flatMap((one, trip) =>
    one.stops.map((stop, position) => ({
      trip,
      position,
      arrives: stop.arrives,
      beginsTrip: position === 0,
    })),
  )
  return all.map((one, index) => ({ ...one, number: index + 1 })).slice(1)
}
