/** What a phone need not keep any more: it was answered days ago, and nothing that is open hangs on it. */

import type { OutboxEntry } from '../../device/outbox'
import { aboard, standing } from './day'

/** Days that what was answered stays, to be looked up and told again. */
export const KEEPS = 7

/** A day so many days before another, both ISO 8601. */
export function daysBefore(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10)
}

/**
 * Entries to forget: of before the round that begins with the counter `since`, and told before the day `until`.
 *
 * Events that share a parcel go together or not at all, directly or by way of others: else a parcel would seem to be
 * aboard whose hand-over is forgotten. `isWhole` says whether the server has all of an entry's files.
 */
export function forgettable(
  entries: readonly OutboxEntry[],
  since: number,
  until: string,
  isWhole: (entry: OutboxEntry) => boolean,
): OutboxEntry[] {
  const isOld = (entry: OutboxEntry): boolean =>
    entry.state === 'answered' &&
    entry.event.counter < since &&
    entry.event.at.slice(0, 10) < until &&
    isWhole(entry)
  const needed = new Set([
    ...aboard(standing(entries)),
    ...entries.filter((entry) => !isOld(entry)).flatMap(({ event }) => event.shipments),
  ])
  const hangs = ({ event }: OutboxEntry): boolean => event.shipments.some((code) => needed.has(code))
  let old = entries.filter(isOld)
  for (let before = -1; before !== needed.size;) {
    before = needed.size
    old.filter(hangs).forEach(({ event }) => event.shipments.forEach((code) => needed.add(code)))
    old = old.filter((entry) => !hangs(entry))
  }
  return old
}
