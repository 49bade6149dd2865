/** What colours mean: couriers, bases, slack, due dates or kinds; a form goes with each class, so that nobody needs the colour. */

import type { Plan, PlannedRoute, PlannedStop } from '../../shared/api.gen'
import { courierColors, PALETTE } from './colors'
import type { Lookup } from './lookup'
import { tightness } from './slack'

export type ColorBy = 'courier' | 'base' | 'slack' | 'due' | 'kind'
export const COLOR_BY: readonly ColorBy[] = ['courier', 'base', 'slack', 'due', 'kind']

/** Of a stop's mark, on the map and on the timeline. */
export type Form = 'disc' | 'square' | 'diamond' | 'hexagon'

export interface Paint {
  color: string
  form: Form
}

/** The classes of each sorting, the most pressing first. White text on each has 4.5:1 and more (`tests/console/paint.test.ts`). */
export const CLASSES = {
  slack: {
    tight: { color: '#7d0f1d', form: 'diamond' },
    close: { color: '#a35f00', form: 'square' },
    ample: { color: '#1769b5', form: 'disc' },
  },
  due: {
    overdue: { color: '#7d0f1d', form: 'diamond' },
    today: { color: '#a35f00', form: 'square' },
    tomorrow: { color: '#1769b5', form: 'disc' },
    later: { color: '#505466', form: 'hexagon' },
  },
  kind: {
    intake: { color: '#2563d9', form: 'square' },
    result: { color: '#8a5a00', form: 'disc' },
    transfer: { color: '#8e1e9a', form: 'diamond' },
    mixed: { color: '#3f4656', form: 'hexagon' },
  },
} as const satisfies Record<string, Record<string, Paint>>

/** How a round is painted, and each of its stops in their order through the day. */
export interface RoundPaint {
  round: Paint
  stops: Paint[]
}

/** Paint a plan; by courier id. */
export function paints(plan: Plan, look: Lookup, by: ColorBy): Map<string, RoundPaint> {
  const colors = by === 'base' ? baseColors(plan) : courierColors(plan.routes.map(ofBase))
  return new Map(plan.routes.map((route) => [route.courier_id, painted(route, plan, look, by, colors)]))
}

function ofBase(route: PlannedRoute): { id: string; baseId: string } {
  return { id: route.courier_id, baseId: route.base_id }
}

function painted(
  route: PlannedRoute,
  plan: Plan,
  look: Lookup,
  by: ColorBy,
  colors: Map<string, string>,
): RoundPaint {
  const stops = route.trips.flatMap((trip) => trip.stops)
  if (by === 'courier' || by === 'base') {
    const key = by === 'base' ? route.base_id : route.courier_id
    const paint: Paint = { color: colors.get(key) ?? PALETTE[0][5], form: 'disc' }
    return { round: paint, stops: stops.map(() => paint) }
  }
  const classes: Record<string, Paint> = CLASSES[by]
  const found = stops.map((stop) => classOf(stop, by, look, plan.network.valid_on))
  return {
    round: classes[together(found, by)] as Paint,
    stops: found.map((one) => classes[one] as Paint),
  }
}

function classOf(stop: PlannedStop, by: 'slack' | 'due' | 'kind', look: Lookup, day: string): string {
  if (by === 'slack') return tightness(stop.slack)
  const facts = stop.tasks.map((task) => look.shipments.get(task.shipment))
  if (by === 'kind') return same(facts.map((one) => one?.kind ?? 'mixed'))
  return dueClass(facts.map((one) => one?.due_on ?? '9999').sort()[0] ?? '9999', day)
}

function dueClass(due: string, day: string): string {
  if (due <= day) return due < day ? 'overdue' : 'today'
  return Date.parse(due) - Date.parse(day) === 86_400_000 ? 'tomorrow' : 'later'
}

/** A round is as pressing as its most pressing stop. */
function together(found: readonly string[], by: 'slack' | 'due' | 'kind'): string {
  if (by === 'kind') return same(found)
  return Object.keys(CLASSES[by]).find((one) => found.includes(one)) ?? found[0] ?? ''
}

function same(found: readonly string[]): string {
  return new Set(found).size === 1 ? (found[0] as string) : 'mixed'
}

function baseColors(plan: Plan): Map<string, string> {
  const all = PALETTE.flat()
  const bases = [...new Set(plan.routes.map((route) => route.base_id))].sort()
  return new Map(bases.map((base, rank) => [base, all[rank % all.length] as string]))
}
