/** The reached land of an open study: asked for when it is first looked at. */

import type { LandMap } from '../../shared/api.gen'
import type { Sight } from '../model/sight'

export type Load = (means: string, minutes: number) => Promise<LandMap | null>

export class Reach {
  on = $state(false)
  busy = $state(false)
  private found: Record<string, LandMap> = $state.raw({})
  private asked = ''

  constructor(private readonly load: Load) {}

  of(sight: Sight): LandMap | null {
    return this.on ? (this.found[keyOf(sight)] ?? null) : null
  }

  /** Again, when the means or the limit is another one. */
  async need(sight: Sight): Promise<void> {
    const key = keyOf(sight)
    if (!this.on || this.found[key] || this.asked === key) return
    this.asked = key
    this.busy = true
    const map = await this.load(sight.means, sight.minutes)
    if (map) this.found = { ...this.found, [key]: map }
    else this.on = false
    if (this.asked === key) this.asked = ''
    this.busy = this.asked !== ''
  }
}

const keyOf = (sight: Sight): string => `${sight.means} ${sight.minutes}`
