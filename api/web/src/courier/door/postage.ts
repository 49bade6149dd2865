/** The price of a way by post, as api/network/model.py finds it: the most specific row wins, no row is free. */

import type { DoorCatalogue } from '../../shared/api.gen'

type Tariff = DoorCatalogue['tariffs'][number]

/** đồng. By procedure first, then by commune, then by level. */
export function postageOf(
  tariffs: readonly Tariff[],
  level: Tariff['level'],
  commune: string,
  procedure: string,
): number {
  for (const of of [procedure, null])
    for (const inside of [commune, null])
      for (const decided of [level, null]) {
        const row = tariffs.find(
          (one) => one.procedure === of && one.commune === inside && one.level === decided,
        )
        if (row) return row.dong
      }
  return 0
}
