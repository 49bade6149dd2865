/** Procedures, tariff, agencies and communes that the phone keeps, so that papers are taken in without a signal. */

import type { Database } from '../../device/database'
import { folded, type Named } from '../../device/procedures'
import type { Caller } from '../../device/sender'
import type { DoorCatalogue } from '../../shared/api.gen'

export type Procedure = DoorCatalogue['procedures'][number] & Named

interface Kept {
  tag: string
  content: DoorCatalogue
}

const KEY = 'door'
/** Milliseconds until the server is asked whether another network is in use. */
const AGAIN = 60 * 60_000

export class Catalogue {
  content = $state.raw<DoorCatalogue | null>(null)
  readonly procedures: Procedure[] = $derived(
    (this.content?.procedures ?? []).map((one) => ({ ...one, folded: folded(one.code, one.title) })),
  )
  private tag = ''
  private askAt = -Infinity

  constructor(
    private readonly database: Database,
    private readonly call: Caller,
  ) {}

  async recall(): Promise<void> {
    this.keep((await this.database.get('values', KEY)) as Kept | undefined)
  }

  /** Once an hour, and at once on another day; what cannot be had stays as it was. */
  async keepUp(day: string): Promise<void> {
    if (this.content?.day === day && performance.now() < this.askAt) return
    const headers: HeadersInit = this.tag ? { 'If-None-Match': this.tag } : {}
    let answer: Response
    try {
      answer = await this.call('/api/v1/network/door', { headers, cache: 'no-store' })
    } catch {
      return // the caller notes that the server cannot be reached, and the page says so
    }
    if (answer.status !== 304 && !answer.ok) return
    this.askAt = performance.now() + AGAIN
    if (answer.status === 304) return
    const kept = { tag: answer.headers.get('ETag') ?? '', content: (await answer.json()) as DoorCatalogue }
    await this.database.put('values', kept, KEY)
    this.keep(kept)
  }

  private keep(kept: Kept | undefined): void {
    this.tag = kept?.tag ?? ''
    this.content = kept?.content ?? null
  }
}
