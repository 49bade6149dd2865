/** The studies of a province, and how far those are that are being computed. */

import type { Account } from '../console/account/account.svelte'
import type { StudyAnswer } from '../shared/api.gen'
import { AskError } from '../shared/asking'
import { Asking } from './asking'

/** Milliseconds between looks at what is being computed. */
const LOOK = 1500

export class Studies {
  list = $state.raw<readonly StudyAnswer[] | null>(null)
  nextAfter = $state<string | null>(null)
  /** Why there is no list; null = there is one, or it is on its way. */
  fault = $state.raw<unknown>(null)
  /** Why it cannot be seen how far they are; null = it can, or it was read. */
  unseen = $state.raw<unknown>(null)
  private isBlind = false
  readonly asking: Asking
  private timer: ReturnType<typeof setTimeout> | undefined
  private closed = false

  constructor(private readonly account: Account) {
    this.asking = new Asking(account.call, account.province)
  }

  load = async (): Promise<void> => {
    this.fault = null
    try {
      const page = await this.asking.list(null)
      this.list = page.studies
      this.nextAfter = page.next_after
    } catch (error) {
      this.fault = error
    }
    this.lookAgain()
  }

  async more(): Promise<void> {
    await this.account.attempt(async () => {
      const page = await this.asking.list(this.nextAfter)
      this.list = [...(this.list ?? []), ...page.studies]
      this.nextAfter = page.next_after
    })
  }

  async start(body: object, once: string): Promise<StudyAnswer> {
    const study = await this.asking.start(body, once)
    // Beside a list that was never read it would look like the only one.
    if (this.list === null) await this.load()
    else this.put(study)
    return study
  }

  async cancel(study: StudyAnswer): Promise<void> {
    await this.account.attempt(() => this.asking.cancel(study.job.job_id))
    await this.look()
  }

  async remove(study: StudyAnswer): Promise<void> {
    const gone = await this.account.attempt(() => this.asking.remove(study.study_id))
    if (gone) this.list = (this.list ?? []).filter((one) => one.study_id !== study.study_id)
  }

  find(id: string): StudyAnswer | undefined {
    return this.list?.find((one) => one.study_id === id)
  }

  close(): void {
    this.closed = true
    clearTimeout(this.timer)
  }

  private put(study: StudyAnswer): void {
    const others = (this.list ?? []).filter((one) => one.study_id !== study.study_id)
    this.list = [study, ...others].toSorted((a, b) => (a.study_id < b.study_id ? 1 : -1))
    this.lookAgain()
  }

  private lookAgain(): void {
    clearTimeout(this.timer)
    if (this.closed || !this.list?.some((one) => one.job.finished_at === null)) return
    this.timer = setTimeout(() => void this.look(), LOOK)
  }

  /** Nobody asked for it, so it neither clears what somebody was told, nor says the same twice. */
  private async look(): Promise<void> {
    const running = (this.list ?? []).filter((one) => one.job.finished_at === null)
    try {
      const found = await Promise.all(running.map((one) => this.state(one.study_id)))
      this.list = (this.list ?? []).flatMap((one) => {
        const at = running.findIndex(({ study_id }) => study_id === one.study_id)
        return at < 0 ? [one] : (found[at] ?? [])
      })
      this.isBlind = false
      this.unseen = null
    } catch (error) {
      if (!this.isBlind) this.unseen = error
      this.isBlind = true
    }
    this.lookAgain()
  }

  /** Null = somebody else has deleted it. */
  private async state(id: string): Promise<StudyAnswer | null> {
    try {
      return await this.asking.state(id)
    } catch (error) {
      if (error instanceof AskError && error.status === 404) return null
      throw error
    }
  }
}
