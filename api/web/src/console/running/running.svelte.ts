/** The day as it runs: its published plan, where couriers are, how far they are, and what waits for a dispatcher. */

import type { DayProgress, LiveItem, PlanAnswer } from '../../shared/api.gen'
import { AskError } from '../../shared/asking'
import { followStream } from '../../shared/stream'
import type { Account } from '../account/account.svelte'
import type { Address } from '../address.svelte'
import { today } from '../day/days'
import { StoredSource } from '../model/stored'
import { ConsoleState } from '../state.svelte'
import { AlertBook } from './alerts.svelte'
import { readProgress, readPublished } from './asking'
import { zoneOf } from './model/clock'
import { phaseOf, type Phase } from './model/phase'
import { latest, Moves, NOBODY, positionOf, type Positions } from './model/seen'
import { sighted, watchedAll, type Watched } from './model/watched'
import { Soon } from './soon'
import { Drafts } from './talking/drafts.svelte'
import { Waiting } from './waiting.svelte'

export type TabId = 'couriers' | 'alerts' | 'proposals' | 'messages' | 'queue' | 'handover'
/** What the page has of the day. */
export type Stage = 'looking' | 'none' | 'shown' | 'failed'

/** The server's own limit: the token that a stream was opened with lives no longer. */
const STREAM_SECONDS = 600
const STREAM = `/api/v1/live/stream?seconds=${STREAM_SECONDS}`
/** Progress is asked for when something happened, not more often than this, milliseconds. */
const PROGRESS_PAUSE = 4_000
/** Positions are drawn together, at most so often, milliseconds. */
const DRAW_PAUSE = 500
/** Without any news lateness grows with the clock, milliseconds. */
const IDLE_PAUSE = 60_000
const TICK = 1_000
/** Of ages, milliseconds. */
const AGE_STEP = 15_000
/** A line that is opened again within it was not lost, milliseconds. */
const LOST_AFTER = 6_000

export class RunningDay {
  stage = $state<Stage>('looking')
  published = $state.raw<PlanAnswer | null>(null)
  page = $state.raw<ConsoleState | null>(null)
  progress = $state.raw<DayProgress | null>(null)
  positions = $state.raw<Positions>(NOBODY)
  waiting = $state.raw<Waiting | null>(null)
  tab = $state<TabId>('couriers')
  /** Whom the open tab is about, when something led there: a message to write, a proposal to make. */
  aboutId = $state<string | null>(null)
  /** By the server's clock, milliseconds. */
  now = $state(Date.now())
  /** The same, changing so rarely that everything may be judged anew by it. */
  readonly minute: number = $derived(Math.floor(this.now / AGE_STEP) * AGE_STEP)
  /** Of this browser's clock, when the stream broke; null = it runs. */
  private brokenAt = $state<number | null>(null)
  private skew = $state(0)
  readonly lostSince: number | null = $derived(
    this.brokenAt !== null && this.now - this.skew - this.brokenAt > LOST_AFTER ? this.brokenAt : null,
  )
  /** Everybody with a round, as far as the last progress says; whoever needs somebody first comes first. */
  readonly joined: readonly Watched[] = $derived.by(() => {
    const { page, progress, phase } = this
    return page?.look && progress ? watchedAll(progress, page.rounds, page.look, phase === 'over') : []
  })
  /** The same, with where they were seen last. */
  readonly watched: readonly Watched[] = $derived.by(() => {
    const { joined, positions, minute } = this
    return joined.map((one) => sighted(one, positions.get(one.id) ?? null, minute))
  })
  readonly chosen: Watched | null = $derived(
    this.watched.find((one) => one.id === this.page?.chosenId) ?? null,
  )
  /** Minutes east of Greenwich, of the plan. */
  readonly zone: number = $derived(zoneOf(this.page?.rounds[0]?.starts ?? ''))
  readonly alerts: AlertBook
  readonly drafts = new Drafts()
  readonly phase: Phase | null = $derived(this.progress && phaseOf(this.progress, this.now))

  /** Whatever was asked for before another day was opened is not shown any more. */
  private visit = 0
  private streaming = false
  private readonly moves = new Moves()
  private listeners: readonly ((item: LiveItem) => void)[] = []
  private stopFollowing: () => void = () => undefined
  private progressSoon: Soon | null = null
  private readonly drawSoon = new Soon(() => this.draw(), DRAW_PAUSE)

  constructor(
    readonly account: Account,
    readonly address: Address,
  ) {
    this.alerts = new AlertBook(this)
    this.address.offer(today())
  }

  get day(): string {
    return this.address.day
  }

  /** Whoever only looks has no stream, no messages and nothing to decide. */
  get acts(): boolean {
    return this.account.may.watch
  }

  /** Returns what stops it. */
  start(): () => void {
    const timer = setInterval(() => (this.now = Date.now() + this.skew), TICK)
    const idle = setInterval(() => this.progressSoon?.ask(), IDLE_PAUSE)
    void this.load()
    return () => {
      clearInterval(timer)
      clearInterval(idle)
      this.drawSoon.close()
      this.leave()
    }
  }

  attempt(work: () => Promise<unknown>): Promise<boolean> {
    return this.account.attempt(work)
  }

  async choose(day: string): Promise<void> {
    if (!day || day === this.day) return
    this.address.go({ day })
    await this.load()
  }

  /** Find the day's published plan and follow it. */
  async load(): Promise<void> {
    this.leave()
    this.alerts.open()
    this.stage = 'looking'
    const { visit } = this
    const { call, province } = this.account
    const found = await this.attempt(async () => {
      const plan = await readPublished(call, this.day, province)
      if (visit !== this.visit) return
      this.published = plan
      if (plan) await this.open(plan)
      else this.stage = 'none'
    })
    if (!found && visit === this.visit) this.stage = 'failed'
  }

  /** Hear what the stream tells; returns what stops it. */
  listen(hear: (item: LiveItem) => void): () => void {
    this.listeners = [...this.listeners, hear]
    return () => (this.listeners = this.listeners.filter((one) => one !== hear))
  }

  /** Go where something can be done about a courier. */
  lead(tab: TabId, courierId: string | null = null): void {
    this.aboutId = courierId
    this.tab = tab
  }

  /** Look at a courier, at one of their stops, in list and map. */
  show(courierId: string, stop: number | null = null): void {
    this.lead('couriers')
    this.page?.choose(courierId, stop)
  }

  /** Ask how far everybody is, soon. */
  refresh(): void {
    this.progressSoon?.ask()
  }

  private async open(plan: PlanAnswer): Promise<void> {
    const { call } = this.account
    const { day, visit } = this
    const page = new ConsoleState(new StoredSource(plan.plan_id, call))
    const version = (): number => this.progress?.version ?? plan.version
    const waiting = new Waiting(call, plan.plan_id, version, this.acts)
    const [progress] = await Promise.all([readProgress(call, day), page.load(), waiting.load()])
    if (visit !== this.visit) return
    this.page = page
    this.waiting = waiting
    await this.receive(progress, visit)
    this.stage = 'shown'
    this.progressSoon = new Soon(
      () =>
        this.behind(async () => {
          const [found] = await Promise.all([readProgress(call, day), waiting.countQueue()])
          await this.receive(found, visit)
        }),
      PROGRESS_PAUSE,
    )
    if (!this.acts) return
    this.stopFollowing = followStream(call, STREAM, {
      onData: (data) => this.hear(JSON.parse(data) as LiveItem),
      onConnection: (connected) => {
        this.streaming = connected
        this.connect(connected)
      },
    })
  }

  /** A plan that was changed meanwhile is fetched first: progress speaks of its stops. */
  private async receive(found: DayProgress, visit: number): Promise<void> {
    if (visit !== this.visit || !this.page) return
    if (this.published?.plan_id !== found.plan_id) return this.load()
    if (this.page.plan && this.page.plan.version < found.version) await this.page.refresh()
    if (visit !== this.visit) return
    if (this.page.plan?.version !== found.version) return this.refresh()
    this.skew = Date.parse(found.now) - Date.now()
    this.now = Date.parse(found.now)
    this.positions = latest(found, this.positions)
    this.progress = found
    if (this.streaming) this.connect(true)
  }

  /** What nobody asked for by hand: it takes no other trouble off the screen, and a lost line is told as such. */
  private async behind(work: () => Promise<unknown> | undefined): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (error instanceof AskError && error.status === 0) this.connect(false)
      else this.account.trouble = error
    }
  }

  private connect(connected: boolean): void {
    this.brokenAt = connected ? null : (this.brokenAt ?? Date.now())
  }

  /** Returns whether that was the last: the day's stream has none. */
  private hear(item: LiveItem): boolean {
    if (item.kind === 'open' || item.kind === 'reset') {
      this.refresh()
      void this.behind(() => this.waiting?.load())
    } else if (item.kind === 'position') this.move(item)
    else {
      if (item.kind === 'consent' && item.courier_id && item.body.given !== true) this.hide(item.courier_id)
      this.refresh()
      void this.behind(() => this.waiting?.hear(item))
    }
    this.listeners.forEach((hear) => hear(item))
    return false
  }

  private move(item: LiveItem): void {
    const courier = this.progress?.couriers.find((one) => one.courier_id === item.courier_id)
    if (!courier) return
    this.moves.add(courier.courier_id, positionOf(item))
    this.drawSoon.ask()
  }

  /** Whoever takes their consent back is gone from the map at once. */
  private hide(courierId: string): void {
    this.moves.add(courierId, null)
    this.drawSoon.ask()
  }

  private draw(): Promise<void> {
    this.positions = this.moves.onto(this.positions)
    return Promise.resolve()
  }

  private leave(): void {
    this.visit += 1
    this.stopFollowing()
    this.stopFollowing = () => undefined
    this.progressSoon?.close()
    this.progressSoon = null
    this.moves.forget()
    this.page = this.progress = this.published = this.waiting = null
    this.positions = NOBODY
    this.brokenAt = null
  }
}
