/** What is open, line by line, in words. */

import type { OpenThings } from '../../../shared/api.gen'
import type { Decide } from '../../words/decide.vi'

/** Couriers that are named before the rest is only counted. */
const MOST = 8

/** `name` names couriers, `clock` tells moments. */
export function linesOf(
  open: OpenThings,
  w: Decide['handover'],
  name: (id: string) => string,
  clock: (iso: string) => string,
): string[] {
  const late = open.late.map((one) => w.late(name(one.courier_id), String(one.minutes)))
  const unread = open.unread.map((one) => w.unread(name(one.courier_id), String(one.messages)))
  return [
    ...(open.proposals > 0 ? [w.proposals(String(open.proposals))] : []),
    ...(open.questioned.length > 0 ? [w.questioned(open.questioned.map(name).join(', '))] : []),
    ...(open.queue > 0 && open.queue_since ? [w.queue(String(open.queue), clock(open.queue_since))] : []),
    ...(open.refused > 0 ? [w.refused(String(open.refused))] : []),
    ...shortened(late, w),
    ...shortened(unread, w),
  ]
}

function shortened(lines: readonly string[], w: Decide['handover']): string[] {
  const more = lines.length - MOST
  return more > 0 ? [...lines.slice(0, MOST), w.more(String(more))] : [...lines]
}
