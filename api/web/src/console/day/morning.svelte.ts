/** A dispatcher's morning: a day, its plans, the one that is open, and the search that runs. */

import type { JobAnswer, NextDay, PlanAnswer, PlanHistory, Waiting } from '../../shared/api.gen'
import { ask, post } from '../../shared/asking'
import type { Account } from '../account/account.svelte'
import type { Address } from '../address.svelte'
import { Comparing } from '../comparing/comparing.svelte'
import { readPair, writePair, type Pair } from '../comparing/refs'
import { PlanChanges } from '../editing/changes.svelte'
import { Editing } from '../editing/editing.svelte'
import { Explaining } from '../explaining/explaining.svelte'
import { Importing } from '../importing/importing.svelte'
import { PLANS, StoredSource } from '../model/stored'
import { JobWatch } from '../planning/watch.svelte'
import { Printing } from '../printing/printing.svelte'
import { ConsoleState } from '../state.svelte'
import { readNextDay, readPlans, readSearch, readWaiting } from './asking'

export type Dialog = 'import' | 'plan' | 'on' | 'publish' | 'unpublish' | 'compare' | 'print'

/** A plan on the screen. */
export interface Opened {
  planId: string
  page: ConsoleState
}

/** What a search is asked for. */
export interface Wanted {
  seconds: number
  absent: string[]
  /** None = all. */
  bases: string[]
}

export class Morning {
  /** The newest first; null = not loaded yet. */
  plans = $state.raw<readonly PlanAnswer[] | null>(null)
  waiting = $state.raw<Waiting | null>(null)
  opened = $state.raw<Opened | null>(null)
  /** Two plans side by side, in the place of the list or of the open one. */
  comparing = $state.raw<Comparing | null>(null)
  watch = $state.raw<JobWatch | null>(null)
  dialog = $state<Dialog | null>(null)
  /** Why the day is the one that is offered; null = somebody chose it. */
  next = $state.raw<NextDay | null>(null)
  /** Something went well that is not seen by itself. */
  told = $state<'published' | 'withdrawn' | 'cancelled' | null>(null)
  readonly importing: Importing
  readonly published: PlanAnswer | null = $derived(
    this.plans?.find((one) => one.status === 'published') ?? null,
  )

  get day(): string {
    return this.address.day
  }

  constructor(
    readonly account: Account,
    readonly address: Address,
  ) {
    this.importing = new Importing(account.call, () => account.province)
  }

  /** Returns what stops it. */
  start(): () => void {
    const { plan, compare } = this.address
    const pair = readPair(compare)
    if (pair) this.compare(pair)
    void this.attempt(async () => {
      await this.offerDay(plan !== null)
      await this.resumeRows()
      await Promise.all([this.load(), plan ? this.open(plan) : this.findSearch()])
    })
    return () => this.watch?.close()
  }

  attempt(work: () => Promise<unknown>): Promise<boolean> {
    return this.account.attempt(work)
  }

  /** A plan that is named has a day of its own. */
  private async offerDay(named: boolean): Promise<void> {
    if (!this.address.free || named) return
    const { call, province } = this.account
    const next = await readNextDay(call, province)
    this.address.offer(next.day)
    if (this.address.free) this.next = next
  }

  async choose(day: string): Promise<void> {
    if (!day) return
    this.next = null
    this.address.go({ day })
    this.plans = this.waiting = null
    this.told = null
    this.close()
    this.endComparing()
    await this.resumeRows()
    await this.load()
    await this.findSearch()
  }

  private async resumeRows(): Promise<void> {
    const { me, province } = this.account
    if (me) await this.importing.resume({ person: me.user_id, province, day: this.day })
  }

  /** A search for the day that runs, perhaps without a plan yet, is followed again after a reload. */
  private async findSearch(): Promise<void> {
    if (this.watch?.running) return
    const { day } = this
    const { call, province } = this.account
    const job = await readSearch(call, day, province)
    if (job && day === this.day) this.follow(job)
  }

  async load(): Promise<void> {
    const { day } = this
    const { call, province } = this.account
    const [plans, waiting] = await Promise.all([
      readPlans(call, day, province),
      readWaiting(call, day, province),
    ])
    if (day === this.day) [this.plans, this.waiting] = [plans, waiting]
  }

  /** Show a plan, and follow the search when it is still being made. */
  async open(planId: string): Promise<void> {
    const { call } = this.account
    const source = new StoredSource(planId, call).begin()
    const { plan } = await ask<PlanHistory>(call, `${PLANS}/${planId}/history`)
    if (plan.job_id !== null && plan.job_id !== this.watch?.job.job_id && plan.status === 'draft') {
      const job = await ask<JobAnswer>(call, `/api/v1/jobs/${plan.job_id}`)
      if (job.finished_at === null) this.follow(job)
    }
    if (plan.job_id !== null && plan.job_id === this.watch?.job.job_id) source.watch = this.watch
    this.told = null
    const page = new ConsoleState(source)
    const { may } = this.account
    page.changes = new PlanChanges(call, planId, page)
    if (may.plan) page.editing = new Editing(call, page.changes, page)
    page.explaining = new Explaining(call, planId, page, may.plan ? () => (this.dialog = 'on') : null)
    page.printing = new Printing(call, planId, may.name)
    this.opened = { planId, page }
    this.address.go({ plan: planId })
  }

  compare(pair: Pair): void {
    this.comparing = new Comparing(this.account.call, pair)
    this.address.go({ compare: writePair(pair) })
  }

  endComparing(): void {
    this.comparing = null
    this.address.go({ compare: null })
  }

  close(): void {
    this.opened = null
    this.address.go({ plan: null })
  }

  /** `once` names the wish: asked again after a lost answer, one search runs. */
  async plan(wanted: Wanted, once: string): Promise<void> {
    const { call, province } = this.account
    const job = await post<JobAnswer>(call, PLANS, { province_id: province, day: this.day, ...wanted }, once)
    this.dialog = null
    this.told = null
    this.close()
    this.follow(job)
  }

  /** Search on from the open plan around its locks, for some bases or (none named) for all; it makes another draft. */
  async searchOn(wanted: { seconds: number; bases: string[] }, once: string): Promise<void> {
    const from = this.opened?.planId
    if (from === undefined) return
    const job = await post<JobAnswer>(this.account.call, `${PLANS}/${from}/replan`, wanted, once)
    this.dialog = this.told = null
    this.follow(job, from)
  }

  /** Make the open plan the day's plan, if it still is the version that was looked at. */
  async publish(version: number): Promise<void> {
    await this.change('publish', version, { replaces: this.published?.plan_id ?? null })
    this.told = 'published'
  }

  async unpublish(version: number): Promise<void> {
    await this.change('unpublish', version, {})
    this.told = 'withdrawn'
  }

  private async change(what: 'publish' | 'unpublish', version: number, body: object): Promise<void> {
    const { opened } = this
    if (!opened) return
    await post(this.account.call, `${PLANS}/${opened.planId}/${what}`, body, undefined, version)
    this.dialog = null
    await this.reload()
  }

  /** What the server has now, of the list and of the open plan. */
  async reload(): Promise<void> {
    await Promise.all([this.load(), this.opened?.page.refresh()])
  }

  /** The import is closed: what waits is more now. */
  imported(): void {
    this.dialog = null
    void this.attempt(() => this.load())
  }

  /** `from`: what is on the screen while nothing is found; whoever went elsewhere meanwhile is left there. */
  private follow(job: JobAnswer, from: string | null = null): void {
    this.watch?.close()
    let shown = false
    const { day } = this
    this.watch = new JobWatch(this.account.call, job, (now) => {
      const planId = now.result?.plan_id
      if (planId !== undefined && !shown) {
        shown = true
        const waits = day === this.day && (this.opened?.planId ?? null) === from
        if (waits) void this.attempt(() => this.open(planId))
      }
      if (now.finished_at !== null) void this.attempt(() => this.finish(now))
    })
  }

  private async finish(job: JobAnswer): Promise<void> {
    if (job.state === 'cancelled') {
      this.watch = null
      this.close()
      this.told = 'cancelled'
    }
    await this.load()
  }
}
