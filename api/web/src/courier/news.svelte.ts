/** What the dispatcher changed and said, kept for reading without a signal; answers need one, and say so. */

import { v7 } from 'uuid'
import type { ChangeReply, CourierChanges, MessageIn, MessageList, MessageOut } from '../shared/api.gen'
import type { Database } from '../device/database'
import type { Caller } from '../device/sender'
import { askAfter, merged, withSaid, type Change } from './model/news'

const CHANGES = '/api/v1/live/changes'
const MESSAGES = '/api/v1/live/messages'
const JSON_BODY = { 'Content-Type': 'application/json' }

interface Kept {
  changes: Change[]
  messages: MessageOut[]
}

export class News {
  /** The newest first. */
  changes = $state.raw<Change[]>([])
  messages = $state.raw<MessageOut[]>([])
  /** Version of the plan by the latest change. */
  readonly newest: number = $derived(this.changes[0]?.version ?? 0)
  readonly open: number = $derived(
    this.changes.filter((one) => one.answer === null).length +
      this.messages.filter((one) => !one.by_courier && one.read_at === null).length,
  )

  constructor(
    private readonly database: Database,
    private readonly call: Caller,
  ) {}

  async recall(): Promise<void> {
    const kept = (await this.database.get('values', 'news')) as Kept | undefined
    this.changes = kept?.changes ?? []
    this.messages = kept?.messages ?? []
  }

  /** Ask for what is new; false = the server could not be asked, and what is kept stays. */
  async ask(planId: string | undefined): Promise<boolean> {
    const changes = await this.read<CourierChanges>(`${CHANGES}?after=${askAfter(this.changes, planId)}`)
    const messages = await this.read<MessageList>(`${MESSAGES}?limit=30`)
    if (!changes || !messages) return false
    this.changes = merged(this.changes, changes.changes, planId)
    this.messages = [...messages.messages]
    await this.keep()
    return true
  }

  /** False = not sent. */
  async answer(change: Change, reply: ChangeReply): Promise<boolean> {
    const told = await this.send<Change>(`${CHANGES}/${change.change_id}/answer`, reply)
    if (!told) return false
    this.changes = this.changes.map((one) => (one.change_id === told.change_id ? told : one))
    await this.keep()
    return true
  }

  /** False = not sent; said again with the same id it is said once. */
  async say(kind: MessageIn['kind'], text: string, message_id: string = v7()): Promise<boolean> {
    const told = await this.send<MessageList>(MESSAGES, { message_id, kind, text })
    if (!told) return false
    this.messages = withSaid(this.messages, told.messages)
    await this.keep()
    return true
  }

  /** The dispatcher sees that it was read. */
  async readAll(): Promise<void> {
    for (const one of this.messages.filter((message) => !message.by_courier && message.read_at === null)) {
      const told = await this.send<MessageOut>(`${MESSAGES}/${one.message_id}/read`, undefined)
      if (!told) return
      this.messages = this.messages.map((message) =>
        message.message_id === told.message_id ? told : message,
      )
    }
    await this.keep()
  }

  private keep(): Promise<unknown> {
    const kept: Kept = { changes: this.changes, messages: this.messages }
    return this.database.put('values', kept, 'news')
  }

  private read<T>(path: string): Promise<T | null> {
    return this.asked<T>(path, {})
  }

  private send<T>(path: string, body: object | undefined): Promise<T | null> {
    const content = body ? { headers: JSON_BODY, body: JSON.stringify(body) } : {}
    return this.asked<T>(path, { method: 'POST', ...content })
  }

  private async asked<T>(path: string, init: RequestInit): Promise<T | null> {
    try {
      const answer = await this.call(path, init)
      return answer.ok ? ((await answer.json()) as T) : null
    } catch (error) {
      if (error instanceof TypeError || error instanceof DOMException) return null // no signal, or no patience
      throw error
    }
  }
}
