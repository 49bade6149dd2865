/** What lies in the outbox: events, what the server said of each, and their files. */

import type { Registration } from './accepting'

export interface Place {
  lon: number
  lat: number
  /** Metres. */
  accuracy: number
  /** Seconds between the fix and the event. */
  age: number
}

/** What the page says of an action; the rest of the event is the outbox's. */
export interface Draft {
  type: string
  shipments: string[]
  data: Record<string, unknown>
  offline: boolean
  stop?: string
  place?: Place
  follows?: string
  replaces?: string
  /** When it happened, if it was kept elsewhere until now; else the outbox's now. */
  at?: string
  /** Made beforehand when something is sealed to it; else the outbox makes it. */
  event_id?: string
  /** Of a shipment that nobody has registered; it goes before the event, and is no part of it. */
  registration?: Registration
}

export interface DeviceEvent extends Omit<Draft, 'registration'> {
  event_id: string
  /** By the device's clock, with its zone. */
  at: string
  counter: number
  device_id: string
  evidence: string[]
  signature?: string
}

export interface Piece {
  code: string
  message_vi: string
  message_en: string
}

/** `unsigned` after a crash only; `parked` events wait for a person, all others for the network or for nothing. */
export type State = 'unsigned' | 'waiting' | 'answered' | 'parked'

/** What the server has not answered yet. */
export const UNSENT: ReadonlySet<State> = new Set(['unsigned', 'waiting'])

/** What the server refused, and why; it is not in the ledger. */
export interface Refused {
  event: DeviceEvent
  pieces: Piece[]
}

export interface OutboxEntry {
  event: DeviceEvent
  state: State
  /** A `duplicate` is kept as what the event is by now. */
  verdict?: 'accepted' | 'incomplete' | 'refused'
  /** What is missing, or why it was refused. */
  pieces?: Piece[]
  /** The server could not even read the request: the event is in no quarantine, only here. */
  unread?: boolean
  /** Goes before the event. */
  registration?: Registration
  /** Events that this one stands in for, since the server refused them; the oldest first. */
  refused?: Refused[]
}

/** A draft with its photographs and signatures. */
export interface Action {
  draft: Draft
  files: readonly Blob[]
}

export interface OutboxFile {
  sha256: string
  content: Blob
  /** False once the server has it. */
  waiting: boolean
  /** When the server last did not take it, milliseconds since 1970; it is tried again. */
  refused_at?: number
}

/** Whether anything lies on this device only: the server has it neither in the ledger nor in quarantine. */
export function owes(entries: readonly OutboxEntry[], files: number): boolean {
  return files > 0 || entries.some(({ state, unread }) => unread === true || UNSENT.has(state))
}
