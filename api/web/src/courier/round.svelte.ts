/** The round that the phone keeps: asked for until it is the day's, and ever again, for plans and notes change. */

import type { Me, MyRound, SealKeyOut } from '../shared/api.gen'
import type { Database } from '../device/database'
import type { Caller } from '../device/sender'
import { daysBefore, KEEPS } from '../device/old'
import type { ServerClock } from './clock'
import { asksAgainIn } from './model/shift'

/** Which events are of the round: those from this counter on. */
interface Since {
  day: string
  counter: number
}

export class RoundKept {
  /** Of the server, once it has answered. */
  day = $state('')
  round = $state.raw<MyRound | null>(null)
  /** The counter of the first event of the round; a clock that jumps moves nothing out of it. */
  since = $state(1)
  /** The key that PINs are sealed with. */
  sealKey = $state('')
  /** Of the person, to sign a correction with. */
  userId = $state('')
  private askAt = -Infinity

  /** `onStatus` hears how each question was answered; no answer is no status. */
  constructor(
    private readonly database: Database,
    private readonly call: Caller,
    private readonly clock: ServerClock,
    private readonly onStatus: (status: number) => void,
  ) {
    this.day = clock.day()
  }

  async recall(): Promise<void> {
    this.round = (await this.kept<MyRound>('round')) ?? null
    this.since = (await this.kept<Since>('round-since'))?.counter ?? 1
    this.sealKey = (await this.kept<string>('seal-key')) ?? ''
    this.userId = (await this.kept<string>('user-id')) ?? ''
  }

  /** Ask when it is time to; what cannot be had stays as it was. */
  async keepUp(): Promise<void> {
    if (performance.now() >= this.askAt || this.clock.day() !== this.day) await this.ask()
  }

  /** Who one is comes first: the answer says which day it is. Whoever is not answered is asked again at once. */
  async ask(): Promise<void> {
    const isAnswered =
      (await this.fetched<Me>('/api/v1/auth/me', ({ user_id }) =>
        this.keep('user-id', (this.userId = user_id)),
      )) &&
      (await this.fetched<SealKeyOut>('/api/v1/custody/seal-key', ({ public_key }) =>
        this.keep('seal-key', (this.sealKey = public_key)),
      ))
    this.day = this.clock.day()
    const mine = `/api/v1/rounds/mine?day=${this.day}`
    if (!isAnswered || !(await this.fetched<MyRound>(mine, (round) => this.keepRound(round)))) return
    await this.forgetOld()
    this.askAt = performance.now() + asksAgainIn(this.round, this.day, this.clock.now())
  }

  /** Names of an old round lie on no phone; asked only once the server has said which day it is. */
  private async forgetOld(): Promise<void> {
    if (!this.round || this.round.day >= daysBefore(this.day, KEEPS)) return
    await this.database.delete('values', 'round')
    this.round = null
  }

  private async keepRound(round: MyRound): Promise<void> {
    const work = this.database.transaction('values', 'readwrite')
    const before = (await work.store.get('round-since')) as Since | undefined
    const last = ((await work.store.get('counter')) as number | undefined) ?? 0
    const since = before?.day === round.day ? before : { day: round.day, counter: last + 1 }
    await Promise.all([work.store.put(round, 'round'), work.store.put(since, 'round-since'), work.done])
    this.since = since.counter
    this.round = round
  }

  private async fetched<T>(path: string, keep: (found: T) => Promise<unknown>): Promise<boolean> {
    let answer: Response
    try {
      answer = await this.call(path, {})
    } catch {
      return false // the caller notes that the server cannot be reached, and the page says so
    }
    this.onStatus(answer.status)
    if (answer.ok) await keep((await answer.json()) as T)
    return true
  }

  private keep(name: string, value: unknown): Promise<unknown> {
    return this.database.put('values', value, name)
  }

  private async kept<T>(name: string): Promise<T | undefined> {
    return (await this.database.get('values', name)) as T | undefined
  }
}
