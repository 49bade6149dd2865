/** People and places of the day by name; a key that the plan does not know stands for itself. */

import type { RunningDay } from './running.svelte'

export const courierName = (day: RunningDay, id: string): string =>
  day.page?.look?.couriers.get(id)?.name ?? id

export const siteName = (day: RunningDay, id: string): string => day.page?.look?.sites.get(id)?.name ?? id

/** "14:05" of this computer's clock, with the date where it is another day's. */
export function at(iso: string, day: string): string {
  const moment = new Date(iso)
  const local = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString()
  const time = local.slice(11, 16)
  return local.slice(0, 10) === day ? time : `${time} ${local.slice(8, 10)}/${local.slice(5, 7)}`
}
