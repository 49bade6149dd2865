/** One question at a time, and only the newest: what a hand that moves asks faster than it is answered. */

export class Latest<Question, Answer> {
  private asked = 0
  private waiting: (() => void) | null = null
  private busy = false
  private readonly known = new Map<string, Answer>()

  /** What was answered under the same name is not asked again. */
  constructor(
    private readonly send: (question: Question) => Promise<Answer>,
    private readonly nameOf: (question: Question) => string,
  ) {}

  /** Null = a newer one was asked meanwhile, or none is wanted any more; what fails then is of no concern either. */
  async ask(question: Question): Promise<Answer | null> {
    const name = this.nameOf(question)
    const known = this.known.get(name)
    if (known !== undefined) {
      this.drop()
      return known
    }
    const mine = ++this.asked
    if (this.busy) await this.turn()
    if (mine !== this.asked) return null
    this.busy = true
    try {
      const answer = await this.send(question)
      this.known.set(name, answer)
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

  /** Ask anew what was answered. */
  forget(): void {
    this.known.clear()
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
