/** Forms that were begun, on disk with every letter; gone with what is taken down, or when the courier says so. */

import type { Database } from '../device/database'
import type { Begun } from './model/begun'

const ALL = (): IDBKeyRange => IDBKeyRange.bound('begun/', 'begun/\uffff')

export class BegunForms {
  /** The newest last. */
  all = $state.raw<Begun[]>([])
  /** The key of the form that is open. */
  open = $state<string | null>(null)
  /** What the courier goes on with. */
  resumed = $state.raw<Begun | null>(null)

  /** The key of what is shown by a screen itself. */
  private shown = $state<string | null>(null)

  /** Hidden while a form is open. */
  readonly waiting: Begun[] = $derived(
    this.open === null ? this.all.filter(({ key }) => key !== this.shown) : [],
  )

  constructor(private readonly database: Database) {}

  async recall(): Promise<void> {
    const found = (await this.database.getAll('values', ALL())) as Begun[]
    this.all = found.sort((a, b) => a.at.localeCompare(b.at))
  }

  resume(form: Begun | null): void {
    this.resumed = form
  }

  /** For as long as a form is shown. */
  opened(key: string): () => void {
    this.open = key
    return () => {
      if (this.open === key) this.open = null
    }
  }

  /** For as long as a screen shows it; all others go on waiting. */
  showing(key: string): () => void {
    this.shown = key
    return () => {
      if (this.shown === key) this.shown = null
    }
  }

  of(key: string): Begun | undefined {
    return this.all.find((one) => one.key === key)
  }

  async keep(form: Begun): Promise<void> {
    this.all = [...this.all.filter((one) => one.key !== form.key), form]
    await this.database.put('values', form, form.key)
  }

  async drop(key: string): Promise<void> {
    await this.database.delete('values', key)
    this.all = this.all.filter((one) => one.key !== key)
  }

  /** Names of a round that is over lie on no phone: those of before a day go with it. */
  async forgetOld(until: string): Promise<void> {
    for (const { key, day } of this.all) if (day < until) await this.drop(key)
  }
}
