/** What may be written anew of an event that the server refused, and what of it stays as it was. */

import type { DeviceEvent } from '../../device/outbox'
import { piecesOf, type Pieces } from '../../device/pieces'

/** Fields of the form that are no pieces of the table's. */
const TYPED = new Set([
  'seal', 'receipt_no', 'recipient_name', 'relation', 'id_kind', 'id_digits', 'authorisation_no', 'note', 'fee_dong',
  'cash_dong',
]) // prettier-ignore
/** A PIN is sealed to the event that was refused; a form has lists of papers and choices of offices of their own. */
const APART = new Set(['pin_sealed', 'documents', 'site_id'])
/** A desk has no place but its own; what was counted and seen of a batch is over. */
const NEVER = new Set(['documents', 'place', 'count', 'seal_intact', 'manifest_no'])

const stays = (name: string, value: unknown): boolean =>
  // Pictures are known by their hashes; whoever signed may have gone.
  (typeof value === 'string' && name.startsWith('signature_')) || (name === 'photo' && value !== undefined)

/** Pieces that the form asks for, in the order of the table. */
export function askedAnew({ data }: DeviceEvent, needs: readonly string[]): string[] {
  const named = [...piecesOf(needs), ...Object.keys(data).filter((name) => TYPED.has(name))]
  const before: Pieces = { ...data, photo: data['photos'] }
  return [...new Set(named)].filter((name) => !NEVER.has(name) && !stays(name, before[name]))
}

/** What the form does not ask for and says again. */
export function keptAsTold({ data }: DeviceEvent, asked: readonly string[]): Pieces {
  return Object.fromEntries(
    Object.entries(data).filter(([name]) => !asked.includes(name) && !APART.has(name)),
  )
}

/** What the form begins with. */
export function begun({ data }: DeviceEvent, asked: readonly string[]): Pieces {
  return Object.fromEntries(Object.entries(data).filter(([name]) => asked.includes(name) && !APART.has(name)))
}
