/** What a dispatcher should look at now, from what the service knows; nothing is repeated that was looked at. */

import type { OpenEvent } from '../../../shared/api.gen'
import type { Said } from '../../../shared/asking'
import type { Lookup } from '../../model/lookup'
import type { Phase } from './phase'
import { SILENT, type Level, type Watched, type WatchedStop } from './watched'

export type AlertKind = 'window' | 'line' | 'silent' | 'skipped' | 'failed' | 'proof' | 'cash'
/** Where something can be done about it. */
export type Remedy = 'proposals' | 'messages' | 'queue'

export interface Alert {
  /** The same trouble has the same key. */
  key: string
  kind: AlertKind
  level: Level
  who: Watched
  stop: WatchedStop | null
  shipments: readonly string[]
  /** Milliseconds. */
  since: number
  /** A moment that the words name: when a window closes, a line leaves. */
  until: number | null
  /** Of the cash that may be carried; or minutes beyond the moment. */
  amount: number
  /** What a proof lacks, in the service's own words. */
  pieces: readonly Said[]
  remedies: readonly Remedy[]
}

/** Of the cash that a courier may carry. */
const CASH_SHARE = 0.9
const RANK: Record<Level, number> = { bad: 0, warn: 1, ok: 2 }

export function alertsOf(
  watched: readonly Watched[],
  open: readonly OpenEvent[],
  look: Lookup,
  phase: Phase,
  now: number,
): Alert[] {
  const found = watched.flatMap((who) => [
    ...(phase === 'running' ? [...promises(who, now), ...silence(who, now), ...cash(who, look)] : []),
    ...behind(who),
    ...proofs(who, open),
  ])
  return found.sort((a, b) => RANK[a.level] - RANK[b.level] || a.since - b.since)
}

const NONE = { stop: null, until: null, amount: 0, pieces: [] as Said[] }

/** Windows and lines that will be missed: the first of each, the others follow from it. */
function promises(who: Watched, now: number): Alert[] {
  const since = who.delay ? Date.parse(who.delay.since) : now
  const window = who.stops.filter((one) => one.missesWindow)
  const line = who.stops.filter((one) => one.missesLine)
  return [
    ...window.slice(0, 1).map((stop): Alert => ({
      ...NONE,
      key: `window ${who.id} ${stop.shipments.join(' ')}`,
      kind: 'window',
      level: 'bad',
      who,
      stop,
      shipments: window.flatMap((one) => one.shipments),
      since,
      until: stop.closes,
      amount: stop.late ?? 0,
      remedies: ['proposals', 'messages'],
    })),
    ...line.slice(0, 1).map((stop): Alert => ({
      ...NONE,
      key: `line ${who.id} ${stop.trip}`,
      kind: 'line',
      level: 'bad',
      who,
      stop,
      shipments: line.flatMap((one) => one.shipments),
      since,
      until: stop.cutOff,
      amount: who.lateAtEnd,
      remedies: ['proposals', 'messages'],
    })),
  ]
}

function silence(who: Watched, now: number): Alert[] {
  const begun = Date.parse(who.round.starts)
  const since = who.heardAt ?? begun
  if (who.next === null || now < begun || now > who.shiftEnds || now - since < SILENT) return []
  const { shipments } = who.next
  return [
    {
      ...NONE,
      key: `silent ${who.id} ${since}`,
      kind: 'silent',
      level: 'warn',
      who,
      stop: who.next,
      shipments,
      since,
      remedies: ['messages'],
    },
  ]
}

function behind(who: Watched): Alert[] {
  return who.stops
    .filter((stop) => stop.state === 'skipped' || stop.state === 'failed')
    .map((stop): Alert => ({
      ...NONE,
      key: `${stop.state} ${who.id} ${stop.shipments.join(' ')}`,
      kind: stop.state === 'failed' ? 'failed' : 'skipped',
      level: 'warn',
      who,
      stop,
      shipments: stop.shipments,
      since: stop.settledAt ?? stop.plannedAt,
      remedies: stop.state === 'failed' ? ['messages'] : ['messages', 'proposals'],
    }))
}

function proofs(who: Watched, open: readonly OpenEvent[]): Alert[] {
  const stopOf = new Map(who.stops.flatMap((stop) => stop.shipments.map((code) => [code, stop] as const)))
  return open
    .filter((one) => one.shipments.some((code) => stopOf.has(code)))
    .map((one): Alert => ({
      ...NONE,
      key: `proof ${one.event_id}`,
      kind: 'proof',
      level: 'warn',
      who,
      stop: one.shipments.map((code) => stopOf.get(code)).find((stop) => stop !== undefined) ?? null,
      shipments: one.shipments,
      since: Date.parse(one.recorded_at),
      pieces: one.pieces,
      remedies: ['queue', 'messages'],
    }))
}

/** By the plan: what a courier really carries is not reported. */
function cash(who: Watched, look: Lookup): Alert[] {
  const most = look.couriers.get(who.id)?.capacity.cash_dong ?? 0
  const last = who.stops.findLast((one) => one.settledAt !== null)
  if (!last || most <= 0 || who.next === null) return []
  const share = last.planned.load.cash_dong / most
  if (share < CASH_SHARE) return []
  return [
    {
      ...NONE,
      key: `cash ${who.id} ${last.trip}`,
      kind: 'cash',
      level: 'warn',
      who,
      stop: last,
      shipments: last.shipments,
      since: last.settledAt ?? last.plannedAt,
      amount: share,
      remedies: ['messages'],
    },
  ]
}
