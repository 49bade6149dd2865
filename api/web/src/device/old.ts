/** When what was answered need not be kept any more on the device that told it. */

import type { OutboxEntry } from './entry'

/** Days that what was answered stays, to be looked up and told again. */
export const KEEPS = 7

/** A day so many days before another, both ISO 8601. */
export function daysBefore(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10)
}

/** Answered, told before the day `until`, and the server has all of its files, which `isWhole` says. */
export function isOver(entry: OutboxEntry, until: string, isWhole: (entry: OutboxEntry) => boolean): boolean {
  return entry.state === 'answered' && entry.event.at.slice(0, 10) < until && isWhole(entry)
}
