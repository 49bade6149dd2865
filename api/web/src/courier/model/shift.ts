import type { MyRound } from '../../shared/api.gen'

/** Milliseconds before the first departure, for loading, and after the last return, for a late day. */
const BEFORE = 60 * 60_000
const AFTER = 2 * 60 * 60_000

/** Whether a round is being driven now; the server knows the shift itself and keeps nothing outside of it. */
export function isUnderWay(round: MyRound, now: number): boolean {
  const { trips } = round.route
  const first = trips[0]
  const last = trips.at(-1)
  if (!first || !last) return false
  return now >= Date.parse(first.departs) - BEFORE && now <= Date.parse(last.returns) + AFTER
}

const SOON = 60_000
const LATER = 5 * 60_000

/**
 * Milliseconds until the round is asked for again: soon while it is not the one of the day, and until the courier
 * leaves, for citizens leave notes until then.
 */
export function asksAgainIn(round: MyRound | null, day: string, now: number): number {
  const departs = round?.day === day ? Date.parse(round.route.trips[0]?.departs ?? '') : Infinity
  return now < departs ? SOON : LATER
}
