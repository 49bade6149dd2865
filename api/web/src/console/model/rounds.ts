import type { PlannedRoute, PlannedStop, Plan, StopTask } from '../../shared/api.gen'
import { seconds } from '../../shared/format'
import type { Lookup } from './lookup'
import { paints, type ColorBy, type Paint, type RoundPaint } from './paint'
import { tightness } from './slack'

/** One courier's day as the list shows it. */
export interface Round {
  id: string
  name: string
  vehicle: string
  baseId: string
  baseName: string
  color: string
  /** Of each stop, in their order through the day. */
  paints: Paint[]
  starts: string
  ends: string
  stops: number
  shipments: number
  metres: number
  /** Seconds between first departure and last return, breaks left out. */
  working: number
  /** Of the shift; above 1 = overtime. */
  timeShare: number
  /** Most pieces aboard at once. */
  peakPieces: number
  /** Of the capacity, in the fullest dimension; 0 = no limit known. */
  loadShare: number
  tightStops: number
  route: PlannedRoute
}

export interface BaseGroup {
  baseId: string
  baseName: string
  rounds: Round[]
}

export function rounds(plan: Plan, look: Lookup, by: ColorBy = 'courier'): Round[] {
  const found = paints(plan, look, by)
  return plan.routes.map((route) => round(route, look, found.get(route.courier_id) as RoundPaint))
}

/** Rounds under their bases, both in the order of their names. */
export function byBase(found: readonly Round[], locale: string): BaseGroup[] {
  const groups = new Map<string, Round[]>()
  for (const one of found) groups.set(one.baseId, [...(groups.get(one.baseId) ?? []), one])
  const compare = new Intl.Collator(locale, { numeric: true }).compare
  return [...groups.entries()]
    .map(([baseId, inside]) => ({
      baseId,
      baseName: inside[0]?.baseName ?? baseId,
      rounds: inside.toSorted((a, b) => compare(a.name, b.name)),
    }))
    .sort((a, b) => compare(a.baseName, b.baseName))
}

/** Where a stop is, in words: the site's name, or the commune of the citizen's address. */
export function placeName(stop: PlannedStop, look: Lookup): string {
  if (stop.site_id !== null) return look.sites.get(stop.site_id)?.name ?? stop.site_id
  const task = stop.tasks[0]
  return task ? (communeName(task, look) ?? task.shipment) : ''
}

function communeName(task: StopTask, look: Lookup): string | undefined {
  const shipment = look.shipments.get(task.shipment)
  const end = task.action === 'collect' ? shipment?.origin : shipment?.destination
  return end?.commune_code ? look.communes.get(end.commune_code)?.name : undefined
}

function round(route: PlannedRoute, look: Lookup, paint: RoundPaint): Round {
  const courier = look.couriers.get(route.courier_id)
  const stops = route.trips.flatMap((trip) => trip.stops)
  const first = route.trips[0]
  const last = route.trips.at(-1)
  if (!first || !last) throw new Error(`round of ${route.courier_id} has no trip`)
  const breaks = route.trips.flatMap((trip) => trip.breaks)
  const working =
    seconds(first.departs, last.returns) - sum(breaks.map((rest) => seconds(rest.starts, rest.ends)))
  const shift = courier ? seconds(courier.shift_starts, courier.shift_ends) : 0
  const loads = [...route.trips.map((trip) => trip.load), ...stops.map((stop) => stop.load)]
  const peak = (of: 'pieces' | 'grams' | 'cash_dong') => Math.max(0, ...loads.map((load) => load[of]))
  const share = (of: 'pieces' | 'grams' | 'cash_dong') =>
    courier?.capacity?.[of] ? peak(of) / courier.capacity[of] : 0
  return {
    id: route.courier_id,
    name: courier?.name ?? route.courier_id,
    vehicle: route.vehicle,
    baseId: route.base_id,
    baseName: look.sites.get(route.base_id)?.name ?? route.base_id,
    color: paint.round.color,
    paints: paint.stops,
    starts: first.departs,
    ends: last.returns,
    stops: stops.length,
    shipments: new Set(stops.flatMap((stop) => stop.tasks.map((task) => task.shipment))).size,
    metres: sum(route.trips.map((trip) => trip.distance)),
    working,
    timeShare: shift > 0 ? working / shift : 0,
    peakPieces: peak('pieces'),
    loadShare: Math.max(share('pieces'), share('grams'), share('cash_dong')),
    tightStops: stops.filter((stop) => tightness(stop.slack) === 'tight').length,
    route,
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
