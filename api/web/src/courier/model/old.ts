/** What a phone need not keep any more: it was answered days ago, and nothing that is open hangs on it. */

import type { OutboxEntry } from '../../device/outbox'
import { isOver } from '../../device/old'
import { aboard, standing } from './day'

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
  const isOld = (entry: OutboxEntry): boolean => entry.event.counter < since && isOver(entry, until, isWhole)
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
