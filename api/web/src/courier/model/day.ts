/** The round as the courier walks it, and what the outbox says became of each parcel. */

import type { MyRound, Parcel, PlannedStop, Stopover } from '../../shared/api.gen'
import type { OutboxEntry } from '../../device/outbox'

export interface Stop {
  /** `TRIP/STOP`, from 1: what an event calls it. */
  id: string
  planned: PlannedStop
  site: Stopover | null
  parcels: Parcel[]
  /** Codes that are handed over here; all others are fetched. */
  drops: Set<string>
}

/** `refused`: taken down, and the server did not take it in. `pin`: handed over on a PIN that proves nothing. */
export type Fate = 'open' | 'done' | 'failed' | 'refused' | 'pin'

/** Sites of the post; all others are agencies. */
const POST = new Set(['hub', 'post_office', 'culture_post'])
const TAKES = new Set(['OUT', 'ACCEPT', 'COLLECT_RESULT'])
const GIVES = new Set(['DELIVER', 'HAND_AGENCY', 'RETURN_DONE', 'ARRIVE'])
const BAD_PIN = new Set(['pin_wrong', 'pin_unreadable'])
/** 1 = the courier takes the money, -1 = hands it on; as api/tallies/figures.py counts. */
const MONEY: Record<string, number> = {
  ACCEPT: 1,
  DELIVER: 1,
  COLLECT_RESULT: 1,
  RETURN_DONE: 1,
  HAND_AGENCY: -1,
}

export function stopsOf(round: MyRound): Stop[] {
  const parcels = new Map(round.parcels.map((one) => [one.code, one]))
  const sites = new Map(round.stopovers.map((one) => [one.site_id, one]))
  return round.route.trips.flatMap((trip, t) =>
    trip.stops.map((planned, s) => ({
      id: `${t + 1}/${s + 1}`,
      planned,
      site: planned.site_id ? (sites.get(planned.site_id) ?? null) : null,
      parcels: planned.tasks.flatMap(({ shipment }) => parcels.get(shipment) ?? []),
      drops: new Set(planned.tasks.filter((task) => task.action === 'deliver').map((task) => task.shipment)),
    })),
  )
}

/**
 * Events that stand, in the order in which they happened.
 *
 * What another event replaces does not stand, and the other one stands in its place, as in api/custody/replay.py. What
 * was refused stands all the same: the courier did it, and has to mend how it was told.
 */
export function standing(entries: readonly OutboxEntry[]): OutboxEntry[] {
  const place = placesOf(entries)
  const replaced = new Set(entries.map(({ event }) => event.replaces))
  return entries
    .filter(({ event }) => !replaced.has(event.event_id))
    .sort((a, b) => place(a) - place(b) || a.event.counter - b.event.counter)
}

/** Those that stand of a round, which begins with the counter `since`; the phone's clock has no say in it. */
export function ofRound(entries: readonly OutboxEntry[], since: number): OutboxEntry[] {
  const place = placesOf(entries)
  return standing(entries).filter((entry) => place(entry) >= since)
}

/** The counter of what happened first, however often it was told again. */
function placesOf(entries: readonly OutboxEntry[]): (entry: OutboxEntry) => number {
  const by = new Map(entries.map((entry) => [entry.event.event_id, entry]))
  return function place(entry: OutboxEntry): number {
    const before = entry.event.type === 'CORRECT' ? undefined : by.get(entry.event.replaces ?? '')
    return before ? place(before) : entry.event.counter
  }
}

/** Breaks of the plan that come right before a stop: those that begin after the stop before it. */
export function breaksBefore(
  round: MyRound,
  stops: readonly Stop[],
  at: number,
): { starts: string; ends: string }[] {
  const from = at === 0 ? -Infinity : Date.parse(stops[at - 1]?.planned.arrives ?? '')
  const until = Date.parse(stops[at]?.planned.arrives ?? '')
  const all = round.route.trips.flatMap((trip) => [...trip.breaks])
  return all.filter((one) => Date.parse(one.starts) >= from && Date.parse(one.starts) < until)
}

/** What success is called for a parcel at a stop. */
export function successOf(stop: Stop, code: string): string {
  const drops = stop.drops.has(code)
  if (!stop.site) return drops ? 'DELIVER' : 'ACCEPT'
  if (POST.has(stop.site.kind)) return drops ? 'ARRIVE' : 'OUT'
  return drops ? 'HAND_AGENCY' : 'COLLECT_RESULT'
}

/**
 * What became of a parcel's visit.
 *
 * By the parcel and what is done with it, not by the number of the stop: a plan that changes during the day counts its
 * stops anew. What was fetched is fetched, whatever failed with it afterwards.
 */
export function fateOf(stop: Stop, code: string, events: readonly OutboxEntry[]): Fate {
  const success = successOf(stop, code)
  const named = events.filter(({ event }) => event.shipments.includes(code))
  const ended = named.findLast(({ event }) => event.type === success)
  const failed = named.findLast(({ event }) => event.type === 'ATTEMPT')
  if (!ended && !failed) return 'open'
  const isFetch = !stop.drops.has(code)
  const last = ended && (isFetch || !failed || named.indexOf(ended) > named.indexOf(failed)) ? ended : failed
  if (last?.state === 'parked') return 'refused'
  if (last === failed) return 'failed'
  return last && hasBadPin(last) ? 'pin' : 'done'
}

/** The server says afterwards that the PIN is wrong or cannot be read: whoever took the parcel may be a stranger. */
export function hasBadPin({ state, pieces }: OutboxEntry): boolean {
  return state === 'answered' && (pieces ?? []).some(({ code }) => BAD_PIN.has(code))
}

/** Codes to be taken along from the base: handed over today and not fetched on the way. */
export function toLoad(stops: readonly Stop[]): string[] {
  const fetched = new Set<string>()
  const wanted = new Set<string>()
  for (const stop of stops) {
    for (const { code } of stop.parcels) {
      if (!stop.drops.has(code)) fetched.add(code)
      else if (!fetched.has(code)) wanted.add(code)
    }
  }
  return [...wanted]
}

/** Whoever holds this phone answers for these. */
export function aboard(events: readonly OutboxEntry[]): string[] {
  const held = new Set<string>()
  for (const { event } of events) {
    for (const code of event.shipments) {
      if (TAKES.has(event.type) && event.data['scans_only'] !== true) held.add(code)
      if (GIVES.has(event.type)) held.delete(code)
    }
  }
  return [...held]
}

export interface Money {
  fee: number
  postage: number
  /** The part of both in cash: what is to be handed in. */
  cash: number
}

/** Đồng taken, less what was handed on to agencies. */
export function money(events: readonly OutboxEntry[]): Money {
  const total: Money = { fee: 0, postage: 0, cash: 0 }
  for (const { event } of events) {
    const sign = MONEY[event.type] ?? 0
    const amount = (name: string): number => Number(event.data[name] ?? 0)
    const owed = amount('fee_dong') + amount('postage_dong')
    total.fee += sign * amount('fee_dong')
    total.postage += sign * amount('postage_dong')
    total.cash += sign * (event.data['cash_dong'] === undefined ? owed : amount('cash_dong'))
  }
  return total
}
