/** What the desk asks the server. */

import type { Caller } from '../device/sender'
import { isoWithZone } from '../device/outbox'
import type {
  EvidenceTable,
  Found,
  FoundPage,
  History,
  HistoryEvent,
  Me,
  NetworkRow,
  One,
  Postage,
  SealKeyOut,
} from '../shared/api.gen'
import { ask } from '../shared/asking'
import { readRows } from '../shared/network'

export { ask, AskError, post } from '../shared/asking'

const SHIPMENTS = '/api/v1/shipments'

export const today = (): string => isoWithZone(new Date()).slice(0, 10)

export const readMe = (call: Caller): Promise<Me> => ask(call, '/api/v1/auth/me')
export const readTable = (call: Caller): Promise<EvidenceTable> => ask(call, '/api/v1/rounds/evidence')
export const readSealKey = async (call: Caller): Promise<string> =>
  (await ask<SealKeyOut>(call, '/api/v1/custody/seal-key')).public_key

/** All rows of a sheet that are in force today. */
export const readSheet = (call: Caller, sheet: 'sites' | 'procedures' | 'couriers'): Promise<NetworkRow[]> =>
  readRows(call, sheet, today())

export const readPostage = (call: Caller, procedure: string, commune: string): Promise<Postage> =>
  ask(call, `/api/v1/network/postage?${new URLSearchParams({ procedure, commune })}`)

/** Every shipment that answers to a search, not only the first page. */
export async function search(call: Caller, asked: Record<string, string>): Promise<Found[]> {
  const found: Found[] = []
  let after: string | null = ''
  while (after !== null) {
    const query = new URLSearchParams({ ...asked, limit: '200', ...(after && { after }) })
    const page: FoundPage = await ask(call, `${SHIPMENTS}?${query}`)
    found.push(...page.shipments)
    after = page.after
  }
  return found
}

export const readOne = (call: Caller, code: string, reveal = false): Promise<One> =>
  ask(call, `${SHIPMENTS}/${encodeURIComponent(code)}?reveal=${reveal}`)

/** The event that a hand-over follows: the last of the shipment's; undefined = it has none. */
export async function lastEvent(call: Caller, code: string): Promise<string | undefined> {
  const events: HistoryEvent[] = []
  let after: number | null = -1
  while (after !== null) {
    const page: History = await ask(call, `${SHIPMENTS}/${encodeURIComponent(code)}/history?after=${after}`)
    events.push(...page.events)
    after = page.after
  }
  const standing = events.filter((event) => event.place !== null)
  return standing.sort((one, other) => (one.place ?? 0) - (other.place ?? 0)).at(-1)?.event_id
}

export { issuePin, register, type NewShipment } from '../device/accepting'
