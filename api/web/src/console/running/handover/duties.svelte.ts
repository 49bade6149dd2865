/** Who is on duty for the day, and what one dispatcher leaves to the next. */

import { v7 } from 'uuid'
import type { DutyDay, LiveItem } from '../../../shared/api.gen'
import { ask, post } from '../../../shared/asking'
import type { Account } from '../../account/account.svelte'

const HANDOVERS = '/api/v1/handovers'
/** What changes the list of what is open. */
const NEWS = new Set(['duty', 'proposal', 'change', 'message', 'read', 'open', 'reset'])

export class Duties {
  day = $state.raw<DutyDay | null>(null)
  busy = $state(false)
  trouble = $state.raw<unknown>(null)
  private last: Promise<boolean> = Promise.resolve(true)

  constructor(
    readonly account: Account,
    readonly date: string,
  ) {}

  /** What is heard by the way holds nobody up: a button that goes grey for a moment loses a click. */
  load = (): Promise<boolean> =>
    this.next(() => {
      const province = encodeURIComponent(this.account.province)
      return ask<DutyDay>(this.account.call, `${HANDOVERS}?day=${this.date}&province=${province}`)
    })

  /** Take the duty on; somebody's place only with a reason. */
  begin = (note: string): Promise<boolean> => this.send('/duties', note)

  give = (note: string): Promise<boolean> => this.send('', note)

  take = (handoverId: string): Promise<boolean> =>
    this.act(() => post<DutyDay>(this.account.call, `${HANDOVERS}/${handoverId}/taken`, {}))

  hear({ kind }: LiveItem): void {
    if (NEWS.has(kind)) void this.load()
  }

  private send(end: string, note: string): Promise<boolean> {
    const said = { handover_id: v7(), day: this.date, note }
    return this.act(() => post<DutyDay>(this.account.call, `${HANDOVERS}${end}`, said))
  }

  private async act(work: () => Promise<DutyDay>): Promise<boolean> {
    this.busy = true
    this.trouble = null
    const done = await this.next(work)
    this.busy = false
    return done
  }

  /** One after the other, so that no older answer comes after a newer one. */
  private next(work: () => Promise<DutyDay>): Promise<boolean> {
    this.last = this.last.then(async () => {
      try {
        this.day = await work()
        return true
      } catch (error) {
        this.trouble = error
        return false
      }
    })
    return this.last
  }
}
