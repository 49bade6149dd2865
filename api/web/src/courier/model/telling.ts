/** What a form's answer says of itself: a new action, or one that stands in for another. */

import type { OutboxEntry, Place } from '../../device/outbox'
import type { MyRound } from '../../shared/api.gen'
import type { Pieces } from '../../device/pieces'
import type { Told } from '../recording'
import type { Stop } from './day'
import { dataOf, picturesOf } from './outcomes'

export interface About {
  type: string
  round: MyRound | null
  stop: Stop | null
  /** What was refused: this is put in its place. */
  mends?: OutboxEntry | undefined
  /** What the server took in: this makes it void. */
  amends?: OutboxEntry | undefined
}

export const isMove = (type: string): boolean => type === 'OUT' || type === 'ARRIVE'

/** The event that becomes void: what is amended, or what the refused one would have made void. */
export function voided({ mends, amends }: Pick<About, 'mends' | 'amends'>): string | undefined {
  return mends ? mends.event.replaces : amends?.event.event_id
}

/** The papers stay with the citizen; when scans are not enough, telling it again tells of the papers. */
export const isOfScans = ({ event, pieces = [] }: OutboxEntry): boolean =>
  event.data['scans_only'] === true && !pieces.some(({ code }) => code === 'scans_not_enough')

/** What telling it again does not change, besides where it happened. */
function sameOf({ mends, amends }: About, given: Pieces, asked: readonly string[]): Pieces {
  const before = mends ?? amends
  const photos = before?.event.data['photos']
  const isKept = photos !== undefined && (!asked.includes('photo') || typeof given['photo'] === 'string')
  return { ...(isKept && { photos }), ...(before && isOfScans(before) && { scans_only: true }) }
}

/** Where it happened and who was there: as it was told before, for the plan may count its stops anew since. */
function whereOf({ type, round, stop, mends, amends }: About): { stop: string | undefined; data: Pieces } {
  const before = (mends ?? amends)?.event
  if (before) {
    const { courier_id, site_id } = before.data
    return { stop: before.stop, data: { courier_id, ...(site_id !== undefined && { site_id }) } }
  }
  const site_id = type === 'ARRIVE' ? (stop?.site?.site_id ?? round?.route.base_id) : undefined
  return { stop: stop?.id, data: { courier_id: round?.route.courier_id, ...(site_id && { site_id }) } }
}

export function toldOf(about: About, shipments: string[], given: Pieces, asked: readonly string[]): Told {
  const where = whereOf(about)
  const scanned = isMove(about.type) ? { scanned: shipments } : {}
  return {
    type: about.type,
    shipments,
    data: { ...dataOf(asked, given), ...sameOf(about, given, asked), ...where.data, ...scanned },
    pictures: picturesOf(asked, given),
    place: (given['place'] as Place | null | undefined) ?? undefined,
    stop: where.stop,
    replaces: voided(about),
  }
}
