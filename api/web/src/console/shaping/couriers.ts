/** Couriers to choose from: whoever works on the day, with what they drive already. */

import type { Lookup } from '../model/lookup'
import type { Round } from '../model/rounds'

export interface Candidate {
  id: string
  name: string
  base: string
  /** Of their round; 0 = they have none. */
  stops: number
}

/** The base of `near` first, then by name. */
export function candidates(
  look: Lookup,
  rounds: readonly Round[],
  near: string | null,
  locale: string,
): Candidate[] {
  const stops = new Map(rounds.map((round) => [round.id, round.stops]))
  const compare = new Intl.Collator(locale, { numeric: true }).compare
  const isFar = (baseId: string): number => (near === null || baseId === near ? 0 : 1)
  return [...look.couriers.values()]
    .sort((a, b) => isFar(a.base_id) - isFar(b.base_id) || compare(a.name, b.name))
    .map((one) => ({
      id: one.courier_id,
      name: one.name,
      base: look.sites.get(one.base_id)?.name ?? one.base_id,
      stops: stops.get(one.courier_id) ?? 0,
    }))
}
