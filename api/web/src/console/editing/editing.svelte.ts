/** A draft that is changed by hand: every change is tried or done by the server, which checks every rule. */

import type { Caller } from '../../device/sender'
import type {
  Assign,
  AssignAll,
  EditAnswer,
  EditDone,
  Lock,
  LockRound,
  Merge,
  Move,
  Plan,
  PlanAnswer,
  PlanChange,
  Split,
  StopAdded,
  StopWanted,
  Unassign,
} from '../../shared/api.gen'
import { AskError, post } from '../../shared/asking'
import type { News } from '../model/source'
import { PLANS } from '../model/stored'
import type { PlanChanges } from './changes.svelte'
import { Holding } from './holding.svelte'
import { Latest } from './latest'

export type Edit = Assign | AssignAll | Lock | LockRound | Merge | Move | Split | Unassign

/** Why nothing can be changed now. */
export type Off = 'published' | 'withdrawn' | 'searching'

/** What the page shows, and how to show what the server has now. */
interface Shown {
  readonly plan: Plan | null
  readonly progress: News | null
  refresh(): Promise<void>
}

type Step = 'undo' | 'redo'

/** Somebody was faster: what was not done because of it, and what they did. */
export interface Conflict {
  /** To be done again on what is there now; null = an undo, which goes by what was done last. */
  edit: Edit | null
  changes: readonly PlanChange[]
}

/** What an edit did to which plan. */
export interface Done {
  answer: EditAnswer
  before: Plan
}

export class Editing {
  busy = $state(false)
  /** What the edit that a hand holds would do; null = none is tried. */
  tried = $state.raw<EditAnswer | null>(null)
  /** Why the edit that a hand holds makes no sense, in the server's words. */
  refused = $state.raw<AskError | null>(null)
  /** What the last edit did; null = none yet, or it was taken back or read. */
  done = $state.raw<Done | null>(null)
  /** Why the last edit was not carried out, in the server's words. */
  trouble = $state.raw<AskError | null>(null)
  conflict = $state.raw<Conflict | null>(null)
  /** Shipments that somebody is asked about where they shall go; null = nobody is. */
  asking = $state.raw<readonly string[] | null>(null)
  readonly off: Off | null = $derived.by(() => {
    const status = this.shown.plan?.status
    if (status === 'published' || status === 'withdrawn') return status
    return this.shown.progress?.state === 'solving' ? 'searching' : null
  })
  readonly canUndo: boolean = $derived.by(() => this.ready && this.changes.history?.can_undo === true)
  readonly canRedo: boolean = $derived.by(() => this.ready && this.changes.history?.can_redo === true)
  readonly holding = new Holding(this)
  /** Asked for while a change is under way: a hand is faster than a server, and means what that change makes. */
  private waiting: (() => void)[] = []

  private readonly trials = new Latest<Edit, EditAnswer>(
    (edit) => this.send('trial', edit),
    (edit) => JSON.stringify([this.shown.plan?.version, edit]),
  )

  constructor(
    private readonly call: Caller,
    readonly changes: PlanChanges,
    private readonly shown: Shown,
  ) {}

  /** The next change may be made. */
  get ready(): boolean {
    return !this.busy && this.off === null
  }

  /**
   * Do it now, or in its turn after the change under way; not at all when one before it is refused.
   * What is `held` down waits only where nothing else does: it must not go on long after it was let go.
   */
  soon(act: () => void, held = false): void {
    if (!this.busy) act()
    else if (!held || this.waiting.length === 0) this.waiting.push(act)
  }

  /** Carry an edit out; false = it was refused, and nothing has changed. */
  make(edit: Edit): Promise<boolean> {
    return this.change(edit, async (before) => {
      const { edit: answer } = await this.send<EditDone>('edits', edit)
      this.done = { answer, before }
    })
  }

  /** Add a stop that nobody registered; `once` names the wish. Null = it was refused, and nothing has changed. */
  async add(stop: StopWanted, once: string): Promise<StopAdded | null> {
    let added: StopAdded | null = null
    const done = await this.change(null, async () => {
      added = await this.send<StopAdded>('stops', stop, once)
    })
    return done ? added : null
  }

  undo(held = false): Promise<boolean> {
    return this.step('undo', held)
  }

  redo(held = false): Promise<boolean> {
    return this.step('redo', held)
  }

  /**
   * Ask what an edit would do. The latest wins: an older answer is dropped, also while it is on its way.
   * Null = a newer one was asked, or it was refused.
   */
  async trial(edit: Edit): Promise<EditAnswer | null> {
    try {
      const answer = await this.trials.ask(edit)
      if (answer) [this.tried, this.refused] = [answer, null]
      return answer
    } catch (error) {
      if (!(error instanceof AskError)) throw error
      ;[this.tried, this.refused] = [null, error]
      return null
    }
  }

  /** The hand holds nothing any more. */
  forget(): void {
    this.trials.drop()
    this.tried = this.refused = null
  }

  /** What was told of the last edit is read. */
  read(): void {
    this.done = this.trouble = this.conflict = null
    this.trials.forget()
    this.forget()
  }

  private async step(what: Step, held: boolean): Promise<boolean> {
    if (this.busy) this.soon(() => void this.step(what, held), held)
    if (!(what === 'undo' ? this.canUndo : this.canRedo)) return false
    return this.change(null, async () => {
      await this.send<PlanAnswer>(what, {})
    })
  }

  private send<T>(what: string, content: object, once?: string): Promise<T> {
    const path = `${PLANS}/${this.changes.planId}/${what}`
    return post<T>(this.call, path, content, once, this.shown.plan?.version)
  }

  /** One at a time: the next one needs the version that this one makes. */
  private async change(edit: Edit | null, work: (before: Plan) => Promise<void>): Promise<boolean> {
    const before = this.shown.plan
    if (!this.ready || !before) return false
    this.read()
    this.busy = this.changes.paused = true
    try {
      await work(before)
      await this.renew()
      return true
    } catch (error) {
      if (!(error instanceof AskError)) throw error
      if (error.changes) await this.meet(edit, error.changes)
      else this.trouble = error
      this.waiting = []
      return false
    } finally {
      this.goOn()
    }
  }

  private goOn(): void {
    this.busy = this.changes.paused = false
    while (!this.busy && this.waiting.length > 0) this.waiting.shift()?.()
  }

  /** Show what somebody else made, and what the edit would do to that. */
  private async meet(edit: Edit | null, changes: readonly PlanChange[]): Promise<void> {
    this.conflict = { edit, changes }
    await this.renew()
    if (edit) await this.trial(edit)
  }

  private async renew(): Promise<void> {
    await this.shown.refresh()
    await this.changes.renew()
  }
}
