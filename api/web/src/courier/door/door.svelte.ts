/** Taking papers in at a door: what is being filled in, and what was taken down last. */

import type { Database } from '../../device/database'
import { isoWithZone, type OutboxEntry } from '../../device/outbox'
import type { Caller } from '../../device/sender'
import type { Stop } from '../model/day'
import { daysBefore, KEEPS } from '../../device/old'
import { Catalogue } from './catalogue.svelte'
import { dossierOf, emptyDossier, type Dossier, type Picture } from './dossier'

/** `form`: being filled in. `slip`: what the citizen is told of a code that was taken down. */
type View = { kind: 'form'; mends?: OutboxEntry } | { kind: 'slip'; code: string }

/** A dossier that was begun, as it lies on the phone until it is taken down or given up. */
interface Begun {
  day: string
  dossier: Dossier
}

/** The name under which it lies there. */
export const BEGUN = 'door-begun'

export class Door {
  view = $state.raw<View | null>(null)
  dossier = $state.raw<Dossier | null>(null)
  /** What was begun anew, while something else is being mended. */
  private aside: Dossier | null = null
  /** Somebody wrote in what was begun anew. */
  private isWritten = false
  readonly catalogue: Catalogue

  constructor(
    private readonly database: Database,
    readonly call: Caller,
  ) {
    this.catalogue = new Catalogue(database, call)
  }

  /**
   * What was begun before the page was closed. Both sides sign anew, and the phone looks anew for where it is: nobody
   * knows whether they are still there.
   */
  async recall(): Promise<void> {
    await this.catalogue.recall()
    const begun = (await this.database.get('values', BEGUN)) as Begun | undefined
    if (!begun) return
    if (begun.day < daysBefore(today(), KEEPS)) return this.database.delete('values', BEGUN)
    const unsigned = { signature_theirs: undefined, signature_ours: undefined, place: undefined }
    this.dossier = { ...begun.dossier, given: { ...begun.dossier.given, ...unsigned } }
    this.isWritten = true
  }

  /** A dossier that was begun goes on, unless it was of another stop: then it goes when `mayDrop` says so. */
  begin(stop: Stop | null, mayDrop: (other: Dossier) => boolean): void {
    if (!this.dossier || (stop && this.dossier.stop !== stop.id)) {
      if (this.dossier && this.isWritten && !mayDrop(this.dossier)) return
      this.isWritten = false
      const communes = this.catalogue.content?.communes.map((one) => one.code) ?? []
      this.dossier = emptyDossier(stop, communes)
    }
    this.view = { kind: 'form' }
  }

  /** Write anew what the server did not register. */
  async mend(entry: OutboxEntry): Promise<void> {
    const files = await Promise.all(entry.event.evidence.map((hash) => this.database.get('files', hash)))
    const here = (hash: string): Picture => files.find((file) => file?.sha256 === hash)?.content ?? hash
    if (!this.isMending) this.aside = this.dossier
    this.dossier = dossierOf(entry, here)
    this.view = { kind: 'form', mends: entry }
  }

  /** It is on disk when this returns; one that is mended lies in the outbox. */
  async give(part: Partial<Dossier>): Promise<void> {
    if (!this.dossier) return
    this.dossier = { ...this.dossier, ...part }
    if (this.isMending) return
    this.isWritten = true
    const begun: Begun = { day: today(), dossier: this.dossier }
    await this.database.put('values', begun, BEGUN)
  }

  /** The outbox has it, and forgot what was begun in the same moment. */
  taken(code: string): void {
    this.dossier = this.isMending ? this.aside : null
    this.view = { kind: 'slip', code }
  }

  async drop(): Promise<void> {
    this.dossier = this.view = null
    await this.database.delete('values', BEGUN)
  }

  /** What was begun anew stays; what was being mended lies in the outbox. */
  close(): void {
    if (this.isMending) this.dossier = this.aside
    this.view = null
  }

  private get isMending(): boolean {
    return this.view?.kind === 'form' && this.view.mends !== undefined
  }
}

const today = (): string => isoWithZone(new Date()).slice(0, 10)
