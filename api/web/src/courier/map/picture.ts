/** What the map of a round shows: the way as far as it is done, the way to the next stop, the rest, and the stops. */

import type { Position } from 'geojson'
import type { OutboxEntry } from '../../device/outbox'
import type { MyRound } from '../../shared/api.gen'
import { fateOf, type Fate, type Stop } from '../model/day'

export interface Ways {
  driven: Position[][]
  /** To the next stop, or back to the base. */
  leg: Position[]
  ahead: Position[][]
}

export type Stand = Fate | 'next'

export interface Mark {
  id: string
  /** In the order of the round, from 1. */
  number: number
  point: Position
  stand: Stand
}

/** A stop is open while one of its parcels is; then what went wrong comes first. */
const FIRST: readonly Fate[] = ['open', 'pin', 'refused', 'failed']

export function standOf(stop: Stop, events: readonly OutboxEntry[]): Fate {
  const fates = new Set(stop.parcels.map((one) => fateOf(stop, one.code, events)))
  return FIRST.find((one) => fates.has(one)) ?? 'done'
}

export const pointOf = (stop: Stop): Position | undefined =>
  (stop.planned.point ?? stop.site?.point) as Position | undefined

/** What is next lies on top: it comes last. */
export function marksOf(stops: readonly Stop[], events: readonly OutboxEntry[]): Mark[] {
  const stands = stops.map((stop) => standOf(stop, events))
  const next = stands.indexOf('open')
  const marks = stops.flatMap((stop, at) => {
    const point = pointOf(stop)
    const stand: Stand = at === next ? 'next' : (stands[at] ?? 'open')
    return point ? [{ id: stop.id, number: at + 1, point, stand }] : []
  })
  const height = ({ stand }: Mark): number => (stand === 'next' ? 2 : stand === 'open' ? 1 : 0)
  return marks.sort((a, b) => height(a) - height(b))
}

/**
 * Cut the paths where the courier is by what was told; `next` is the stop to come, null = all are done.
 *
 * Whoever visits stops in another order is on no leg of the plan: what lies before the next stop counts as driven.
 */
export function waysOf(round: MyRound, next: string | null): Ways {
  const { trips } = round.route
  const [trip, stop] = next?.split('/').map((one) => Number(one) - 1) ?? [trips.length - 1, undefined]
  const ways: Ways = { driven: [], leg: [], ahead: [] }
  trips.forEach(({ path }, at) => {
    const line = path.coordinates as Position[]
    const index = path.stop_index
    if (at < (trip ?? 0)) ways.driven.push(line)
    else if (at > (trip ?? 0)) ways.ahead.push(line)
    else {
      const to = stop === undefined ? line.length - 1 : (index[stop] ?? line.length - 1)
      const from = stop === undefined ? (index.at(-1) ?? 0) : stop === 0 ? 0 : (index[stop - 1] ?? 0)
      ways.driven.push(line.slice(0, from + 1))
      ways.leg = line.slice(from, to + 1)
      ways.ahead.push(line.slice(to))
    }
  })
  const isLine = (line: Position[]): boolean => line.length > 1
  return { driven: ways.driven.filter(isLine), leg: ways.leg, ahead: ways.ahead.filter(isLine) }
}

/** The `d` of an SVG path, to the metre. */
export function drawn(spots: readonly (readonly [number, number])[]): string {
  return spots.map(([x, y], at) => `${at === 0 ? 'M' : 'L'}${Math.round(x)} ${Math.round(y)}`).join('')
}
