import type { ApiPlansComparingCourierChange, PlanComparison } from '../../shared/api.gen'

export type CourierChange = ApiPlansComparingCourierChange
export type Column = 'courier' | 'kind' | 'added' | 'removed' | 'reordered' | 'distance' | 'cost'

export interface Order {
  column: Column
  down: boolean
}

const KINDS: readonly CourierChange['kind'][] = ['new_round', 'no_round', 'changed', 'same']

const KEY: Record<Column, (change: CourierChange, name: string) => number | string> = {
  courier: (_, name) => name,
  kind: (change) => KINDS.indexOf(change.kind),
  added: (change) => change.added.length,
  removed: (change) => change.removed.length,
  reordered: (change) => change.reordered.length,
  distance: (change) => change.distance,
  cost: (change) => change.cost_dong,
}

/** By a column; what is equal in it, by courier. */
export function sorted(
  changes: readonly CourierChange[],
  { column, down }: Order,
  nameOf: (id: string) => string,
  locale: string,
): CourierChange[] {
  const { compare } = new Intl.Collator(locale, { numeric: true })
  const sign = down ? -1 : 1
  return changes.toSorted((a, b) => {
    const [x, y] = [a, b].map((one) => KEY[column](one, nameOf(one.courier_id)))
    const by = typeof x === 'number' && typeof y === 'number' ? x - y : compare(String(x), String(y))
    return sign * by || compare(a.courier_id, b.courier_id)
  })
}

/** Whoever has the same round as before; counted, and not shown at first. */
export function unchanged(comparison: PlanComparison): number {
  return comparison.couriers.filter((one) => one.kind === 'same').length
}
