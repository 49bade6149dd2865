/** Which hours a citizen may choose within a working day. */

import { clock } from './when'

const HALF_HOUR = 30

function minutes(clock: string): number {
  const [hour = 0, minute = 0] = clock.split(':').map(Number)
  return hour * 60 + minute
}

function written(total: number): string {
  return `${String(Math.floor(total / 60)).padStart(2, '0')}:${String(total % 60).padStart(2, '0')}`
}

/** Half hours at which a window may begin, given `07:00-17:30`: an hour has to be left. */
export function begins(hours: string): string[] {
  const [opens = '', closes = ''] = hours.split('-')
  const first = Math.ceil(minutes(opens) / HALF_HOUR) * HALF_HOUR
  return steps(first, minutes(closes) - 60)
}

/** Half hours at which a window may end that begins then: an hour later or more. */
export function ends(hours: string, begin: string): string[] {
  return steps(minutes(begin) + 60, minutes(hours.split('-')[1] ?? ''))
}

/** Choices, with the one that stands already, which may not be open to others any more. */
export function withKept(choices: readonly string[], kept: string | null): string[] {
  return kept === null || choices.includes(kept) ? [...choices] : [...choices, kept].sort()
}

function steps(first: number, last: number): string[] {
  const count = Math.max(0, Math.floor((last - first) / HALF_HOUR) + 1)
  return Array.from({ length: count }, (_, step) => written(first + step * HALF_HOUR))
}

/** Whether a planned visit is as the citizen wished; a wish without a day is kept by any. */
export function isKept(
  wish: { day: string | null; window: string | null },
  day: string,
  arrives: string,
): boolean {
  if (wish.day === null || wish.window === null) return true
  const [begin = '', end = ''] = wish.window.split('-')
  const at = clock(arrives)
  return day === wish.day && begin <= at && at <= end
}
