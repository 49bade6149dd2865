/** What a dispatcher means, as edits. */

import type { Move, PlannedRoute, PlannedStop } from '../../shared/api.gen'
import type { ConsoleState } from '../state.svelte'
import type { Edit } from './editing.svelte'

/** Where something held would go. */
export type Target =
  | { kind: 'spot'; courierId: string; trip: number; position: number }
  | { kind: 'round'; courierId: string }
  | { kind: 'left' }
  | { kind: 'best' }

/** Codes of what is handled at a stop, each once. */
export const codesOf = (stop: PlannedStop): string[] => [...new Set(stop.tasks.map((task) => task.shipment))]

/** What an action at a stop is about: all that is picked out, when the stop is among it; else the stop. */
export function meant(page: ConsoleState, codes: readonly string[]): string[] {
  return codes.some((code) => page.marked.has(code)) ? [...page.marked] : [...codes]
}

export function editTo(shipments: readonly string[], target: Target): Edit {
  const codes = [...shipments]
  if (target.kind === 'left') return { kind: 'unassign', shipments: codes }
  if (target.kind === 'best') return { kind: 'assign_all', shipments: codes, courier_id: null }
  if (target.kind === 'round') return { kind: 'assign_all', shipments: codes, courier_id: target.courierId }
  const { courierId, trip, position } = target
  return { kind: 'move', shipments: codes, courier_id: courierId, trip, position }
}

/**
 * A stop one place earlier or later in its day; over the ends of its trip into the one before or after.
 * Null = there is no such place.
 */
export function oneFurther(route: PlannedRoute, trip: number, position: number, step: -1 | 1): Move | null {
  const here = route.trips[trip]?.stops ?? []
  const stop = here[position]
  if (!stop) return null
  const base = { kind: 'move' as const, shipments: codesOf(stop), courier_id: route.courier_id }
  const inside = step < 0 ? position > 0 : position < here.length - 1
  // A place is counted as before the edit: later = before the one after the next.
  if (inside) return { ...base, trip, position: step < 0 ? position - 1 : position + 2 }
  const there = route.trips[trip + step]?.stops
  return there ? { ...base, trip: trip + step, position: step < 0 ? there.length : 0 } : null
}

/** Every stop of a round with its place and its number in the day. */
export function places(
  route: PlannedRoute,
): { trip: number; position: number; number: number; stop: PlannedStop }[] {
  const all = route.trips.flatMap((one, trip) =>
    one.stops.map((stop, position) => ({ trip, position, stop })),
  )
  return all.map((one, index) => ({ ...one, number: index + 1 }))
}

/** Number in the day of the stop where a shipment is handled; null = nobody carries it there. */
export function numberOf(route: PlannedRoute | undefined, code: string): number | null {
  const found = route && places(route).find(({ stop }) => stop.tasks.some((task) => task.shipment === code))
  return found?.number ?? null
}

/** How many stops are locked, and how many rounds with every stop of theirs. */
export function locks(routes: readonly PlannedRoute[]): { stops: number; rounds: number } {
  const each = routes.map((route) => places(route).map(({ stop }) => stop.locked))
  return {
    stops: each.flat().filter(Boolean).length,
    rounds: each.filter((stops) => stops.length > 0 && stops.every(Boolean)).length,
  }
}
