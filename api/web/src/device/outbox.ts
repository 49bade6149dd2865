/**
 * Every action as an event, in the order of the device's counter, kept until the server has answered it.
 *
 * An event is written together with its counter and its photographs before the page says "done"; it is signed
 * afterwards, because a signature takes its time and a transaction does not wait. What a crash leaves unsigned is
 * signed at the next start. Nothing is ever dropped: what is refused is parked and shown.
 */

import { v7 } from 'uuid'
import type { Database, Identity } from './database'
import { sha256, sign } from './signing'

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
}

export interface DeviceEvent extends Draft {
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
export type State = 'unsigned' | 'waiting' | 'answered' | 'parked' | 'mended'

export interface OutboxEntry {
  event: DeviceEvent
  state: State
  verdict?: 'accepted' | 'duplicate' | 'incomplete' | 'refused'
  /** What is missing, or why it was refused. */
  pieces?: Piece[]
}

export interface OutboxFile {
  sha256: string
  content: Blob
  /** False once the server has it. */
  waiting: boolean
}

/** The phone has no room: the action was not taken down, and nothing older was thrown away for it. */
export class StorageFullError extends Error {}

export class Outbox {
  constructor(
    private readonly database: Database,
    private readonly identity: Identity,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /**
   * Take an action down; when this returns it survives a crash.
   *
   * `files` are photographs and signatures; `data` names them by the hashes that `hashesOf` gives.
   */
  async add(draft: Draft, files: readonly Blob[] = []): Promise<OutboxEntry> {
    const hashes = await hashesOf(files)
    const event = await this.write(draft, files, hashes)
    return this.signed(event)
  }

  private async write(draft: Draft, files: readonly Blob[], hashes: string[]): Promise<DeviceEvent> {
    const work = this.database.transaction(['values', 'outbox', 'files'], 'readwrite', {
      durability: 'strict',
    })
    try {
      const values = work.objectStore('values')
      const counter = ((await values.get('counter')) as number | undefined) ?? 0
      const event: DeviceEvent = {
        ...draft,
        event_id: v7({ msecs: this.now().getTime() }),
        at: isoWithZone(this.now()),
        counter: counter + 1,
        device_id: this.identity.device_id,
        evidence: hashes,
      }
      await Promise.all([
        values.put(counter + 1, 'counter'),
        work.objectStore('outbox').add({ event, state: 'unsigned' }),
        ...files.map((content, at) =>
          work.objectStore('files').put({ sha256: hashes[at] ?? '', content, waiting: true }),
        ),
        work.done,
      ])
      return event
    } catch (error) {
      await work.done.catch(() => undefined)
      throw isFull(error) ? new StorageFullError() : error
    }
  }

  private async signed(event: DeviceEvent): Promise<OutboxEntry> {
    const signature = await sign({ ...event, signature: undefined }, this.identity.keys)
    const entry: OutboxEntry = { event: { ...event, signature }, state: 'waiting' }
    await this.database.put('outbox', entry)
    return entry
  }

  /** Sign what a crash left unsigned. */
  async recover(): Promise<void> {
    const unsigned = await this.database.getAllFromIndex('outbox', 'by_state', 'unsigned')
    for (const entry of unsigned) await this.signed(entry.event)
  }

  /** The oldest that wait, in the order of the counter. */
  waiting(most: number): Promise<OutboxEntry[]> {
    return this.database.getAllFromIndex('outbox', 'by_state', 'waiting', most)
  }

  all(): Promise<OutboxEntry[]> {
    return this.database.getAll('outbox')
  }

  async keep(entry: OutboxEntry): Promise<void> {
    await this.database.put('outbox', entry)
  }

  /** Replace a parked event by one that is right; both stay to be seen. */
  async mend(parked: OutboxEntry, draft: Draft, files: readonly Blob[] = []): Promise<OutboxEntry> {
    const mended = await this.add(draft, files)
    await this.keep({ ...parked, state: 'mended' })
    return mended
  }

  /** Files of these events that the server does not have yet. */
  async filesOf(entries: readonly OutboxEntry[]): Promise<OutboxFile[]> {
    const named = new Set(entries.flatMap((entry) => entry.event.evidence))
    const found = await Promise.all([...named].map((hash) => this.database.get('files', hash)))
    return found.filter((file): file is OutboxFile => file?.waiting === true)
  }

  /** The server has it on disk: the phone needs its room for others. */
  async fileSent(hash: string): Promise<void> {
    await this.database.delete('files', hash)
  }
}

export function hashesOf(files: readonly Blob[]): Promise<string[]> {
  return Promise.all(files.map(sha256))
}

/** Local time with its offset: a reader sees what the courier's clock showed. */
export function isoWithZone(moment: Date): string {
  const minutes = -moment.getTimezoneOffset()
  const local = new Date(moment.getTime() + minutes * 60_000).toISOString().slice(0, -1)
  const two = (value: number): string => String(Math.trunc(value)).padStart(2, '0')
  const size = Math.abs(minutes)
  return `${local}${minutes < 0 ? '-' : '+'}${two(size / 60)}:${two(size % 60)}`
}

function isFull(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'QuotaExceededError'
}
