/** What a courier can tell of a parcel, and which of it is asked for. */

import { isGiven, piecesOf, type Pieces } from '../../device/pieces'

/** Of each parcel; every other piece is of the hand-over, and of all parcels alike. */
const OF_PARCEL = new Set([
  'count', 'seal', 'documents', 'fee_dong', 'postage_dong', 'cash_dong', 'receipt_no', 'slip_no', 'appointment_on',
  'no_slip_reason', 'pin_sealed',
]) // prettier-ignore

export const REASONS = [
  'absent', 'refused', 'later_requested', 'closed', 'agency_not_ready', 'address_insufficient', 'not_found', 'moved',
  'identity_not_proven', 'fee_not_paid', 'invited_no_show', 'damaged', 'seal_altered', 'not_loaded', 'impassable',
  'no_time', 'deceased', 'other',
] as const // prettier-ignore
export const ACTIONS = [
  'try_again', 'notice_left', 'ask_dispatcher', 'forward', 'hold', 'return', 'incident',
] as const // prettier-ignore
export const RELATIONS = [
  'self', 'household', 'authorised', 'legal_representative', 'agency_clerk', 'post_desk',
] as const // prettier-ignore
export const TROUBLES = ['damaged', 'mismatch', 'unknown'] as const

/** What the courier is asked for, in the order of the table; money wherever something is to be paid. */
export function askedFor(needs: readonly string[], type: string, due: number): string[] {
  const pays =
    needs.some((need) => need.split('|').includes('nothing_paid')) || (due > 0 && type === 'DELIVER')
  return [...new Set([...piecesOf(needs), ...(pays ? ['fee_dong', 'postage_dong', 'cash_dong'] : [])])]
}

export const isOfParcel = (name: string): boolean => OF_PARCEL.has(name)

/** What stands in `data` of an event: the pieces that were asked for, without pictures and the place. */
export function dataOf(asked: readonly string[], given: Pieces): Pieces {
  const told = asked.filter(
    (name) => name !== 'place' && isGiven(name, given[name]) && !(given[name] instanceof Blob),
  )
  return Object.fromEntries(told.map((name) => [name, given[name]]))
}

/** The pictures that were asked for, by the piece that each shows. */
export function picturesOf(asked: readonly string[], given: Pieces): Record<string, Blob> {
  const shown = asked.filter((name) => given[name] instanceof Blob)
  return Object.fromEntries(shown.map((name) => [name, given[name] as Blob]))
}
