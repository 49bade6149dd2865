/** Why shipments have no round, asked of the server one by one. */

import { SvelteMap } from 'svelte/reactivity'
import type { Caller } from '../../device/sender'
import type { Explanation } from '../../shared/api.gen'
import { ask } from '../../shared/asking'
import { PLANS } from '../model/stored'

interface Shown {
  readonly plan: { version: number } | null
}

/** What is known: the server is being asked, has answered, or said why it cannot. */
export type Known =
  { state: 'asked' } | { state: 'told'; said: Explanation } | { state: 'failed'; error: unknown }

export class Explaining {
  /** By version and shipment: another version may have other reasons. */
  private readonly known = new SvelteMap<string, Known>()

  /** `searchOn`: leads to where more search is asked for. */
  constructor(
    private readonly call: Caller,
    private readonly planId: string,
    private readonly shown: Shown,
    readonly searchOn: (() => void) | null,
  ) {}

  of(shipment: string): Known | undefined {
    return this.known.get(this.key(shipment))
  }

  async ask(shipment: string): Promise<void> {
    const key = this.key(shipment)
    if (this.known.has(key) && this.known.get(key)?.state !== 'failed') return
    this.known.set(key, { state: 'asked' })
    try {
      const path = `${PLANS}/${this.planId}/unassigned/${encodeURIComponent(shipment)}`
      this.known.set(key, { state: 'told', said: await ask<Explanation>(this.call, path) })
    } catch (error) {
      this.known.set(key, { state: 'failed', error })
    }
  }

  private key(shipment: string): string {
    return `${this.shown.plan?.version} ${shipment}`
  }
}
