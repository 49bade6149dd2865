/** How much waits for a dispatcher; each figure is asked for anew when the day's stream says that it changed. */

import type { Caller } from '../../device/sender'
import type { LiveItem, OpenEvent, QueueCounts } from '../../shared/api.gen'
import { countProposals, countUnread, readOpen, readQueue } from './asking'

export class Waiting {
  messages = $state(0)
  proposals = $state(0)
  queue = $state.raw<QueueCounts | null>(null)
  /** The oldest events of the queue. */
  open = $state.raw<readonly OpenEvent[]>([])
  /** Events with something missing or wrong, and those that were refused. */
  readonly incidents: number = $derived(this.queue ? this.queue.open + this.queue.refused : 0)

  constructor(
    private readonly call: Caller,
    private readonly planId: string,
    /** Of the plan that couriers drive now: what was proposed for an earlier one can be accepted no more. */
    private readonly version: () => number,
    /** Messages are between dispatchers and couriers. */
    private readonly reads: boolean,
  ) {}

  async load(): Promise<void> {
    await Promise.all([this.countMessages(), this.countProposals(), this.countQueue()])
  }

  /** Ask for what an item of the stream changes. */
  async hear({ kind }: LiveItem): Promise<void> {
    if (kind === 'message' || kind === 'read') await this.countMessages()
    if (kind === 'change' || kind === 'proposal') await this.countProposals()
  }

  async countMessages(): Promise<void> {
    if (this.reads) this.messages = await countUnread(this.call)
  }

  async countProposals(): Promise<void> {
    this.proposals = await countProposals(this.call, this.planId, this.version())
  }

  async countQueue(): Promise<void> {
    const [queue, open] = await Promise.all([readQueue(this.call), readOpen(this.call)])
    this.queue = queue
    this.open = open
  }
}
