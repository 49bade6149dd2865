/**
 * Every action as an event, in the order of the device's counter, kept until the server has answered it.
 *
 * An event is written together with its counter and its photographs before the page says "done"; it is signed
 * afterwards, because a signature takes its time and a transaction does not wait. What a crash leaves unsigned is
 * signed at the next start. Nothing is dropped before the server has answered it: what is refused is parked and shown.
 */

import { v7 } from 'uuid'
import { isUnregistered } from './accepting'
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
import { abandon, isFull, StorageFullError } from './full'
import { hangsOn, underAnother } from './held'
import { sha256, sign } from './signing'

export * from './entry'
export { StorageFullError }

/** Milliseconds that a file rests which the server did not take. */
const RESTS = 10 * 60_000

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

  /**
   * Take several actions down, all of them or none. A file that more than one names is kept once.
   *
   * `begun` names a value that is forgotten in the same moment: the form that this was written in.
   */
  async addAll(actions: readonly Action[], begun?: string): Promise<OutboxEntry[]> {
    return this.signedAll(await this.write(actions, undefined, begun))
  }

  /**
   * Put what is right in the place of an event that the server refused.
   *
   * It is a new event with the counter and the time of the refused one, which is in no ledger: so it stands in the
   * order where it happened, and there is nothing that it could name as replaced. When the server did not know its
   * shipment, what was told of it later was held back: it goes under the new code.
   */
  async mend(
    parked: OutboxEntry,
    draft: Draft,
    files: readonly Blob[] = [],
    begun?: string,
  ): Promise<OutboxEntry> {
    const [entry] = await this.signedAll(await this.write([{ draft, files }], parked, begun))
    if (!entry) throw new TypeError('one action makes one event')
    return entry
  }

  private async write(
    actions: readonly Action[],
    parked?: OutboxEntry,
    begun?: string,
  ): Promise<OutboxEntry[]> {
    const hashes = await Promise.all(actions.map(({ files }) => hashesOf(files)))
    const again = await Promise.all(actions.map(({ draft }) => this.shownAgain(draft, parked)))
    const work = this.database.transaction(['values', 'outbox', 'files'], 'readwrite', {
      durability: 'strict',
    })
    try {
      const values = work.objectStore('values')
      const last = ((await values.get('counter')) as number | undefined) ?? 0
      const entries = actions.map(({ draft }, at) =>
        this.entry(
          draft,
          [...new Set([hashes[at] ?? [], again[at] ?? []].flat())],
          parked?.event.counter ?? last + 1 + at,
          parked,
        ),
      )
      const later = parked ? await this.heldBy(parked, work.objectStore('outbox').getAll()) : []
      const [code = ''] = entries[0]?.event.shipments ?? []
      const renamed = later.map((one) => underAnother(one, parked?.event.shipments[0] ?? '', code))
      const files = actions.flatMap((action, at) =>
        action.files.map((content, nth) => ({ sha256: hashes[at]?.[nth] ?? '', content, waiting: true })),
      )
      // Each write in an async function of its own: what fails at once fails like what fails later.
      const writes = [
        async () => parked ?? values.put(last + actions.length, 'counter'),
        async () => begun && values.delete(begun),
        ...entries.map((entry) => async () => work.objectStore('outbox')[parked ? 'put' : 'add'](entry)),
        ...renamed.map((entry) => async () => work.objectStore('outbox').put(entry)),
        ...files.map((file) => async () => work.objectStore('files').put(file)),
      ]
      await Promise.all([...writes.map((write) => write()), work.done])
      return [...entries, ...renamed]
    } catch (error) {
      abandon(work)
      await work.done.catch(() => undefined)
      throw isFull(error) ? new StorageFullError() : error
    }
  }

  /** What waits for its shipment to be known; nothing when that is known. */
  private async heldBy(parked: OutboxEntry, all: Promise<OutboxEntry[]>): Promise<OutboxEntry[]> {
    const entries = await all
    return isUnregistered(parked) ? entries.filter((one) => hangsOn(one, parked)) : []
  }

  /** What it says again of the pictures of the event before it, although the server may have them already. */
  private async shownAgain(draft: Draft, parked?: OutboxEntry): Promise<string[]> {
    const isBefore = ({ event }: OutboxEntry): boolean => event.event_id === draft.replaces
    const before = parked ?? (draft.replaces ? (await this.all()).find(isBefore) : undefined)
    const said = JSON.stringify(draft.data)
    return (before?.event.evidence ?? []).filter((hash) => said.includes(hash))
  }

  private entry(draft: Draft, evidence: string[], counter: number, parked?: OutboxEntry): OutboxEntry {
    const { registration = parked?.registration, ...told } = draft
    const event: DeviceEvent = {
      ...told,
      event_id: draft.event_id ?? v7({ msecs: this.now().getTime() }),
      at: parked?.event.at ?? draft.at ?? isoWithZone(this.now()),
      counter,
      device_id: this.identity.device_id,
      evidence,
    }
    const known = registration && { registration }
    if (!parked) return { event, state: 'unsigned', ...known }
    const refused = [...(parked.refused ?? []), { event: parked.event, pieces: parked.pieces ?? [] }]
    return { event, state: 'unsigned', refused, ...known }
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
      // It may have been mended or told under another code meanwhile, and a wiped phone keeps nothing.
      const kept = await work.store.get(entry.event.counter)
      if (JSON.stringify(kept?.event) === JSON.stringify(entry.event)) await work.store.put(signed)
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

  /** The oldest that may go, in the order of the counter; see `held.ts` for those that may not. */
  async waiting(most: number): Promise<OutboxEntry[]> {
    const states = ['parked', 'unsigned'] as const
    const stuck = await Promise.all(
      states.map((state) => this.database.getAllFromIndex('outbox', 'by_state', state)),
    )
    const unknown = stuck.flat().filter(isUnregistered)
    if (unknown.length === 0) return this.database.getAllFromIndex('outbox', 'by_state', 'waiting', most)
    const all = await this.database.getAllFromIndex('outbox', 'by_state', 'waiting')
    return all.filter((entry) => !unknown.some((one) => hangsOn(entry, one))).slice(0, most)
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
