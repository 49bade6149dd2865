/** A dossier on its way in: what the clerk types, and what the server and the ledger are told of it. */

import type { One } from '../../shared/api.gen'
import { isMistyped } from '../../shared/s10'
import type { Registration } from '../../device/accepting'
import type { Document, Pieces } from '../../device/pieces'

/** A line of the list that both sides sign. */
export type Paper = Document

export interface Dossier {
  code: string
  procedure: string
  agency: string
  name: string
  phone: string
  address: string
  papers: Paper[]
}

/** Everything that is needed to finish an acceptance after a crash; it is kept before anything is sent. */
export interface Acceptance extends Registration {
  event_id: string
  /** When both sides signed, by this computer's clock. */
  at: string
  data: Pieces
  files: Record<string, Blob | Blob[]>
}

/** What the slip and the label say. */
export interface Accepted {
  shipment: One
  acceptance: Acceptance
  title: string
  agency: string
  pin: string | null
}

export const emptyDossier = (): Dossier => ({
  code: '',
  procedure: '',
  agency: '',
  name: '',
  phone: '',
  address: '',
  papers: [{ name: '', kind: 'original', count: 1 }],
})

/** Names of what is still to be filled in, besides the evidence. */
export function unfilled(dossier: Dossier): string[] {
  const empty = (['procedure', 'agency', 'name', 'phone', 'address', 'code'] as const).filter(
    (name) => dossier[name].trim() === '',
  )
  return isMistyped(dossier.code) ? [...empty, 'code'] : empty
}

export { documentsOf, sheets } from '../../device/accepting'
