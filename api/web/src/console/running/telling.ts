/** Sentences about a courier's day, in the page's language. */

import { duration } from '../../shared/format'
import { language } from '../../shared/i18n/language.svelte'
import { words } from '../words'
import { clockAt } from './model/clock'
import type { Watched } from './model/watched'

const JUST_NOW = 60_000

export const minutes = (count: number): string => duration(Math.abs(count) * 60, language.code)
export const ago = (moment: number, now: number): string =>
  duration(Math.max(0, now - moment) / 1000, language.code)

/** How they stand against the plan. */
export function standing(who: Watched): string {
  const w = words().watch.courier
  if (who.late >= 1) return w.late(minutes(who.late))
  return who.late <= -1 ? w.early(minutes(who.late)) : w.onTime
}

/** Whether a position is known and how old it is, or why none is. */
export function sightOf(who: Watched, now: number): string {
  const w = words().watch.sight
  if (!who.seen || (who.sight !== 'fresh' && who.sight !== 'old')) return w[who.sight as 'none']
  const at = Date.parse(who.seen.at)
  if (who.sight === 'old') return w.old(ago(at, now))
  return now - at < JUST_NOW ? w.now : w.fresh(ago(at, now))
}

export function heard(who: Watched, now: number): string {
  const w = words().watch.courier
  if (who.heardAt === null) return w.never
  return now - who.heardAt < JUST_NOW ? w.heardNow : w.heard(ago(who.heardAt, now))
}

/** Why they are late; empty = they are not, or nothing says why. */
export function cause(who: Watched, zone: number): string {
  const { delay } = who
  if (!delay) return ''
  const w = words().watch.delay
  const place = who.delayStop?.place ?? who.round.baseName
  const [took, planned] = [minutes(delay.took_minutes), minutes(delay.planned_minutes)]
  const since = clockAt(Date.parse(delay.since), zone)
  switch (delay.kind) {
    case 'not_begun':
      return w.not_begun(since)
    case 'silent':
      return w.silent(since, place)
    case 'late_start':
      return w.late_start(minutes(delay.lost_minutes))
    case 'long_base':
      return w.long_base(took, planned)
    default:
      return w[delay.kind](place, took, planned)
  }
}
