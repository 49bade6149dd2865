/** What the dispatchers signed for in the last days, by the server; kept for reading without a signal. */

import type { SettlementList } from '../shared/api.gen'
import type { Database } from '../device/database'
import type { Caller } from '../device/sender'
import { daysBefore, KEEPS } from '../device/old'

export type SettledDay = SettlementList['settled'][number]

interface Kept {
  days: SettledDay[]
  /** When the server said so, milliseconds since 1970. */
  heard: number
}

export class SettledDays {
  kept = $state.raw<Kept | null>(null)
  /** Of the last question; null = not asked, or no answer. */
  status = $state<number | null>(null)

  constructor(
    private readonly database: Database,
    private readonly call: Caller,
  ) {}

  async recall(): Promise<void> {
    this.kept = ((await this.database.get('values', 'settled')) as Kept | undefined) ?? null
  }

  /** The newest day first; what cannot be had stays as it was. */
  async ask(day: string): Promise<void> {
    const path = `/api/v1/settlement/mine?first_day=${daysBefore(day, KEEPS)}&last_day=${day}`
    const answer = await this.call(path, {}).catch(() => null) // the caller notes that there is no signal
    this.status = answer?.status ?? null
    if (!answer?.ok) return
    const { settled } = (await answer.json()) as SettlementList
    this.kept = { days: [...settled].reverse(), heard: Date.now() }
    await this.database.put('values', this.kept, 'settled')
  }
}
