import type { Places } from '../../shared/api.gen'

/** Names of couriers by their ids, of either plan; the second one's where both know somebody. */
export function namesOf(before: Places | null, after: Places): ReadonlyMap<string, string> {
  return new Map([...(before?.couriers ?? []), ...after.couriers].map((one) => [one.courier_id, one.name]))
}
