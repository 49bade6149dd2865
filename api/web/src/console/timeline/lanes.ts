/** A round as it lies in time: what the courier does when, and when each stop could be served. Seconds after midnight. */

import type { DayTimes, PlannedRoute, PlannedStop, PlannedTrip, TaskTimes } from '../../shared/api.gen'
import type { Lookup } from '../model/lookup'
import type { Paint } from '../model/paint'
import { placeName, type Round } from '../model/rounds'

export interface Span {
  from: number
  to: number
}

export type Doing = 'travel' | 'wait' | 'service' | 'break' | 'reload'

export interface Bar extends Span {
  doing: Doing
}

export interface Mark {
  /** Through the day, from 1. */
  number: number
  trip: number
  /** Within its trip, from 0. */
  position: number
  name: string
  stop: PlannedStop
  paint: Paint
  arrives: number
  starts: number
  leaves: number
  /** Latest begin with everything after it still in time. */
  latest: number
  /** When service may begin; empty = at any time. */
  windows: Span[]
  /** Seconds that service begins after the window that it missed. */
  late: number
}

export interface TripSpan extends Span {
  /** Cut-off of the first line that something aboard must catch; null = no line waits. */
  backBy: number | null
}

export interface Lane {
  round: Round
  shift: Span | null
  bars: Bar[]
  marks: Mark[]
  trips: TripSpan[]
}

/** What is known of a shipment's task, by its code. */
export type TaskLookup = ReadonlyMap<string, TaskTimes>

export function taskLookup(times: DayTimes | null): TaskLookup {
  return new Map(times?.tasks.map((one) => [one.shipment, one]))
}

/** Seconds after the midnight of the plan's zone that begins the day `on`, of which `iso` may lie a day later. */
export function secondsOf(iso: string, on: string): number {
  return (Date.parse(iso) - Date.parse(`${on}T00:00:00${iso.slice(19)}`)) / 1000
}

export function lane(round: Round, look: Lookup, tasks: TaskLookup, day: string): Lane {
  const at = (iso: string): number => secondsOf(iso, day)
  const courier = look.couriers.get(round.id)
  return {
    round,
    shift: courier ? { from: at(courier.shift_starts), to: at(courier.shift_ends) } : null,
    bars: bars(round.route, at),
    marks: marks(round, look, tasks, at),
    trips: round.route.trips.map((trip) => ({
      from: at(trip.departs),
      to: at(trip.returns),
      backBy: backBy(trip, tasks, at),
    })),
  }
}

/** By courier id. */
export function lanesOf(
  rounds: readonly Round[],
  look: Lookup | null,
  tasks: TaskLookup,
  day: string,
): ReadonlyMap<string, Lane> {
  return new Map(look ? rounds.map((round) => [round.id, lane(round, look, tasks, day)]) : [])
}

/** Numbers of the stops with shipments that are marked. */
export function markedOf(found: Lane, marked: ReadonlySet<string>): ReadonlySet<number> {
  if (marked.size === 0) return new Set()
  const here = found.marks.filter((mark) => mark.stop.tasks.some((task) => marked.has(task.shipment)))
  return new Set(here.map((mark) => mark.number))
}

type At = (iso: string) => number

function bars(route: PlannedRoute, at: At): Bar[] {
  return route.trips.flatMap((trip, index) => {
    const rests: Bar[] = trip.breaks.map((rest) => ({
      doing: 'break',
      from: at(rest.starts),
      to: at(rest.ends),
    }))
    const next = route.trips[index + 1]
    const reload: Bar[] = next ? [{ doing: 'reload', from: at(trip.returns), to: at(next.departs) }] : []
    return [...[...tripBars(trip, at), ...reload].flatMap((bar) => without(bar, rests)), ...rests].sort(
      (a, b) => a.from - b.from,
    )
  })
}

function tripBars(trip: PlannedTrip, at: At): Bar[] {
  const found: Bar[] = []
  let since = at(trip.departs)
  const until = (doing: Doing, to: number): void => {
    if (to > since) found.push({ doing, from: since, to })
    since = to
  }
  for (const stop of trip.stops) {
    until('travel', at(stop.arrives))
    until('wait', at(stop.starts))
    until('service', at(stop.leaves))
  }
  until('travel', at(trip.returns))
  return found
}

/** The parts of a bar outside of breaks. */
function without(bar: Bar, rests: readonly Span[]): Bar[] {
  return rests
    .reduce<Bar[]>(
      (parts, rest) =>
        parts.flatMap((part) => [
          { ...part, to: Math.min(part.to, rest.from) },
          { ...part, from: Math.max(part.from, rest.to) },
        ]),
      [bar],
    )
    .filter((part) => part.to > part.from)
}

function marks(round: Round, look: Lookup, tasks: TaskLookup, at: At): Mark[] {
  let number = 0
  return round.route.trips.flatMap((trip, index) =>
    trip.stops.map((stop, position): Mark => {
      const paint = round.paints[number] as Paint
      number += 1
      const starts = at(stop.starts)
      const windows = common(stop, tasks, at)
      return {
        number,
        trip: index,
        position,
        name: placeName(stop, look),
        stop,
        paint,
        arrives: at(stop.arrives),
        starts,
        leaves: at(stop.leaves),
        latest: starts + stop.slack,
        windows,
        late: lateness(starts, windows),
      }
    }),
  )
}

/** When every task of a stop may begin. */
function common(stop: PlannedStop, tasks: TaskLookup, at: At): Span[] {
  let found: Span[] | null = null
  for (const task of stop.tasks) {
    const own = (tasks.get(task.shipment)?.windows ?? []).map((one) => ({
      from: at(one.opens),
      to: at(one.closes),
    }))
    if (own.length > 0) found = found === null ? own : meet(found, own)
  }
  return found ?? []
}

function meet(some: readonly Span[], others: readonly Span[]): Span[] {
  return some
    .flatMap((a) => others.map((b) => ({ from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) })))
    .filter((span) => span.from <= span.to)
    .sort((a, b) => a.from - b.from)
}

/** Seconds after the last window that closed before; 0 = in time. */
export function lateness(starts: number, windows: readonly Span[]): number {
  if (windows.some((span) => starts >= span.from && starts <= span.to)) return 0
  const missed = windows.filter((span) => span.to < starts).at(-1)
  return missed ? starts - missed.to : 0
}

function backBy(trip: PlannedTrip, tasks: TaskLookup, at: At): number | null {
  const cutOffs = trip.stops.flatMap((stop) =>
    stop.tasks.flatMap((task) => {
      const found = task.action === 'collect' ? tasks.get(task.shipment)?.back_by : null
      return found ? [at(found)] : []
    }),
  )
  return cutOffs.length > 0 ? Math.min(...cutOffs) : null
}
