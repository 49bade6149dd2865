/** Where the phone is, told to the dispatchers: with consent only, and only while a round is under way. */

import type { ConsentAnswer, FixBatch, FixesAnswer, MyRound } from '../shared/api.gen'
import type { Caller } from '../device/sender'
import { isUnderWay } from './model/shift'
import { isoAt } from './today'

const CONSENT = '/api/v1/live/consent'
const JSON_BODY = { 'Content-Type': 'application/json' }
/** Milliseconds between two fixes that are told. */
const APART = 15_000
/** In one batch; when a signal is away for longer, the oldest fixes go: they prove nothing. */
const MOST = 500

type Fix = FixBatch['fixes'][number]

export class Positions {
  consent = $state.raw<ConsentAnswer | null>(null)
  isWatching = $state(false)
  private watch: number | null = null
  private fixes: Fix[] = []
  private last = 0
  /** The day whose shift is over by the server. */
  private over = ''

  constructor(private readonly call: Caller) {}

  async readConsent(): Promise<void> {
    const answer = await this.call(CONSENT, {}).catch(() => null)
    if (answer?.ok) this.consent = (await answer.json()) as ConsentAnswer
  }

  /** False = not told. */
  async say(given: boolean): Promise<boolean> {
    const body = JSON.stringify({ given, terms: this.consent?.terms })
    const answer = await this.call(CONSENT, { method: 'PUT', headers: JSON_BODY, body }).catch(() => null)
    if (!answer?.ok) return false
    this.consent = (await answer.json()) as ConsentAnswer
    return true
  }

  /** Watch or not, as consent and round have it now, and tell what was seen. */
  async keepUp(round: MyRound | null, now = Date.now()): Promise<void> {
    const may =
      round !== null && this.consent?.given === true && this.over !== round.day && isUnderWay(round, now)
    if (may) this.begin()
    else this.stop()
    if (may && this.fixes.length > 0) await this.send(round.day)
  }

  private begin(): void {
    if (this.watch !== null) return
    this.isWatching = true
    this.watch = navigator.geolocation.watchPosition(
      ({ coords, timestamp }) => {
        if (Math.abs(timestamp - this.last) < APART) return // a clock may be put back
        this.last = timestamp
        const { longitude: lon, latitude: lat, accuracy, speed, heading } = coords
        const at = isoAt(timestamp)
        const way = {
          ...(speed !== null && { speed }),
          ...(heading !== null && heading < 360 && { heading }),
        }
        this.fixes = [...this.fixes, { at, lon, lat, accuracy, ...way }].slice(-MOST)
      },
      () => this.stop(),
      { enableHighAccuracy: true, maximumAge: APART },
    )
  }

  stop(): void {
    if (this.watch !== null) navigator.geolocation.clearWatch(this.watch)
    this.watch = null
    this.isWatching = false
  }

  private async send(day: string): Promise<void> {
    const batch = this.fixes
    const body = JSON.stringify({ day, sent_at: isoAt(Date.now()), fixes: batch })
    const answer = await this.call('/api/v1/live/positions', {
      method: 'POST',
      headers: JSON_BODY,
      body,
    }).catch(
      () => null, // no signal: they are told later
    )
    if (!answer || answer.status >= 500 || answer.status === 429) return
    this.fixes = this.fixes.filter((fix) => !batch.includes(fix))
    if (answer.status === 409) return this.readConsent() // withdrawn elsewhere, or the round is
    if (!answer.ok) return
    const { refused } = (await answer.json()) as FixesAnswer
    if (refused.length === batch.length && refused.some((one) => one.code === 'outside_shift'))
      this.over = day
  }
}
