/** What dispatchers and couriers say to each other while the day runs. */

import { v7 } from 'uuid'
import type { LiveItem, MessageKind, MessageList, MessageOut, MessageSent } from '../../../shared/api.gen'
import { ask, post } from '../../../shared/asking'
import type { RunningDay } from '../running.svelte'
import type { Drafts } from './drafts.svelte'
import { isUnread, threadsOf, type Mate, type Thread } from './threads'

const MESSAGES = '/api/v1/live/messages'
/** The server's own limit of a page. */
const PAGE = 200

export class Talking {
  messages = $state.raw<readonly MessageOut[] | null>(null)
  openId = $state<string | null>(null)
  busy = $state(false)
  trouble = $state.raw<unknown>(null)
  readonly mates: readonly Mate[] = $derived.by(() => {
    const { look, rounds } = this.day.page ?? { look: null, rounds: [] }
    return rounds.map(({ id, name, route }) => ({
      id,
      name,
      base: look?.sites.get(route.base_id)?.name ?? route.base_id,
    }))
  })
  readonly threads: Thread[] = $derived(threadsOf(this.messages ?? [], this.mates))
  readonly open: Thread | null = $derived(this.threads.find((one) => one.id === this.openId) ?? null)

  constructor(private readonly day: RunningDay) {}

  /** Load, and hear what is said; returns what stops it. */
  start(): () => void {
    void this.attempt(() => this.load())
    return this.day.listen((item) => this.hear(item))
  }

  async load(): Promise<void> {
    const newest = await this.page('')
    const thread =
      this.openId === null ? [] : await this.page(`&courier_id=${encodeURIComponent(this.openId)}`)
    const known = newest.map((one) => one.number)
    this.messages = [...newest, ...thread.filter((one) => !known.includes(one.number))]
  }

  /** Open a thread: what the courier said in it is read by that. */
  async enter(courierId: string | null): Promise<void> {
    this.openId = courierId
    if (courierId === null) return
    await this.attempt(async () => {
      await this.load()
      await this.readAll(courierId)
    })
  }

  /** Null = it could not be sent. */
  async say(courierIds: readonly string[], kind: MessageKind, text: string): Promise<MessageSent | null> {
    if (this.busy) return null
    this.busy = true
    const said = { message_id: v7(), kind, text, courier_ids: courierIds }
    let sent: MessageSent | null = null
    await this.attempt(async () => {
      sent = await post<MessageSent>(this.day.account.call, MESSAGES, said)
      await this.load()
    })
    this.busy = false
    return sent
  }

  get drafts(): Drafts {
    return this.day.drafts
  }

  private async readAll(courierId: string): Promise<void> {
    const waits = (this.messages ?? []).filter((one) => one.courier_id === courierId && isUnread(one))
    for (const { message_id } of waits)
      await post(this.day.account.call, `${MESSAGES}/${message_id}/read`, {})
    if (waits.length > 0) await Promise.all([this.load(), this.day.waiting?.countMessages()])
  }

  private async page(more: string): Promise<readonly MessageOut[]> {
    return (await ask<MessageList>(this.day.account.call, `${MESSAGES}?limit=${PAGE}${more}`)).messages
  }

  private hear({ kind, courier_id }: LiveItem): void {
    if (kind !== 'message' && kind !== 'read' && kind !== 'open' && kind !== 'reset') return
    void this.attempt(async () => {
      await this.load()
      if (kind === 'message' && courier_id !== null && courier_id === this.openId)
        await this.readAll(courier_id)
    })
  }

  private async attempt(work: () => Promise<unknown>): Promise<boolean> {
    this.trouble = null
    try {
      await work()
      return true
    } catch (error) {
      this.trouble = error
      return false
    }
  }
}
