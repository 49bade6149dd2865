/** A batch that somebody brings: what should be in it, what was read so far, and what does not fit. */

import type { Found } from '../../shared/api.gen'

/** Who has shipments that this office sends, receives or keeps. */
export interface Bringer {
  holding: 'courier' | 'line'
  name: string
  codes: string[]
}

/** Everybody on the way with something of this office, by name. */
export function bringers(found: readonly Found[]): Bringer[] {
  const by = new Map<string, Bringer>()
  for (const { code, holding, holder } of found) {
    if ((holding !== 'courier' && holding !== 'line') || holder === null) continue
    const key = `${holding} ${holder}`
    const one = by.get(key) ?? { holding, name: holder, codes: [] }
    one.codes.push(code)
    by.set(key, one)
  }
  return [...by.values()].sort((a, b) => a.name.localeCompare(b.name, 'vi'))
}

/** Lying here. */
export function heldAt(found: readonly Found[], siteId: string): Found[] {
  return found.filter((one) => one.holding === 'site' && one.holder === siteId)
}

export function missingOf(expected: readonly string[], read: readonly string[]): string[] {
  const seen = new Set(read)
  return expected.filter((code) => !seen.has(code))
}

/** Codes by the event that they follow, each once: an event can name one only. */
export function byLast(
  codes: readonly string[],
  last: readonly (string | undefined)[],
): [string | undefined, string[]][] {
  const groups = new Map<string | undefined, string[]>()
  codes.forEach((code, at) => groups.set(last[at], [...(groups.get(last[at]) ?? []), code]))
  return [...groups]
}
