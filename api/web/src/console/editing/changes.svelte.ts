/** What was done to a plan by hand, by anybody, and what rules it breaks: asked for again and again while it is open. */

import type { Caller } from '../../device/sender'
import type { EditViolation, PlanChange, PlanHistory, PlanViolations } from '../../shared/api.gen'
import { ask, AskError } from '../../shared/asking'
import { PLANS } from '../model/stored'

const EVERY_MS = 3000

/** What the page shows: the version that is on it, and how to show a newer one. */
interface Shown {
  readonly plan: { version: number } | null
  refresh(): Promise<void>
}

export class PlanChanges {
  /** Null = not asked yet. */
  history = $state.raw<PlanHistory | null>(null)
  violations = $state.raw<readonly EditViolation[]>([])
  /** What others did while the plan was on the screen, until it is read. */
  news = $state.raw<readonly PlanChange[]>([])
  /** Nothing is heard from the server. */
  lost = $state(false)
  /** While this page itself changes the plan, what comes is its own. */
  paused = false
  private looks = 0

  constructor(
    private readonly call: Caller,
    readonly planId: string,
    private readonly shown: Shown,
  ) {}

  /** Follow what others do; returns what stops it. */
  watch(): () => void {
    void this.renew()
    const timer = setInterval(() => void this.hear(() => this.compare()), EVERY_MS)
    return () => clearInterval(timer)
  }

  /** Ask what the server knows now. */
  renew(): Promise<void> {
    return this.hear(() => this.look())
  }

  /** Several may be under way: the one that was asked last counts, in whatever order they are answered. */
  private async look(): Promise<void> {
    const mine = ++this.looks
    const [history, found] = await Promise.all([
      this.ask<PlanHistory>(`/history?since=${this.shown.plan?.version ?? 0}`),
      this.ask<PlanViolations>('/violations'),
    ])
    if (mine !== this.looks) return
    this.history = history
    this.violations = found.violations
  }

  /** Whether somebody was at work; then the page shows what they made. */
  private async compare(): Promise<void> {
    const { plan } = this.shown
    if (!plan || this.paused || document.hidden) return
    const history = await this.ask<PlanHistory>(`/history?since=${plan.version}`)
    if (this.paused || history.plan.version <= plan.version) return
    await Promise.all([this.shown.refresh(), this.look()])
    // A slow server may be asked again before it has answered: both answers tell of the same changes.
    const isNew = (version: number) => this.news.every((one) => one.version !== version)
    this.news = [...this.news, ...history.changes.filter((one) => isNew(one.version))]
  }

  /** Do something that is tried again later anyway: where the server is silent, that is told meanwhile. */
  private async hear(work: () => Promise<void>): Promise<void> {
    try {
      await work()
      this.lost = false
    } catch (error) {
      if (!(error instanceof AskError)) throw error
      this.lost = true
    }
  }

  private ask<T>(part: string): Promise<T> {
    return ask<T>(this.call, `${PLANS}/${this.planId}${part}`)
  }
}
