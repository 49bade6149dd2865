/** A stop of the timeline in words: for who points at it, and for who hears it. */

import { duration, number } from '../../shared/format'
import type { Language } from '../../shared/i18n/language.svelte'
import type { Dictionary } from '../words/vi'
import type { Lane, Mark, Span } from './lanes'
import { clockOf } from './scale'

export interface Told {
  title: string
  lines: string[]
  /** What is broken. */
  troubles: string[]
}

export function spansText(windows: readonly Span[]): string {
  return windows.map((span) => `${clockOf(span.from)}–${clockOf(span.to)}`).join(', ')
}

export function tell(lane: Lane, mark: Mark, w: Dictionary['timeline'], code: Language): Told {
  const waits = mark.starts - mark.arrives
  const trip = lane.trips[mark.trip]
  const times = [
    w.arrives(clockOf(mark.arrives)),
    ...(waits >= 60 ? [w.waits(duration(waits, code))] : []),
    w.serves(clockOf(mark.starts), clockOf(mark.leaves)),
    w.shipments(number(mark.stop.tasks.length, code)),
    ...(mark.stop.locked ? [w.locked] : []),
  ]
  return {
    title: w.stop(String(mark.number), mark.name),
    lines: [
      w.ofRound(lane.round.name),
      times.join(' · '),
      mark.windows.length > 0 ? w.windows(spansText(mark.windows)) : w.anyTime,
      w.slackLeft(duration(mark.stop.slack, code), clockOf(mark.latest)),
      ...(trip?.backBy ? [w.backBy(clockOf(trip.backBy), String(mark.trip + 1))] : []),
    ],
    troubles: [...(mark.late > 0 ? [w.lateBy(duration(mark.late, code))] : []), ...troublesOf(lane, w, code)],
  }
}

/** What a round as a whole breaks: the hand-in of a line, the end of the shift. */
export function troublesOf(lane: Lane, w: Dictionary['timeline'], code: Language): string[] {
  const missed = lane.trips.flatMap((trip) =>
    trip.backBy !== null && trip.to > trip.backBy ? [w.missed(duration(trip.to - trip.backBy, code))] : [],
  )
  const over = (lane.trips.at(-1)?.to ?? 0) - (lane.shift?.to ?? Infinity)
  return [...missed, ...(over > 0 ? [w.overtime(duration(over, code))] : [])]
}
