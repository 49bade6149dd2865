import type { Account } from '../account/account.svelte'

/** What was asked for last; an answer to an earlier question changes nothing. */
export class Loaded<T> {
  value = $state.raw<T | null>(null)
  busy = $state(false)
  private asked = 0

  constructor(private readonly account: Account) {}

  async load(work: () => Promise<T>): Promise<void> {
    const mine = ++this.asked
    this.busy = true
    await this.account.attempt(async () => {
      const value = await work()
      if (mine === this.asked) this.value = value
    })
    if (mine === this.asked) this.busy = false
  }
}
