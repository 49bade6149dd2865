/** What a form knows before anybody writes in it: what is due, and what was told before. */

import type { OutboxEntry } from '../../device/outbox'
import type { MyRound, Parcel } from '../../shared/api.gen'
import type { Document, Pieces } from '../../device/pieces'
import { isOfParcel } from './outcomes'

const PAID = new Set(['DELIVER', 'ACCEPT'])
/** A PIN is sealed to the event that was refused, and `photos` is what the form calls `photo`. */
const NOT_KEPT = new Set(['pin_sealed', 'photos', 'courier_id', 'site_id', 'scanned'])

/** Đồng that the courier has to ask for. */
export function dueOf(parcel: Parcel | undefined): number {
  return parcel ? parcel.fee_dong + parcel.postage_dong : 0
}

export function beginning(
  round: MyRound | null,
  type: string,
  codes: readonly string[],
  before?: OutboxEntry,
): { common: Pieces; per: Record<string, Pieces> } {
  if (before) return told(before, codes)
  const parcels = new Map(round?.parcels.map((one) => [one.code, one]))
  return { common: {}, per: Object.fromEntries(codes.map((code) => [code, dueNow(type, parcels.get(code))])) }
}

/** Codes that were seen by what was told before; of those only, whatever the event is about. */
export function scannedBefore(before?: OutboxEntry): string[] {
  return [...((before?.event.data['scanned'] as string[] | undefined) ?? [])]
}

function dueNow(type: string, parcel: Parcel | undefined): Pieces {
  if (!parcel) return {}
  const { fee_dong, postage_dong } = parcel
  const papers: Pieces = type === 'ACCEPT' ? { documents: [line()] } : {}
  if (PAID.has(type)) return { ...papers, fee_dong, postage_dong, cash_dong: fee_dong + postage_dong }
  return type === 'HAND_AGENCY' || type === 'ATTEMPT' ? { fee_dong } : papers
}

/** Papers are originals until somebody says otherwise. */
function line(): Document {
  return { name: '', kind: 'original', count: 1 }
}

function told(
  { event }: OutboxEntry,
  codes: readonly string[],
): { common: Pieces; per: Record<string, Pieces> } {
  const kept = Object.entries(event.data).filter(([name]) => !NOT_KEPT.has(name))
  const [photo] = (event.data['photos'] as string[] | undefined) ?? []
  const common = {
    ...Object.fromEntries(kept.filter(([name]) => !isOfParcel(name))),
    ...(photo && { photo }),
    ...(event.place && { place: event.place }),
  }
  const own = Object.fromEntries(kept.filter(([name]) => isOfParcel(name)))
  return { common, per: Object.fromEntries(codes.map((code) => [code, own])) }
}
