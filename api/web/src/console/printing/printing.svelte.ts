/** Files of the open plan: on paper, for spreadsheets, maps and navigation devices. */

import type { Caller } from '../../device/sender'
import { save } from '../../shared/saving'
import { addressOf, type Wanted } from './address'

export class Printing {
  busy = $state(false)
  /** The name of the file that was saved last. */
  saved = $state<string | null>(null)
  trouble = $state.raw<unknown>(null)

  /** `mayName`: the person may print citizens' names and addresses. */
  constructor(
    private readonly call: Caller,
    private readonly planId: string,
    readonly mayName: boolean,
  ) {}

  /** For another place on the page, which tells its own outcome. */
  anew(): Printing {
    return new Printing(this.call, this.planId, this.mayName)
  }

  async save(wanted: Wanted): Promise<void> {
    if (this.busy) return
    this.busy = true
    this.saved = this.trouble = null
    try {
      this.saved = await save(this.call, addressOf(this.planId, wanted))
    } catch (error) {
      this.trouble = error
    } finally {
      this.busy = false
    }
  }
}
