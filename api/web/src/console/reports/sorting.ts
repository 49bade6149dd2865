/** In which order a table stands. */
export interface Order {
  column: string
  down: boolean
}

type Value = number | string | null

/** What has no value stands last either way; equals keep their order. */
export function sorted<T>(
  rows: readonly T[],
  value: (row: T) => Value,
  down: boolean,
  language: string,
): T[] {
  const compare = (a: Value, b: Value): number => {
    if (a === null || b === null) return Number(a === null) - Number(b === null)
    const found =
      typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), language)
    return down ? -found : found
  }
  return rows.toSorted((a, b) => compare(value(a), value(b)))
}

/** Pressed again, the same column turns round; another begins with its largest, a name with its first. */
export const turned = (order: Order, column: string, isText: boolean): Order =>
  order.column === column ? { column, down: !order.down } : { column, down: !isText }
