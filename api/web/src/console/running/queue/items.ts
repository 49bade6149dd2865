/** What waits to be looked at, from three lists of the server as one. */

import type {
  DeviceLacking,
  Incident,
  OpenEvent,
  OpenPiece,
  PieceOut,
  RefusedEvent,
} from '../../../shared/api.gen'

export type Origin = 'incomplete' | 'incident' | 'refused' | 'gap'

export interface Item {
  key: string
  origin: Origin
  /** Of the event; empty = it is malformed. */
  type: string
  /** Null = it was refused: what it says of itself is not to be believed. */
  eventId: string | null
  quarantineId: number | null
  shipments: readonly string[]
  courierId: string | null
  office: string | null
  /** When the service had it. */
  since: string
  pieces: readonly (OpenPiece | PieceOut)[]
  awaits: readonly string[]
  trouble: string | null
  /** A device that has not told everything. */
  lacking: DeviceLacking | null
}

const NOTHING = {
  courierId: null,
  office: null,
  awaits: [],
  trouble: null,
  pieces: [],
  eventId: null,
  quarantineId: null,
  shipments: [],
  lacking: null,
}

export const ofOpen = (one: OpenEvent): Item => ({
  ...NOTHING,
  key: one.event_id,
  origin: 'incomplete',
  type: one.type,
  eventId: one.event_id,
  shipments: one.shipments,
  courierId: one.courier_id,
  office: one.office,
  since: one.recorded_at,
  pieces: one.pieces,
  awaits: one.awaits,
})

export const ofIncident = (one: Incident): Item => ({
  ...NOTHING,
  key: one.event_id,
  origin: 'incident',
  type: one.type,
  eventId: one.event_id,
  shipments: one.shipments,
  courierId: one.courier_id,
  office: one.office,
  since: one.recorded_at,
  trouble: one.trouble,
})

export const ofRefused = (one: RefusedEvent): Item => ({
  ...NOTHING,
  key: `refused-${one.quarantine_id}`,
  origin: 'refused',
  type: '',
  quarantineId: one.quarantine_id,
  since: one.received_at,
  pieces: one.pieces,
})

export const ofGap = (one: DeviceLacking): Item => ({
  ...NOTHING,
  key: `gap-${one.device_id}`,
  origin: 'gap',
  type: '',
  courierId: one.courier_id,
  since: one.since,
  lacking: one,
})

/** The oldest first; an incident that also lacks something stands once, as what lacks. */
export function joined(
  open: readonly OpenEvent[],
  incidents: readonly Incident[],
  refused: readonly RefusedEvent[],
  devices: readonly DeviceLacking[],
): Item[] {
  const lacking = new Set(open.map((one) => one.event_id))
  const reported = incidents.filter((one) => one.settled_at === null && !lacking.has(one.event_id))
  const items = [
    ...open.map(ofOpen),
    ...reported.map(ofIncident),
    ...refused.map(ofRefused),
    ...devices.map(ofGap),
  ]
  return items.sort((a, b) => Date.parse(a.since) - Date.parse(b.since))
}

export interface Filter {
  origin: Origin | ''
  courierId: string
  office: string
}

export function matching(items: readonly Item[], filter: Filter): Item[] {
  return items.filter(
    (one) =>
      (filter.origin === '' || one.origin === filter.origin) &&
      (filter.courierId === '' || one.courierId === filter.courierId) &&
      (filter.office === '' || one.office === filter.office),
  )
}

/** How many there are of each value, the values in order; null is left out. */
export function countsBy(items: readonly Item[], of: (one: Item) => string | null): [string, number][] {
  const counts = new Map<string, number>()
  for (const one of items) {
    const value = of(one)
    if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  return [...counts].sort(([a], [b]) => a.localeCompare(b, 'vi', { numeric: true }))
}

/** What opens when one is settled: the one after it, else the one before it. */
export function nextOf(items: readonly Item[], key: string): string | null {
  const at = items.findIndex((one) => one.key === key)
  return (items[at + 1] ?? items[at - 1])?.key ?? null
}
