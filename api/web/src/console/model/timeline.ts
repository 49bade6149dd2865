import type { BreakTaken, Load, PlannedRoute, PlannedStop, PlannedTrip } from '../../shared/api.gen'
import { seconds } from '../../shared/format'

/** One line of a courier's day, in the order in which it happens. */
export type Row =
  | { kind: 'depart'; key: string; at: string; trip: number; trips: number; load: Load }
  | {
      kind: 'stop'
      key: string
      number: number
      trip: number
      /** In its trip. */
      position: number
      /** Of its trip. */
      last: boolean
      stop: PlannedStop
      waits: number
      service: number
    }
  | { kind: 'break'; key: string; at: string; seconds: number }
  | { kind: 'return'; key: string; at: string; load: Load; metres: number; reload: number | null }

/** Lay out a round: stops are numbered through the day, breaks stand where they are taken. */
export function timeline(route: PlannedRoute): Row[] {
  let number = 0
  return route.trips.flatMap((trip, index) => {
    const rows = tripRows(trip, index, route, () => ++number)
    return placeBreaks(rows, trip.breaks, index)
  })
}

function tripRows(trip: PlannedTrip, index: number, route: PlannedRoute, next: () => number): Row[] {
  const following = route.trips[index + 1]
  const driven = trip.stops.reduce((metres, stop) => metres + stop.distance, 0)
  return [
    {
      kind: 'depart',
      key: `d${index}`,
      at: trip.departs,
      trip: index + 1,
      trips: route.trips.length,
      load: trip.load,
    },
    ...trip.stops.map((stop, position): Row => {
      return {
        kind: 'stop',
        key: `s${index}.${position}`,
        number: next(),
        trip: index,
        position,
        last: position === trip.stops.length - 1,
        stop,
        waits: waiting(stop, trip.breaks),
        service: seconds(stop.starts, stop.leaves),
      }
    }),
    {
      kind: 'return',
      key: `r${index}`,
      at: trip.returns,
      load: trip.stops.at(-1)?.load ?? trip.load,
      metres: trip.distance - driven,
      reload: following ? seconds(trip.returns, following.departs) : null,
    },
  ]
}

/** Idle seconds before service, a break taken meanwhile left out. */
function waiting(stop: PlannedStop, breaks: readonly BreakTaken[]): number {
  const inside = breaks.filter((rest) => rest.starts >= stop.arrives && rest.ends <= stop.starts)
  return stop.waits - inside.reduce((total, rest) => total + seconds(rest.starts, rest.ends), 0)
}

function placeBreaks(rows: Row[], breaks: readonly BreakTaken[], trip: number): Row[] {
  const placed = [...rows]
  breaks.forEach((rest, index) => {
    const row: Row = {
      kind: 'break',
      key: `b${trip}.${index}`,
      at: rest.starts,
      seconds: seconds(rest.starts, rest.ends),
    }
    const after = placed.findIndex((one) => Date.parse(begins(one)) >= Date.parse(rest.ends))
    placed.splice(after < 0 ? placed.length - 1 : after, 0, row)
  })
  return placed
}

function begins(row: Row): string {
  return row.kind === 'stop' ? row.stop.starts : row.at
}
