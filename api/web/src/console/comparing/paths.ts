import type { Position } from 'geojson'
import type { Plan, PlannedRoute } from '../../shared/api.gen'

export interface Mark {
  at: Position
  /** In its own round. */
  number: number
  kind: 'kept' | 'added' | 'gone'
}

/** What one courier drives before and after. */
export interface Paths {
  before: Position[][]
  after: Position[][]
  marks: Mark[]
}

/** Stops are told apart by what is done there: a stop is kept while it has a shipment that the round had before. */
export function pathsOf(before: Plan, after: Plan, courier: string): Paths {
  const [old, now] = [before, after].map((plan) => plan.routes.find((one) => one.courier_id === courier))
  const [had, has] = [codes(old), codes(now)]
  return {
    before: lines(old),
    after: lines(now),
    marks: [
      ...marks(old, (stop) => (stop.some((code) => has.has(code)) ? null : 'gone')),
      ...marks(now, (stop) => (stop.some((code) => had.has(code)) ? 'kept' : 'added')),
    ],
  }
}

function lines(route: PlannedRoute | undefined): Position[][] {
  return (route?.trips ?? []).map((trip) => trip.path.coordinates)
}

function codes(route: PlannedRoute | undefined): Set<string> {
  const stops = (route?.trips ?? []).flatMap((trip) => trip.stops)
  return new Set(stops.flatMap((stop) => stop.tasks.map((task) => task.shipment)))
}

function marks(route: PlannedRoute | undefined, kindOf: (codes: string[]) => Mark['kind'] | null): Mark[] {
  let number = 0
  return (route?.trips ?? []).flatMap((trip) =>
    trip.stops.flatMap((stop, index) => {
      number += 1
      const at = trip.path.coordinates[trip.path.stop_index[index] ?? -1]
      const kind = kindOf(stop.tasks.map((task) => task.shipment))
      return at && kind ? [{ at, number, kind }] : []
    }),
  )
}
