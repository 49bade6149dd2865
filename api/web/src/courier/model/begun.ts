/** What was begun in a form and is not taken down yet: kept through a reload or a crash, for these parcels only. */

import type { OutboxEntry } from '../../device/outbox'
import type { Pieces } from '../../device/pieces'
import type { Stop } from './day'

export interface Begun {
  /** What it is about; no two forms have the same. */
  key: string
  type: string
  codes: string[]
  stop: Stop | null
  /** The counter of the event that it mends, amends or undoes. */
  counter?: number
  how: 'new' | 'mend' | 'amend' | 'undo'
  common: Pieces
  per: Record<string, Pieces>
  scanned: string[]
  /** Of the round. */
  day: string
  /** When it was last written in, ISO 8601 in this phone's zone. */
  at: string
}

export type Subject = Pick<Begun, 'type' | 'codes' | 'stop' | 'how'> & { entry?: OutboxEntry | undefined }

/** A PIN lies on no disk in clear, and where the phone was is looked for anew. */
const NOT_KEPT = new Set(['pin_sealed', 'place'])

/** By parcels and the place, not by the number of the stop: a plan that changes counts its stops anew. */
export function keyOf({ type, codes, stop, how, entry }: Subject): string {
  const where = stop?.site?.site_id ?? ''
  return ['begun', how, entry?.event.event_id ?? '', type, where, [...codes].sort().join('+')].join('/')
}

export function keepable(given: Pieces): Pieces {
  return Object.fromEntries(Object.entries(given).filter(([name]) => !NOT_KEPT.has(name)))
}

/** What is handed in at the base at the end of a round. */
export const handIn = (codes: string[]): Subject => ({ type: 'ARRIVE', codes, stop: null, how: 'new' })

export const isHandIn = ({ type, stop, how }: Begun): boolean =>
  type === 'ARRIVE' && stop === null && how === 'new'

/** The stop as the plan has it now; as it was, when the plan has it no more. */
export function stopNow({ codes, stop }: Begun, stops: readonly Stop[]): Stop | null {
  const isSame = (one: Stop): boolean =>
    one.site?.site_id === stop?.site?.site_id &&
    codes.every(
      (code) =>
        one.parcels.some((parcel) => parcel.code === code) && one.drops.has(code) === stop?.drops.has(code),
    )
  return stop && (stops.find(isSame) ?? stop)
}
