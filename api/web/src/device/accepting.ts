/**
 * Accepting a dossier that nobody has registered, at a desk or at a citizen's door: the shipment is registered, then the
 * event is taken in.
 *
 * Each may be done again: the shipment by its idempotency key and its content, the event by its id. At a door there may
 * be no signal, so there an entry of the outbox carries both, in one record: no crash parts them, and the sender lets
 * the event go only once its shipment is known. A registration that is refused is parked with its event, for the code may
 * be another shipment's.
 */

import type { IssuedPin, One, paths } from '../shared/api.gen'
import { post, posting } from '../shared/asking'
import type { OutboxEntry, Piece } from './entry'
import type { Document } from './pieces'
import type { Caller } from './sender'

type Body<P extends keyof paths> = paths[P] extends {
  post: { requestBody: { content: { 'application/json': infer B } } }
}
  ? B
  : never
export type NewShipment = Body<'/api/v1/shipments'>

/** What makes a shipment known to the server. */
export interface Registration {
  shipment: NewShipment
  /** Idempotency keys of the shipment and of its PIN. */
  once: string
  oncePin: string
  /** The server has it. */
  done?: boolean
}

const SHIPMENTS = '/api/v1/shipments'

export const registrationOf = (shipment: NewShipment): Registration => ({
  shipment,
  once: crypto.randomUUID(),
  oncePin: crypto.randomUUID(),
})

/** The same again with the same key changes nothing. */
export const register = (call: Caller, shipment: NewShipment, once: string): Promise<One> =>
  post(call, SHIPMENTS, shipment, once)

export const issuePin = (call: Caller, code: string, once: string): Promise<IssuedPin> =>
  post(call, `/api/v1/track/${encodeURIComponent(code)}/pin`, {}, once)

/** Whether the event has to wait until its shipment is known. */
export const isUnregistered = ({ registration }: OutboxEntry): boolean =>
  registration !== undefined && !registration.done

/** The request that registers the shipment of an entry. */
export function asksFor({ registration }: OutboxEntry): [path: string, init: RequestInit] {
  if (!registration) throw new TypeError('nothing to register')
  return [SHIPMENTS, posting(registration.shipment, registration.once)]
}

interface Refusal {
  error?: Piece & { rows?: Piece[] }
}

/**
 * The entry after the server's answer to its registration.
 *
 * Should a phone that was reported lost be let in no further, its papers moved all the same: the event goes without.
 */
export async function afterRegistration(entry: OutboxEntry, answer: Response): Promise<OutboxEntry> {
  const { registration, ...rest } = entry
  if (registration && answer.ok) return { ...entry, registration: { ...registration, done: true } }
  const { error } = (await answer.json().catch(() => ({}))) as Refusal
  if (answer.status === 403 && error?.code === 'device_revoked') return rest
  const code = `http_${answer.status}`
  const pieces = error?.rows?.length ? error.rows : [error ?? { code, message_vi: code, message_en: code }]
  return { ...entry, state: 'parked', verdict: 'refused', pieces, unread: true }
}

/** The lines of a list of papers that say something. */
export function documentsOf(papers: readonly Document[]): Document[] {
  return papers
    .filter((one) => one.name.trim() !== '' && one.count >= 1)
    .map((one) => ({ ...one, name: one.name.trim() }))
}

export const sheets = (papers: readonly Document[]): number =>
  documentsOf(papers).reduce((sum, one) => sum + one.count, 0)
