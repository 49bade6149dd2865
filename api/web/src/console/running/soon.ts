/** Do something once for many reasons: at most one at a time, and not more often than every so many milliseconds. */

export class Soon {
  private timer: ReturnType<typeof setTimeout> | null = null
  private busy = false
  private again = false
  private closed = false
  private last = -Infinity

  constructor(
    private readonly work: () => Promise<unknown>,
    private readonly pause: number,
  ) {}

  ask(): void {
    if (this.closed) return
    if (this.busy) this.again = true
    else this.timer ??= setTimeout(() => void this.run(), Math.max(0, this.last + this.pause - Date.now()))
  }

  close(): void {
    this.closed = true
    if (this.timer !== null) clearTimeout(this.timer)
  }

  private async run(): Promise<void> {
    this.timer = null
    this.busy = true
    this.again = false
    try {
      await this.work()
    } finally {
      this.last = Date.now()
      this.busy = false
      if (this.again) this.ask()
    }
  }
}
