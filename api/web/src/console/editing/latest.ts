/** One question at a time, and only the newest: what a hand that moves asks faster than it is answered. */

export class Latest<Question, Answer> {
  private asked = 0
  private waiting: (() => void) | null = null
  private busy = false

  constructor(private readonly send: (question: Question) => Promise<Answer>) {}

  /** Null = a newer one was asked meanwhile, or none is wanted any more; what fails then is of no concern either. */
  async ask(question: Question): Promise<Answer | null> {
    const mine = ++this.asked
    if (this.busy) await this.turn()
    if (mine !== this.asked) return null
    this.busy = true
    try {
      const answer = await this.send(question)
      return mine === this.asked ? answer : null
    } catch (error) {
      if (mine === this.asked) throw error
      return null
    } finally {
      this.busy = false
      this.next()
    }
  }

  /** No answer is wanted any more. */
  drop(): void {
    this.asked++
    this.next()
  }

  /** Wait for the one that is on its way; whoever waited already need not any more. */
  private turn(): Promise<void> {
    this.next()
    return new Promise((resolve) => (this.waiting = resolve))
  }

  private next(): void {
    const { waiting } = this
    this.waiting = null
    waiting?.()
  }
}
