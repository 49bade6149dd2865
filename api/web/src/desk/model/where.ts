/** Who has a shipment, in words. */

import type { Found, NetworkRow } from '../../shared/api.gen'
import type { Dictionary } from '../words/vi'
import type { Bringer } from './batch'
import type { Site } from './sites'

/** What codes of the network are called. */
export interface Names {
  sites: ReadonlyMap<string, Site>
  couriers: ReadonlyMap<string, string>
}

export function couriersOf(rows: readonly NetworkRow[]): Map<string, string> {
  const named = rows.filter(({ cells }) => cells['name'])
  return new Map(
    named.map(({ cells }) => {
      const id = String(cells['courier_id'])
      return [id, `${String(cells['name'])} (${id})`]
    }),
  )
}

export function whereIs(
  { holding, holder }: Pick<Found, 'holding' | 'holder'>,
  { sites, couriers }: Names,
  w: Dictionary,
): string {
  const name = holder === null ? '' : (sites.get(holder)?.name ?? couriers.get(holder) ?? holder)
  return `${w.holding[holding]} ${name}`.trim()
}

export function whoBrings({ holding, name }: Bringer, { couriers }: Names, w: Dictionary): string {
  return holding === 'line' ? w.line(name) : (couriers.get(name) ?? w.courier(name))
}
