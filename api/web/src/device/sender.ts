/**
 * Empties the outbox: unknown shipments and photographs first, then events in order, each answered for itself.
 *
 * One sender at a time in all tabs (Web Locks). No answer, 429 and 5xx mean "later": nothing changes and all is sent
 * again. A batch that the server cannot read at all is halved until the one event stands alone, and that one is parked.
 */

import type { AnswerOut, BatchAnswer } from '../shared/api.gen'
import { afterRegistration, asksFor, isUnregistered } from './accepting'
import { isoWithZone, type Outbox, type OutboxEntry, type OutboxFile, type Piece } from './outbox'

const MOST = 50
const LOCK = 'duongthu-outbox'

/** `fetch` with the session's token; it renews the session by itself. */
export type Caller = (path: string, init: RequestInit) => Promise<Response>

export type Outcome =
  | { kind: 'empty' }
  /** Ask again after so many milliseconds. */
  | { kind: 'later'; after: number }
  /** The session is over and could not be renewed: a person has to act. */
  | { kind: 'outside' }

const LATER = 15_000
const EVENTS = '/api/v1/custody/events'
const EVIDENCE = '/api/v1/evidence'

class Later extends Error {
  constructor(readonly after: number) {
    super('later')
  }
}
class Outside extends Error {}

export class Sender {
  constructor(
    private readonly outbox: Outbox,
    private readonly call: Caller,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /** Send everything that waits; returns at once when another tab is doing it. */
  flush(): Promise<Outcome> {
    return navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) =>
      lock ? this.drain() : { kind: 'later', after: LATER },
    )
  }

  /** Send once more what the server could not read: nobody mends it on a phone that was reported lost. */
  async again(): Promise<void> {
    for (const entry of await this.outbox.all()) {
      if (entry.state !== 'parked' || !entry.unread) continue
      const again: OutboxEntry = { ...entry, state: 'waiting' }
      delete again.registration
      await this.outbox.keep(again)
    }
  }

  async drain(): Promise<Outcome> {
    try {
      for (;;) {
        const entries = await this.outbox.waiting(MOST)
        if (entries.length === 0) {
          for (const file of await this.outbox.lateFiles()) {
            if (await this.sendFile(file)) await this.outbox.lateFileSent(file.sha256)
          }
          return { kind: 'empty' }
        }
        const unknown = entries.filter(isUnregistered)
        for (const entry of unknown) await this.register(entry)
        if (unknown.length > 0) continue // they are known now, or parked
        for (const file of await this.outbox.filesOf(entries)) await this.sendFile(file)
        await this.sendEvents(entries)
      }
    } catch (error) {
      if (error instanceof Later) return { kind: 'later', after: error.after }
      if (error instanceof Outside) return { kind: 'outside' }
      throw error
    }
  }

  private async register(entry: OutboxEntry): Promise<void> {
    const answer = await this.reach(...asksFor(entry))
    if (answer.status === 401) throw new Outside()
    await this.outbox.keep(await afterRegistration(entry, answer))
  }

  /** Whether the server took it. */
  private async sendFile(file: OutboxFile): Promise<boolean> {
    const headers = { 'Content-Type': file.content.type, 'X-SHA256': file.sha256 }
    const response = await this.ask(EVIDENCE, { method: 'POST', headers, body: file.content })
    // A picture that is refused holds nothing up: its event says which file it awaits, and it is sent again later.
    if (response.ok) await this.outbox.fileSent(file.sha256)
    else await this.outbox.fileRefused(file)
    return response.ok
  }

  private async sendEvents(entries: readonly OutboxEntry[]): Promise<void> {
    const body = JSON.stringify({
      sent_at: isoWithZone(this.now()),
      events: entries.map((entry) => entry.event),
    })
    const headers = { 'Content-Type': 'application/json' }
    const response = await this.ask(EVENTS, { method: 'POST', headers, body })
    if (response.ok) return this.note(entries, (await response.json()) as BatchAnswer)
    const [only] = entries
    if (entries.length === 1 && only) return this.park(only, response)
    const middle = Math.ceil(entries.length / 2)
    await this.sendEvents(entries.slice(0, middle))
    await this.sendEvents(entries.slice(middle))
  }

  private async note(entries: readonly OutboxEntry[], { answers }: BatchAnswer): Promise<void> {
    if (answers.length !== entries.length) throw new Later(LATER)
    for (const [at, entry] of entries.entries()) {
      const answer = answers[at]
      if (!answer) continue
      const state = answer.verdict === 'refused' ? 'parked' : 'answered'
      const pieces = [...(answer.pieces ?? [])]
      await this.outbox.keep({ ...entry, state, verdict: verdictOf(answer), pieces, unread: false })
    }
  }

  private async park(entry: OutboxEntry, response: Response): Promise<void> {
    const { error } = (await response.json().catch(() => ({}))) as { error?: Piece }
    const code = `http_${response.status}`
    const piece = error ?? { code, message_vi: code, message_en: code }
    await this.outbox.keep({ ...entry, state: 'parked', verdict: 'refused', pieces: [piece], unread: true })
  }

  private async ask(path: string, init: RequestInit): Promise<Response> {
    const response = await this.reach(path, init)
    if (response.status === 401 || response.status === 403) throw new Outside()
    return response
  }

  private async reach(path: string, init: RequestInit): Promise<Response> {
    let response: Response
    try {
      response = await this.call(path, init)
    } catch {
      throw new Later(LATER)
    }
    if (response.status === 408 || response.status === 429 || response.status >= 500) {
      throw new Later(Number(response.headers.get('Retry-After') ?? 0) * 1000 || LATER)
    }
    return response
  }
}

/** The first answer to a duplicate was lost on the way: its pieces say what that was, or has become since. */
function verdictOf({ verdict, pieces }: AnswerOut): NonNullable<OutboxEntry['verdict']> {
  if (verdict !== 'duplicate') return verdict
  return pieces.length > 0 ? 'incomplete' : 'accepted'
}
