/** The study that the page is to show: opened, or why it could not be. */

import type { Named } from './address'
import type { Opened } from './asking'
import { OpenStudy } from './study.svelte'

export class Opening {
  /** Null = the list is shown. */
  id = $state<string | null>(null)
  study: OpenStudy | null = $state.raw(null)
  fault = $state.raw<unknown>(null)
  private asked: string | null = null

  constructor(
    private readonly ask: (id: string) => Promise<Opened>,
    private readonly named: Named,
  ) {
    this.id = named.study
  }

  want(id: string | null): void {
    this.id = id
    this.study = null
    this.fault = null
  }

  async load(): Promise<void> {
    const id = this.id
    if (id === null || this.asked === id) return
    this.asked = id
    this.fault = null
    try {
      const found = await this.ask(id)
      if (this.id === id) this.study = this.fresh(id, found)
    } catch (error) {
      if (this.id === id) this.fault = error
    }
    if (this.asked === id) this.asked = null
  }

  /** As the address had it, when it is the address's. */
  private fresh(id: string, found: Opened): OpenStudy {
    const { study, tab, place } = this.named
    const fresh = new OpenStudy(id, found)
    if (study === id) {
      fresh.tab = tab
      if (place !== null) fresh.choose(place)
    }
    return fresh
  }
}
