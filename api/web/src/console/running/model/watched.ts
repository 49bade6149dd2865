/** A courier's day as it runs, joined from the plan, what was reported, and where they were seen. */

import type { CourierProgress, DayProgress, DelayOut, PlannedStop, StopOut } from '../../../shared/api.gen'
import type { Lookup } from '../../model/lookup'
import { placeName, type Round } from '../../model/rounds'
import type { Seen } from './seen'

/** `next` is the first that is left, `skipped` was left behind while a later one was done, `undone` is left at the end. */
export type StopState = 'done' | 'failed' | 'next' | 'left' | 'skipped' | 'undone'
/** Whether a position can be shown, and why not. */
export type Sight = 'fresh' | 'old' | 'none' | 'refused' | 'unasked' | 'off'
export type Level = 'ok' | 'warn' | 'bad'

export interface WatchedStop {
  /** From 1, through the day. */
  number: number
  trip: number
  planned: PlannedStop
  place: string
  shipments: readonly string[]
  state: StopState
  /** Milliseconds, as all moments here: when the plan leaves it. */
  plannedAt: number
  settledAt: number | null
  /** When it will be left. */
  expectedAt: number | null
  /** Behind the plan, minutes; below zero = early. */
  late: number | null
  /** What is left of the slack, minutes; below zero = a promise will be broken. */
  spare: number | null
  closes: number | null
  cutOff: number | null
  missesWindow: boolean
  missesLine: boolean
}

export interface Watched {
  id: string
  name: string
  initials: string
  round: Round
  stops: readonly WatchedStop[]
  next: WatchedStop | null
  /** Stops with an outcome, failed ones too. */
  settled: number
  failed: number
  skipped: number
  /** Of the plan's metres, those up to the stop settled last. */
  driven: number
  late: number
  lateAtEnd: number
  plannedReturn: number
  expectedReturn: number
  shiftBegins: number
  shiftEnds: number
  delay: DelayOut | null
  /** The stop at which time was lost. */
  delayStop: WatchedStop | null
  /** null = never asked. */
  consent: boolean | null
  sight: Sight
  seen: Seen | null
  heardAt: number | null
  misses: number
  /** The day is over: nothing is expected any more. */
  over: boolean
  level: Level
}

/** A position is fresh for so long, milliseconds. */
export const FRESH = 3 * 60_000
/** Minutes behind plan from which a courier is marked. */
export const LATE_WARN = 10
export const LATE_BAD = 30
/** Not heard of for so long, milliseconds. */
export const SILENT = 30 * 60_000

export function watchedOf(
  round: Round,
  courier: CourierProgress,
  look: Lookup,
  asked: number,
  over = false,
): Watched {
  const stops = stopsOf(round, courier, look).map((one) => (over ? ended(one) : one))
  const { delay } = courier
  const settled = stops.filter((one) => one.settledAt !== null)
  const misses = stops.filter((one) => one.missesWindow || one.missesLine).length
  const skipped = stops.filter((one) => one.state === 'skipped').length
  return {
    id: round.id,
    name: round.name,
    initials: initialsOf(round.name),
    round,
    stops,
    next: stops.find((one) => one.state === 'next') ?? null,
    settled: settled.length,
    failed: courier.failed,
    skipped,
    driven: settled.reduce((metres, one) => metres + one.planned.distance, 0),
    late: courier.late_minutes,
    lateAtEnd: courier.late_at_end_minutes,
    plannedReturn: Date.parse(courier.planned_return),
    expectedReturn: Date.parse(courier.expected_return),
    shiftBegins: Date.parse(courier.shift_begins),
    shiftEnds: Date.parse(courier.shift_ends),
    delay,
    delayStop: delay ? (at(stops, round, delay.trip, delay.stop) ?? null) : null,
    consent: courier.consent,
    sight: 'none',
    seen: null,
    heardAt: courier.unseen_seconds === null ? null : asked - courier.unseen_seconds * 1000,
    misses,
    over,
    level: levelOf(
      courier.left > 0 && !over ? courier.late_minutes : 0,
      misses,
      over ? courier.left : skipped,
    ),
  }
}

/** Everybody with a round, in the order of their trouble; nobody is seen yet: see `sighted`. */
export function watchedAll(
  progress: DayProgress,
  rounds: readonly Round[],
  look: Lookup,
  over: boolean,
): Watched[] {
  const byId = new Map(rounds.map((one) => [one.id, one]))
  const asked = Date.parse(progress.now)
  return progress.couriers
    .flatMap((one) => {
      const round = byId.get(one.courier_id)
      return round ? [watchedOf(round, one, look, asked, over)] : []
    })
    .sort(byTrouble)
}

/** The same courier as seen last. Positions come far more often than anything else changes. */
export function sighted(who: Watched, seen: Seen | null, now: number): Watched {
  const heard = [who.heardAt, seen && Date.parse(seen.at)].filter((one) => one !== null)
  return {
    ...who,
    seen,
    sight: sightOf(who, seen, now),
    heardAt: heard.length > 0 ? Math.max(...heard) : null,
  }
}

/** Whoever needs somebody first comes first. */
export function byTrouble(a: Watched, b: Watched): number {
  const rank = { bad: 0, warn: 1, ok: 2 }
  return (
    rank[a.level] - rank[b.level] ||
    b.misses - a.misses ||
    undone(b) - undone(a) ||
    b.late - a.late ||
    a.name.localeCompare(b.name, 'vi')
  )
}

const undone = (who: Watched): number => (who.over ? who.stops.length - who.settled : 0)

/** "Nguyễn Văn An" -> "NA", the last word being the given name; "Bưu tá Tân Châu 03" -> "TC3". */
export function initialsOf(name: string): string {
  const parts = name.split(/[\s-]+/u).filter((word) => /^[\p{L}\d]/u.test(word))
  const last = parts.at(-1) ?? ''
  const number = /^\d+$/u.test(last) ? String(Number(last)) : ''
  const letters = number === '' ? [parts[0], parts.length > 1 ? last : ''] : parts.slice(0, -1).slice(-2)
  return (letters.map((word) => word?.[0] ?? '').join('') + number).toLocaleUpperCase('vi')
}

function stopsOf(round: Round, courier: CourierProgress, look: Lookup): WatchedStop[] {
  const next = courier.stops.findIndex((one) => one.expected !== null)
  return courier.stops.flatMap((out, index) => {
    const planned = round.route.trips[out.trip]?.stops[out.stop]
    return planned ? [stopOf(out, planned, index, index === next, courier, look)] : []
  })
}

/** What a stop is when the day is over. */
function ended(one: WatchedStop): WatchedStop {
  if (one.settledAt !== null) return { ...one, missesLine: false }
  const gone = { expectedAt: null, late: null, spare: null, missesWindow: false, missesLine: false }
  return { ...one, ...gone, state: 'undone' }
}

function stopOf(
  out: StopOut,
  planned: PlannedStop,
  index: number,
  isNext: boolean,
  courier: CourierProgress,
  look: Lookup,
): WatchedStop {
  const plannedAt = Date.parse(out.planned)
  const [settledAt, expectedAt, closes, cutOff] = [out.settled_at, out.expected, out.closes, out.cut_off].map(
    moment,
  ) as Moments
  const back = moment(courier.trip_returns[out.trip] ?? null)
  const found = settledAt ?? expectedAt
  const begins =
    expectedAt === null ? null : expectedAt - (Date.parse(planned.leaves) - Date.parse(planned.starts))
  return {
    number: index + 1,
    trip: out.trip,
    planned,
    place: placeName(planned, look),
    shipments: out.shipments,
    state: out.state !== 'left' ? out.state : expectedAt === null ? 'skipped' : isNext ? 'next' : 'left',
    plannedAt,
    settledAt,
    expectedAt,
    late: found === null ? null : Math.round((found - plannedAt) / 60_000),
    spare: expectedAt === null ? null : Math.round((out.slack - (expectedAt - plannedAt) / 1000) / 60),
    closes,
    cutOff,
    missesWindow: begins !== null && closes !== null && begins > closes,
    missesLine: out.state !== 'failed' && cutOff !== null && back !== null && back > cutOff,
  }
}

type Moments = [number | null, number | null, number | null, number | null]
const moment = (iso: string | null): number | null => (iso === null ? null : Date.parse(iso))

function at(
  stops: readonly WatchedStop[],
  round: Round,
  trip: number | null,
  stop: number | null,
): WatchedStop | undefined {
  const planned = trip === null || stop === null ? undefined : round.route.trips[trip]?.stops[stop]
  return planned && stops.find((one) => one.planned === planned)
}

function sightOf(who: Watched, seen: Seen | null, now: number): Sight {
  if (who.consent === null) return 'unasked'
  if (!who.consent) return 'refused'
  if (now < who.shiftBegins || now > who.shiftEnds) return 'off'
  if (!seen) return 'none'
  return now - Date.parse(seen.at) <= FRESH ? 'fresh' : 'old'
}

function levelOf(late: number, misses: number, left: number): Level {
  if (misses > 0 || late >= LATE_BAD) return 'bad'
  return late >= LATE_WARN || left > 0 ? 'warn' : 'ok'
}
