/** Proposals for the rest of a running day: asked for, looked at, accepted or rejected, each once. */

import { v7 } from 'uuid'
import type {
  CourierChanges,
  JobAnswer,
  LiveItem,
  Plan,
  ProposalAnswer,
  ProposalList,
} from '../../../shared/api.gen'
import { ask, AskError, post } from '../../../shared/asking'
import { JobWatch } from '../../planning/watch.svelte'
import type { RunningDay } from '../running.svelte'
import type { Fact } from './happening'
import type { CourierChange } from './standing'

const LIVE = '/api/v1/live'
const CONFLICT = 409

export class Deciding {
  proposals = $state.raw<readonly ProposalAnswer[] | null>(null)
  changes = $state.raw<readonly CourierChange[]>([])
  /** The search for a better rest of the day; null = none runs, and none has failed. */
  search = $state.raw<JobWatch | null>(null)
  busy = $state(false)
  trouble = $state.raw<unknown>(null)
  /** Somebody else was faster. */
  conflict = $state(false)
  /** The proposal that the map shows as if it were accepted. */
  previewed = $state<string | null>(null)
  private before: Plan | null = null

  constructor(private readonly day: RunningDay) {}

  get planId(): string {
    return this.day.published?.plan_id ?? ''
  }

  /** Of the plan that couriers drive now. */
  get version(): number {
    const known = [this.day.published?.version, this.day.progress?.version]
    return Math.max(...known.map((one) => one ?? 0))
  }

  /** Load, and follow what others do; returns what stops it. */
  start(): () => void {
    void this.attempt(() => this.load())
    const deaf = this.day.listen((item) => this.hear(item))
    return () => {
      deaf()
      this.search?.close()
      this.show(null)
    }
  }

  async load(): Promise<void> {
    const [{ proposals }, changes] = await Promise.all([
      ask<ProposalList>(this.call, `${this.path}/proposals`),
      this.allChanges(),
    ])
    this.proposals = proposals
    this.changes = changes
    await this.day.waiting?.countProposals()
  }

  /** Ask for a proposal at once; says whether there is one. */
  propose(at: string, facts: readonly Fact[]): Promise<boolean> {
    const asked = { proposal_id: v7(), at, facts }
    return this.act(() => post(this.call, `${this.path}/proposals`, asked, undefined, this.version))
  }

  /** Search the whole rest of the day anew, for some seconds; what is found is a proposal like any other. */
  searchRest(at: string, facts: readonly Fact[], seconds: number): Promise<boolean> {
    const id = v7()
    const asked = { proposal_id: id, at, facts, seconds }
    return this.act(async () => {
      const job = await post<JobAnswer>(this.call, `${this.path}/rest`, asked, id, this.version)
      this.search?.close()
      this.search = new JobWatch(this.call, job, (now) => this.searched(now))
    })
  }

  accept(proposal: ProposalAnswer): Promise<boolean> {
    return this.decide(proposal, 'accept', {})
  }

  reject(proposal: ProposalAnswer, reason: string): Promise<boolean> {
    return this.decide(proposal, 'reject', { reason })
  }

  /** Let the map show a plan as it would be; null = as it is. */
  async preview(proposal: ProposalAnswer | null): Promise<void> {
    this.show(null)
    if (!proposal) return
    await this.attempt(async () => {
      this.show(await ask<Plan>(this.call, `${LIVE}/proposals/${proposal.proposal_id}/plan`))
      this.previewed = proposal.proposal_id
    })
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

  private get path(): string {
    return `${LIVE}/plans/${this.planId}`
  }

  private async decide(proposal: ProposalAnswer, how: 'accept' | 'reject', body: object): Promise<boolean> {
    const done = await this.act(() =>
      post(this.call, `${LIVE}/proposals/${proposal.proposal_id}/${how}`, body),
    )
    if (done) this.show(null)
    return done
  }

  /** One at a time; whoever was faster is shown, and nothing is overwritten. */
  private async act(work: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false
    this.busy = true
    this.conflict = false
    const done = await this.attempt(work)
    if (this.trouble instanceof AskError && this.trouble.status === CONFLICT) this.conflict = true
    const { trouble } = this
    await this.attempt(() => this.load())
    this.trouble ??= trouble
    this.day.refresh()
    this.busy = false
    return done
  }

  private async allChanges(): Promise<CourierChange[]> {
    const found: CourierChange[] = []
    let after: number | null = 0
    while (after !== null) {
      const page: CourierChanges = await ask(this.call, `${this.path}/changes?limit=200&after=${after}`)
      found.push(...page.changes)
      after = page.next_after
    }
    return found
  }

  private hear({ kind }: LiveItem): void {
    if (kind === 'change' || kind === 'proposal' || kind === 'open' || kind === 'reset')
      void this.attempt(() => this.load())
  }

  private searched(job: JobAnswer): void {
    if (job.finished_at === null) return
    if (job.state !== 'failed') this.search = null
    void this.attempt(() => this.load())
  }

  private show(plan: Plan | null): void {
    const { page } = this.day
    if (plan && page) {
      this.before = page.plan
      page.plan = plan
    } else {
      // Whatever came meanwhile is newer than what was there before.
      if (
        page &&
        this.before &&
        this.before.version >= (page.plan?.version ?? 0) - 1 &&
        this.previewed !== null
      )
        page.plan = this.before
      this.before = null
      this.previewed = null
    }
  }
}
