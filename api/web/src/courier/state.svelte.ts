/** What the courier's page knows: the device, the round it keeps, the outbox, and whether anything waits. */

import type { MyRound } from '../shared/api.gen'
import { askToBeWoken } from '../device/background'
import {
  forgetNames,
  openDatabase,
  readIdentity,
  wipe,
  type Database,
  type Identity,
} from '../device/database'
import { daysBefore, KEEPS } from '../device/old'
import { Outbox, owes, UNSENT, type OutboxEntry } from '../device/outbox'
import { Sender, type Caller } from '../device/sender'
import { caller, mustWipe } from '../device/session'
import {
  aboard,
  hasBadPin,
  money,
  ofRound,
  standing,
  stopsOf,
  toLoad,
  type Money,
  type Stop,
} from './model/day'
import { BegunForms } from './begun.svelte'
import { ServerClock } from './clock'
import { Door } from './door/door.svelte'
import { letIn, takeEnrolmentCode, type Refusal } from './entering'
import { forgettable } from './model/old'
import { News } from './news.svelte'
import { Positions } from './positions.svelte'
import { actionOf, type Told } from './recording'
import { RoundKept } from './round.svelte'
import { SettledDays } from './settled.svelte'
import { isoLocal } from './today'
import { OF_ROUND, troubleOf, untaken, type Trouble } from './trouble'
import { keepAwake } from './waking'

export type Screen = 'stops' | 'map' | 'load' | 'news' | 'outbox' | 'end'

/** Milliseconds between two questions for news. */
const HEARS = 30_000
/** Milliseconds: a photograph takes its time on a weak signal, but not for ever. */
const PATIENCE = 60_000

export class CourierState {
  identity = $state.raw<Identity | null>(null)
  ready = $state(false)
  entries = $state.raw<OutboxEntry[]>([])
  /** Photographs that the server did not take with their event. */
  late = $state(0)
  screen = $state<Screen>('stops')
  stopId = $state<string | null>(null)
  /** The stop that the map was opened for. */
  spotId = $state<string | null>(null)
  trouble = $state<Trouble | null>(null)
  /** What the browser said of it, for whoever mends the page. */
  detail = $state('')
  /** Words of the server on a code that does not take this phone in; null words = it did not answer. */
  refusal = $state.raw<Refusal | null>(null)
  /** Whether the server answered last time; the browser's own word only says whether there is a network. */
  online = $state(navigator.onLine)
  kept = $state.raw<RoundKept | null>(null)
  news = $state.raw<News | null>(null)
  positions = $state.raw<Positions | null>(null)
  begun = $state.raw<BegunForms | null>(null)
  settled = $state.raw<SettledDays | null>(null)
  door = $state.raw<Door | null>(null)
  /** The phone was reported lost: it takes nothing down any more. */
  isRevoked = $state(false)

  readonly round: MyRound | null = $derived(this.kept?.round ?? null)
  readonly day: string = $derived(this.kept?.day ?? '')
  readonly sealKey: string = $derived(this.kept?.sealKey ?? '')
  readonly userId: string = $derived(this.kept?.userId ?? '')
  readonly stops: Stop[] = $derived(this.round ? stopsOf(this.round) : [])
  readonly stop: Stop | null = $derived(this.stops.find((one) => one.id === this.stopId) ?? null)
  readonly events: OutboxEntry[] = $derived(standing(this.entries))
  readonly today: OutboxEntry[] = $derived(ofRound(this.entries, this.kept?.since ?? 1))
  readonly unsent: number = $derived(
    this.entries.filter(({ state, unread }) => UNSENT.has(state) || (this.isRevoked && unread)).length,
  )
  readonly parked: OutboxEntry[] = $derived(this.entries.filter((one) => one.state === 'parked'))
  /** Hand-overs of the round that wait for a signature in the place of a PIN. */
  readonly badPins: OutboxEntry[] = $derived(this.today.filter(hasBadPin))
  readonly aboard: string[] = $derived(aboard(this.events))
  readonly money: Money = $derived(money(this.today))
  readonly toLoad: string[] = $derived(toLoad(this.stops))

  private database!: Database
  private outbox: Outbox | null = null
  private sender: Sender | null = null
  private readonly clock = new ServerClock()
  private hearAt = -Infinity
  /** How many actions are being taken down just now. */
  private acting = 0

  /** Returns what stops it. */
  start(): () => void {
    this.run(this.open())
    return keepAwake({
      work: () => this.run(this.flush()),
      offline: () => (this.online = false),
      failed: (reason) => this.fail(reason),
    })
  }

  /** Work that nobody waits for: when it fails, the page says so. */
  run(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.fail(error))
  }

  private fail(error: unknown): void {
    if (this.trouble === 'revoked') return
    this.trouble = 'unexpected'
    this.detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  }

  /** `fetch` as the device's person, which notes whether the server can be reached. */
  readonly call: Caller = async (path, init) => {
    try {
      const answer = await caller(this.database)(path, { signal: AbortSignal.timeout(PATIENCE), ...init })
      this.online = true
      this.clock.heard(answer)
      return answer
    } catch (error) {
      this.online = false
      throw error
    }
  }

  /**
   * A phone that was reported lost hands in what it has, for papers moved all the same; then it keeps nothing. The
   * names of people go at once.
   */
  private async forgetWhenTold(): Promise<boolean> {
    if (!(await mustWipe(this.database))) return false
    this.isRevoked = true
    this.positions?.stop()
    this.news = this.positions = this.kept = this.begun = this.settled = this.door = this.stopId = null
    await forgetNames(this.database)
    if (this.acting > 0 || !(await wipe(this.database, owes))) {
      this.trouble = 'revoking'
      await this.reread()
      return true
    }
    this.identity = this.outbox = this.sender = null
    this.entries = []
    this.trouble = 'revoked'
    return true
  }

  private async open(): Promise<void> {
    this.database = await openDatabase()
    const code = takeEnrolmentCode()
    if (code) this.refusal = await letIn(this.database, this.call, code)
    this.identity = await readIdentity(this.database)
    if (this.identity) {
      await navigator.storage.persist()
      this.outbox = new Outbox(this.database, this.identity)
      this.sender = new Sender(this.outbox, this.call)
      this.news = new News(this.database, this.call)
      this.positions = new Positions(this.call)
      this.kept = new RoundKept(this.database, this.call, this.clock, (status) => this.answered(status))
      this.begun = new BegunForms(this.database)
      this.settled = new SettledDays(this.database, this.call)
      this.door = new Door(this.database, this.call)
      const kept = [this.news, this.begun, this.settled, this.door, this.kept]
      await Promise.all(kept.map((one) => one.recall()))
      await this.reread()
      if (this.round && this.toLoad.some((code) => !this.isLoaded(code))) this.screen = 'load'
    }
    if (this.identity) await this.forgetWhenTold()
    this.ready = true
    await this.fetchRound()
    await this.flush()
  }

  /** Taken along today, or still aboard since the day before. */
  isLoaded(code: string): boolean {
    const isOut = this.today.some(({ event }) => event.type === 'OUT' && event.shipments.includes(code))
    return isOut || this.aboard.includes(code)
  }

  show(screen: Screen, spotId: string | null = null): void {
    this.screen = screen
    this.spotId = spotId
    this.stopId = null
    this.begun?.resume(null)
    this.door?.close()
  }

  /** Ask for the round at once. */
  async fetchRound(): Promise<void> {
    await this.positions?.readConsent()
    await this.loadWhenFirst(this.kept?.ask())
  }

  private async loadWhenFirst(asked: Promise<void> | undefined): Promise<void> {
    const isFirst = this.round === null
    await asked
    if (isFirst && this.round && this.toLoad.length > 0) this.screen = 'load'
  }

  /** What the page says of an answer to the round; a trouble of another kind stays until it is mended. */
  private answered(status: number): void {
    const found = troubleOf(status)
    if (found !== null || OF_ROUND.has(this.trouble)) this.trouble = found
  }

  /**
   * Take actions down, all of them or none; a PIN comes in clear and is kept sealed.
   *
   * `begun` is the key of the form that it was written in. Returns false when nothing was taken down; the page then
   * says why.
   */
  async act(told: readonly Told[], mends?: OutboxEntry, begun?: string): Promise<boolean> {
    if (!this.outbox || this.isRevoked) return false
    this.acting += 1
    try {
      const actions = await Promise.all(told.map((one) => actionOf(one, !this.online, this.sealKey)))
      const [first] = actions
      if (mends && first) await this.outbox.mend(mends, first.draft, first.files, begun)
      else await this.outbox.addAll(actions, begun)
      if (begun) await this.begun?.drop(begun)
    } catch (error) {
      this.trouble = untaken(error)
      return false
    } finally {
      this.acting -= 1
    }
    if (this.trouble === 'full' || this.trouble === 'no_seal_key') this.trouble = null
    await this.reread()
    this.run(Promise.all([this.flush(), navigator.serviceWorker.ready.then(askToBeWoken)]))
    return true
  }

  async flush(): Promise<void> {
    if (!this.sender || !this.outbox) return
    await this.outbox.recover()
    if (await mustWipe(this.database)) await this.sender.again()
    const outcome = await this.sender.flush()
    if (await this.forgetWhenTold()) return
    if (outcome.kind === 'outside') this.trouble = 'outside'
    await this.reread()
    await this.loadWhenFirst(this.kept?.keepUp())
    await this.hear()
    if (this.round) await this.door?.catalogue.keepUp(this.day)
    await this.forgetOld()
    if (this.online) await this.begun?.forgetOld(daysBefore(this.day, KEEPS))
    await this.positions?.keepUp(this.round)
    await this.forgetWhenTold()
  }

  /** By the round of the day, which the server gave: a phone whose clock is wrong forgets nothing too soon. */
  private async forgetOld(): Promise<void> {
    const { outbox, kept, round } = this
    if (!outbox || !kept || !round) return
    const old = forgettable(this.entries, kept.since, daysBefore(round.day, KEEPS), await outbox.areSent())
    if (old.length === 0) return
    await outbox.forget(old)
    await this.reread()
  }

  /** Ask for what the dispatcher changed and said; a changed plan brings a new round. */
  private async hear(): Promise<void> {
    if (!this.news || performance.now() < this.hearAt) return
    if (!(await this.news.ask(this.round?.plan_id))) return
    this.hearAt = performance.now() + HEARS
    if (this.round && this.news.newest > this.round.version) await this.fetchRound()
  }

  /** A time of the server as this phone's clock shows it. */
  readonly localTime = isoLocal

  private async reread(): Promise<void> {
    this.entries = (await this.outbox?.all()) ?? []
    this.late = (await this.outbox?.countLate(this.entries)) ?? 0
  }
}
