/**
 * The server's clock, as far as its answers tell it: a phone's own clock may be a day off, or jump while it is in use.
 *
 * Until the first answer it is the phone's. Between two answers it goes by the time that the page has run.
 */

import { isoWithZone } from '../device/outbox'

export class ServerClock {
  /** Milliseconds since 1970 by the server at the `heardAt` of the page's run. */
  private told: number | null = null
  private heardAt = 0

  heard(answer: Response): void {
    const told = Date.parse(answer.headers.get('Date') ?? '')
    if (Number.isNaN(told)) return
    this.told = told
    this.heardAt = performance.now()
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.told === null ? Date.now() : this.told + performance.now() - this.heardAt
  }

  /** The day in this phone's zone, ISO 8601. */
  day(): string {
    return isoWithZone(new Date(this.now())).slice(0, 10)
  }
}
