/** Files of shipments on their way in: what became of each, and the rows that wait for a correction. */

import type { Caller } from '../../device/sender'
import type { ImportReport, Notice } from '../../shared/api.gen'
import { today } from '../day/days'
import { sendFile } from './asking'
import { keepRows, readRows, type Owner } from './kept'
import { afterwards, asFile, badRows, fileErrors, isReady, type BadRow } from './rows'

/** What became of one file, or of corrected rows. */
export interface Outcome {
  key: string
  /** Null = rows that were corrected here. */
  name: string | null
  report: ImportReport
  /** Of the file as a whole: nothing of it was read. */
  errors: Notice[]
}

export class Importing {
  /** The latest first. */
  outcomes = $state.raw<Outcome[]>([])
  rows = $state<BadRow[]>([])
  /** What is being sent. */
  sending = $state<string | null>(null)
  trouble = $state.raw<unknown>(null)
  readonly ready: BadRow[] = $derived(this.rows.filter(isReady))
  private count = 0
  /** Whose rows these are; null = not read yet what this browser has kept. */
  private owner = $state.raw<Owner | null>(null)

  constructor(
    private readonly call: Caller,
    private readonly province: () => string,
  ) {}

  /** Go on with the rows that waited when the page was left. */
  async resume(owner: Owner): Promise<void> {
    this.owner = null
    this.rows = await readRows(owner, today())
    this.count = Math.max(0, ...this.rows.map((one) => Number.parseInt(one.key, 10)))
    this.owner = owner
  }

  /** Keep the rows as they stand now; inside an effect it follows every letter that is typed. */
  async keep(): Promise<void> {
    const rows = $state.snapshot(this.rows) as BadRow[]
    if (this.owner) await keepRows(this.owner, rows)
  }

  /** One after another; a file that cannot be sent stops those behind it, and says so. */
  async take(files: readonly File[], day: string): Promise<void> {
    await this.attempt(async () => {
      for (const file of files) {
        const { report, key } = await this.send(file, file.name, file.name, day)
        this.rows.push(...badRows(report, file.name, key))
      }
    })
  }

  /** Send what was put right; rows that nobody touched stay in the table. */
  async sendAgain(day: string, words: string): Promise<void> {
    const sent = $state.snapshot(this.ready) as BadRow[]
    await this.attempt(async () => {
      const { report } = await this.send(asFile(sent, 'shipments'), null, words, day)
      if (fileErrors(report).length > 0) return // nothing was read: the rows wait as they are
      this.rows = afterwards(this.rows, sent, report)
    })
  }

  /** A person decides that a row is not to be imported. */
  leave(key: string): void {
    this.rows = this.rows.filter((one) => one.key !== key)
  }

  private async attempt(work: () => Promise<void>): Promise<void> {
    this.trouble = null
    try {
      await work()
    } catch (error) {
      this.trouble = error
    } finally {
      this.sending = null
    }
  }

  private async send(file: File, name: string | null, words: string, day: string): Promise<Outcome> {
    this.sending = words
    const report = await sendFile(this.call, file, day, this.province())
    this.count += 1
    const outcome = { key: String(this.count), name, report, errors: fileErrors(report) }
    this.outcomes = [outcome, ...this.outcomes]
    return outcome
  }
}
