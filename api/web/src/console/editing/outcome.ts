/** What an edit does to times, for the eye: how much longer the day gets, and which stops are reached at another time. */

import type { EditAnswer, Plan, PlannedRoute } from '../../shared/api.gen'
import { seconds } from '../../shared/format'
import { codesOf, places } from './edits'

const TOLD_FROM = 60

/** A stop that is reached at another time, or that is new in its round. */
export interface Shifted {
  courierId: string
  number: number
  code: string
  /** Null = it was not in this round. */
  before: string | null
  after: string
}

export interface Outcome {
  /** More working time of all touched couriers, seconds; negative = less. */
  longer: number
  shifted: Shifted[]
}

export function outcome(before: Plan, answer: EditAnswer): Outcome {
  const old = new Map(before.routes.map((route) => [route.courier_id, route]))
  const touched = [...answer.routes.map((route) => route.courier_id), ...answer.emptied]
  const worked = touched.reduce((sum, id) => sum + working(old.get(id)), 0)
  const works = answer.routes.reduce((sum, route) => sum + working(route), 0)
  return {
    longer: works - worked,
    shifted: answer.routes.flatMap((route) => shifted(old.get(route.courier_id), route)),
  }
}

/** Between first departure and last return, breaks left out, seconds. */
function working(route: PlannedRoute | undefined): number {
  const [first, last] = [route?.trips[0], route?.trips.at(-1)]
  if (!route || !first || !last) return 0
  const breaks = route.trips.flatMap((trip) => trip.breaks)
  return breaks.reduce(
    (left, rest) => left - seconds(rest.starts, rest.ends),
    seconds(first.departs, last.returns),
  )
}

function shifted(old: PlannedRoute | undefined, route: PlannedRoute): Shifted[] {
  const arrived = new Map(
    old && places(old).flatMap(({ stop }) => codesOf(stop).map((code) => [code, stop.arrives] as const)),
  )
  return places(route).flatMap(({ stop, number }) => {
    const code = codesOf(stop)[0]
    if (code === undefined) return []
    const before = arrived.get(code) ?? null
    const same = before !== null && Math.abs(seconds(before, stop.arrives)) < TOLD_FROM
    return same ? [] : [{ courierId: route.courier_id, number, code, before, after: stop.arrives }]
  })
}
