/**
 * Events of a shipment that the server refused to register, or was not asked about yet.
 *
 * They wait: the code may be another shipment's, and whatever is told of it would be told of papers that lie elsewhere.
 * Nothing of them has left the device, so that they can still be told under another code.
 */

import { UNSENT, type OutboxEntry } from './entry'

/** Whether an event tells of a shipment later than its acceptance, and has not left the device. */
export function hangsOn({ event, state, registration }: OutboxEntry, unknown: OutboxEntry): boolean {
  return (
    UNSENT.has(state) &&
    !registration &&
    event.counter > unknown.event.counter &&
    event.shipments.some((code) => unknown.event.shipments.includes(code))
  )
}

/** The same of another code; to be signed anew. */
export function underAnother(entry: OutboxEntry, before: string, now: string): OutboxEntry {
  const renamed = (codes: readonly string[]): string[] => codes.map((code) => (code === before ? now : code))
  const { data, shipments } = entry.event
  const scanned = data['scanned'] as string[] | undefined
  const named = scanned ? { ...data, scanned: renamed(scanned) } : data
  const event = { ...entry.event, shipments: renamed(shipments), data: named }
  delete event.signature
  return { ...entry, event, state: 'unsigned' }
}
