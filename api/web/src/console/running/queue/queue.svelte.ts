/** The queue of doubtful events and incidents: filtered, opened one at a time, settled with words. */

import type {
  DevicesLacking,
  History,
  Incidents,
  LiveItem,
  LookedAt,
  OpenEvent,
  OpenEvents,
  RefusedEvent,
  RefusedEvents,
} from '../../../shared/api.gen'
import { ask, post } from '../../../shared/asking'
import type { RunningDay } from '../running.svelte'
import { joined, matching, nextOf, type Filter, type Item } from './items'

const CUSTODY = '/api/v1/custody'
const PAGE = 200
/** Events with which something new may have gone wrong. */
const REPORTING: readonly string[] = ['EXCEPTION', 'ATTEMPT']

/** Where a decision about it goes; null = there is none to take. */
function settledAt({ eventId, quarantineId }: Item): string | null {
  if (eventId !== null) return `${CUSTODY}/incomplete/${eventId}/settled`
  return quarantineId === null ? null : `${CUSTODY}/refused/${quarantineId}/settled`
}

export class Queue {
  items = $state.raw<readonly Item[] | null>(null)
  filter: Filter = $state({ origin: '', courierId: '', office: '' })
  openKey = $state<string | null>(null)
  busy = $state(false)
  trouble = $state.raw<unknown>(null)
  /** Which was settled last, by its shipment or id. */
  settled = $state('')
  readonly shown: Item[] = $derived(matching(this.items ?? [], this.filter))
  readonly open: Item | null = $derived(this.shown.find((one) => one.key === this.openKey) ?? null)

  constructor(private readonly day: RunningDay) {}

  /** Load, and hear what comes; returns what stops it. */
  start(): () => void {
    void this.attempt(() => this.load())
    return this.day.listen((item) => this.hear(item))
  }

  async load(): Promise<void> {
    const [open, { incidents }, refused, { devices }] = await Promise.all([
      this.allOpen(),
      ask<Incidents>(this.call, `${CUSTODY}/incidents?day=${this.day.day}`),
      this.allRefused(),
      ask<DevicesLacking>(this.call, '/api/v1/devices/gaps'),
    ])
    this.items = joined(open, incidents, refused, devices)
    await this.day.waiting?.countQueue()
  }

  /** By so many places in the list. */
  step(by: number): void {
    const at = this.shown.findIndex((one) => one.key === this.openKey)
    const next = this.shown[at < 0 ? 0 : Math.min(Math.max(at + by, 0), this.shown.length - 1)]
    if (next) this.openKey = next.key
  }

  /** Note a decision; the next one opens by itself. */
  async settle(item: Item, note: string, toldBy: string | null = null): Promise<boolean> {
    const path = settledAt(item)
    if (this.busy || path === null) return false
    this.busy = true
    const next = nextOf(this.shown, item.key)
    const done = await this.attempt(async () => {
      await post(this.call, path, { note, ...(item.origin === 'refused' && { told_by: toldBy }) })
      await this.load()
    })
    if (done) {
      this.settled = item.shipments[0] ?? item.key
      this.openKey = next
    }
    this.busy = false
    return done
  }

  lookAt = (item: Item): Promise<LookedAt> => ask(this.call, `${CUSTODY}/incomplete/${item.eventId}`)

  history = (code: string): Promise<History> =>
    ask(this.call, `/api/v1/shipments/${encodeURIComponent(code)}/history`)

  /** As it came, which may hold personal data; the look is recorded. */
  reveal = (item: Item): Promise<RefusedEvent> => ask(this.call, `${CUSTODY}/refused/${item.quarantineId}`)

  /** The look is recorded; the caller revokes the address. */
  async picture(sha256: string): Promise<string> {
    const answer = await this.call(`/api/v1/evidence/${sha256}`)
    if (!answer.ok) await ask(() => Promise.resolve(answer), '')
    return URL.createObjectURL(await answer.blob())
  }

  async attempt(work: () => Promise<unknown>): Promise<boolean> {
    this.trouble = null
    try {
      await work()
      return true
    } catch (error) {
      this.trouble = error
      return false
    }
  }

  private get call() {
    return this.day.account.call
  }

  private async allOpen(): Promise<OpenEvent[]> {
    const found: OpenEvent[] = []
    let after: number | null = -1
    while (after !== null) {
      const page: OpenEvents = await ask(this.call, `${CUSTODY}/incomplete?limit=${PAGE}&after=${after}`)
      found.push(...page.events)
      after = page.next
    }
    return found
  }

  private async allRefused(): Promise<RefusedEvent[]> {
    const found: RefusedEvent[] = []
    let after: number | null = -1
    while (after !== null) {
      const page: RefusedEvents = await ask(this.call, `${CUSTODY}/refused?limit=${PAGE}&after=${after}`)
      found.push(...page.events)
      after = page.next
    }
    return found
  }

  private hear({ kind, body }: LiveItem): void {
    // Whatever happens to a shipment may mend what waits for it.
    if (kind === 'open' || kind === 'reset' || (kind === 'custody' && this.concerns(body)))
      void this.attempt(() => this.load())
  }

  private concerns(body: LiveItem['body']): boolean {
    if (REPORTING.includes(String(body['type']))) return true
    const codes = Array.isArray(body['shipments']) ? body['shipments'].map(String) : []
    return (this.items ?? []).some((one) => one.shipments.some((code) => codes.includes(code)))
  }
}
