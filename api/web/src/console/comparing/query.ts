export type Query = Record<string, number | null>

/** `?version=3`, without what is null; of nothing, nothing. */
export function written(query: Query): string {
  const said = Object.entries(query).flatMap(([name, value]) =>
    value === null ? [] : [[name, String(value)]],
  )
  return said.length > 0 ? `?${new URLSearchParams(said)}` : ''
}
