/** One question to the server; every failure carries the server's own words in both languages. */

import type { Caller } from '../device/sender'
import { isoWithZone } from '../device/outbox'
import type {
  EvidenceTable,
  Found,
  FoundPage,
  History,
  HistoryEvent,
  IssuedPin,
  Me,
  NetworkRow,
  One,
  paths,
  Postage,
  RowsPage,
  SealKeyOut,
} from '../shared/api.gen'

type Body<P extends keyof paths> = paths[P] extends {
  post: { requestBody: { content: { 'application/json': infer B } } }
}
  ? B
  : never
export type NewShipment = Body<'/api/v1/shipments'>

interface Said {
  message_vi: string
  message_en: string
}

/** Status 0 = the server could not be reached. */
export class AskError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly said: readonly Said[],
  ) {
    super(said[0]?.message_en ?? `status ${status}`)
  }
}

const JSON_BODY = { 'Content-Type': 'application/json' }
const SHIPMENTS = '/api/v1/shipments'

export async function ask<T>(call: Caller, path: string, init: RequestInit = {}): Promise<T> {
  const answer = await answered(call, path, init)
  return (answer.status === 204 ? undefined : await answer.json()) as T
}

async function answered(call: Caller, path: string, init: RequestInit): Promise<Response> {
  let answer: Response
  try {
    answer = await call(path, init)
  } catch {
    throw new AskError(0, 'offline', [])
  }
  if (answer.ok) return answer
  const { error } = (await answer.json().catch(() => ({}))) as {
    error?: Said & { code: string; rows?: Said[] }
  }
  const said = error ? (error.rows?.length ? error.rows : [error]) : []
  throw new AskError(answer.status, error?.code ?? '', said)
}

export function post<T>(call: Caller, path: string, content: object, once?: string): Promise<T> {
  const headers = { ...JSON_BODY, ...(once && { 'Idempotency-Key': once }) }
  return ask<T>(call, path, { method: 'POST', headers, body: JSON.stringify(content) })
}

export const today = (): string => isoWithZone(new Date()).slice(0, 10)

export const readMe = (call: Caller): Promise<Me> => ask(call, '/api/v1/auth/me')
export const readTable = (call: Caller): Promise<EvidenceTable> => ask(call, '/api/v1/rounds/evidence')
export const readSealKey = async (call: Caller): Promise<string> =>
  (await ask<SealKeyOut>(call, '/api/v1/custody/seal-key')).public_key

/** All rows of a sheet that are in force today. */
export async function readSheet(
  call: Caller,
  sheet: 'sites' | 'procedures' | 'couriers',
): Promise<NetworkRow[]> {
  const rows: NetworkRow[] = []
  let after: number | null = 0
  while (after !== null) {
    const page: RowsPage = await ask(call, `/api/v1/network/${sheet}?on=${today()}&limit=200&after=${after}`)
    rows.push(...page.rows)
    after = page.after
  }
  return rows
}

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

/** The same again with the same key changes nothing. */
export const register = (call: Caller, shipment: NewShipment, once: string): Promise<One> =>
  post(call, SHIPMENTS, shipment, once)

export const issuePin = (call: Caller, code: string, once: string): Promise<IssuedPin> =>
  post(call, `/api/v1/track/${encodeURIComponent(code)}/pin`, {}, once)
