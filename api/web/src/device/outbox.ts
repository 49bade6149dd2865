/**
 * Every action as an event, in the order of the device's counter, kept until the server has answered it.
 *
 * An event is written together with its counter and its photographs before the page says "done"; it is signed
 * afterwards, because a signature takes its time and a transaction does not wait. What a crash leaves unsigned is
 * signed at the next start. Nothing is dropped before the server has answered it: what is refused is parked and shown.
 */

import { v7 } from 'uuid'
import type { Database, Identity } from './database'
import {
  UNSENT,
  type Action,
  type DeviceEvent,
  type Draft,
  type OutboxEntry,
  type OutboxFile,
  type Piece,
} from './entry'
import { sha256, sign } from './signing'

export * from './entry'

/** Milliseconds that a file rests which the server did not take. */
const RESTS = 10 * 60_000

/** The phone has no room: the action was not taken down, and nothing older was thrown away for it. */
export class StorageFullError extends Error {}

export class Outbox {
  /** Counters of events that are being signed just now. */
  private readonly signing = new Set<number>()

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
    const [entry] = await this.addAll([{ draft, files }])
    if (!entry) throw new TypeError('one action makes one event')
    return entry
  }

  /** Take several actions down, all of them or none. A file that more than one names is kept once. */
  async addAll(actions: readonly Action[]): Promise<OutboxEntry[]> {
    return this.signedAll(await this.write(actions))
  }

  /**
   * Put what is right in the place of an event that the server refused.
   *
   * It is a new event with the counter and the time of the refused one, which is in no ledger: so it stands in the
   * order where it happened, and there is nothing that it could name as replaced.
   */
  async mend(parked: OutboxEntry, draft: Draft, files: readonly Blob[] = []): Promise<OutboxEntry> {
    const [entry] = await this.signedAll(await this.write([{ draft, files }], parked))
    if (!entry) throw new TypeError('one action makes one event')
    return entry
  }

  private async write(actions: readonly Action[], parked?: OutboxEntry): Promise<OutboxEntry[]> {
    const hashes = await Promise.all(actions.map(({ files }) => hashesOf(files)))
    const work = this.database.transaction(['values', 'outbox', 'files'], 'readwrite', {
      durability: 'strict',
    })
    try {
      const values = work.objectStore('values')
      const last = ((await values.get('counter')) as number | undefined) ?? 0
      const entries = actions.map(({ draft }, at) =>
        this.entry(draft, hashes[at] ?? [], parked?.event.counter ?? last + 1 + at, parked),
      )
      const files = actions.flatMap((action, at) =>
        action.files.map((content, nth) => ({ sha256: hashes[at]?.[nth] ?? '', content, waiting: true })),
      )
      // Each write in an async function of its own: what fails at once fails like what fails later.
      const writes = [
        async () => parked ?? values.put(last + actions.length, 'counter'),
        ...entries.map((entry) => async () => work.objectStore('outbox')[parked ? 'put' : 'add'](entry)),
        ...files.map((file) => async () => work.objectStore('files').put(file)),
      ]
      await Promise.all([...writes.map((write) => write()), work.done])
      return entries
    } catch (error) {
      abandon(work)
      await work.done.catch(() => undefined)
      throw isFull(error) ? new StorageFullError() : error
    }
  }

  private entry(draft: Draft, evidence: string[], counter: number, parked?: OutboxEntry): OutboxEntry {
    const event: DeviceEvent = {
      ...draft,
      event_id: draft.event_id ?? v7({ msecs: this.now().getTime() }),
      at: parked?.event.at ?? draft.at ?? isoWithZone(this.now()),
      counter,
      device_id: this.identity.device_id,
      evidence,
    }
    if (!parked) return { event, state: 'unsigned' }
    const refused = [...(parked.refused ?? []), { event: parked.event, pieces: parked.pieces ?? [] }]
    return { event, state: 'unsigned', refused }
  }

  private async signedAll(entries: readonly OutboxEntry[]): Promise<OutboxEntry[]> {
    const counters = entries.map(({ event }) => event.counter)
    counters.forEach((one) => this.signing.add(one))
    try {
      const signed: OutboxEntry[] = []
      for (const entry of entries) signed.push(await this.signed(entry))
      return signed
    } finally {
      counters.forEach((one) => this.signing.delete(one))
    }
  }

  /** On a full phone it stays unsigned, which loses nothing: `recover` signs it when there is room. */
  private async signed(entry: OutboxEntry): Promise<OutboxEntry> {
    const signature = await sign({ ...entry.event, signature: undefined }, this.identity.keys)
    const signed: OutboxEntry = { ...entry, event: { ...entry.event, signature }, state: 'waiting' }
    const work = this.database.transaction('outbox', 'readwrite')
    try {
      // It may have been mended meanwhile, and a wiped phone keeps nothing.
      const kept = await work.store.get(entry.event.counter)
      if (kept?.event.event_id === entry.event.event_id) await work.store.put(signed)
      await work.done
    } catch (error) {
      abandon(work)
      await work.done.catch(() => undefined)
      if (!isFull(error)) throw error
      return entry
    }
    return signed
  }

  /** Sign what a crash or a full phone left unsigned. */
  async recover(): Promise<void> {
    const unsigned = await this.database.getAllFromIndex('outbox', 'by_state', 'unsigned')
    await this.signedAll(unsigned.filter(({ event }) => !this.signing.has(event.counter)))
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

  /** Files of these events that the server does not have yet. */
  async filesOf(entries: readonly OutboxEntry[]): Promise<OutboxFile[]> {
    const named = new Set(entries.flatMap((entry) => entry.event.evidence))
    const found = await Promise.all([...named].map((hash) => this.database.get('files', hash)))
    return found.filter((file): file is OutboxFile => file?.waiting === true)
  }

  /** Files that the server did not take with their event, once they have rested: a proxy may be mended by then. */
  async lateFiles(): Promise<OutboxFile[]> {
    const now = this.now().getTime()
    const files = await this.database.getAll('files')
    return files.filter(
      ({ waiting, refused_at }) => waiting && Math.abs(now - (refused_at ?? -Infinity)) >= RESTS,
    )
  }

  async fileRefused(file: OutboxFile): Promise<void> {
    await this.database.put('files', { ...file, refused_at: this.now().getTime() })
  }

  /** Forget events that nobody needs here any more; their files went when the server had them. */
  async forget(entries: readonly OutboxEntry[]): Promise<void> {
    const work = this.database.transaction('outbox', 'readwrite')
    await Promise.all([...entries.map(({ event }) => work.store.delete(event.counter)), work.done])
  }

  /** Whether the server has all files of an entry. */
  async areSent(): Promise<(entry: OutboxEntry) => boolean> {
    const kept = new Set(await this.database.getAllKeys('files'))
    return ({ event }) => !event.evidence.some((hash) => kept.has(hash))
  }

  /** How many files the server lacks whose events it has answered. */
  async countLate(entries: readonly OutboxEntry[]): Promise<number> {
    const unsent = entries.filter(({ state }) => UNSENT.has(state))
    const coming = new Set(unsent.flatMap(({ event }) => event.evidence))
    return (await this.database.getAllKeys('files')).filter((hash) => !coming.has(hash)).length
  }

  /** The server has it on disk: the phone needs its room for others. */
  async fileSent(hash: string): Promise<void> {
    await this.database.delete('files', hash)
  }

  /** What was said to be missing of it is there now. */
  async lateFileSent(hash: string): Promise<void> {
    await this.fileSent(hash)
    const lacks = ({ code, message_en }: Piece): boolean =>
      code === 'missing_file' && message_en.includes(hash)
    for (const entry of await this.all()) {
      if (entry.state !== 'answered' || !entry.pieces?.some(lacks)) continue
      const pieces = entry.pieces.filter((piece) => !lacks(piece))
      await this.keep({ ...entry, pieces, verdict: pieces.length > 0 ? 'incomplete' : 'accepted' })
    }
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

/** Nothing of it is kept; on a full phone the browser has ended it before. */
function abandon(work: { abort(): void }): void {
  try {
    work.abort()
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'InvalidStateError')) throw error
  }
}

function isFull(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'QuotaExceededError'
}
