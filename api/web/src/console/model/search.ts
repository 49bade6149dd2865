import type { Places } from '../../shared/api.gen'
import { fold } from '../../shared/fold'
import type { Round } from './rounds'

export type HitKind = 'courier' | 'shipment' | 'commune' | 'site'

/** Something that can be found: what it is called, and what it belongs to. */
export interface Entry {
  kind: HitKind
  id: string
  label: string
  detail: string
  /** The round to open; null = none carries it. */
  roundId: string | null
  folded: string
}

export const MOST_HITS = 12
const ORDER: Record<HitKind, number> = { courier: 0, shipment: 1, commune: 2, site: 3 }

export function searchEntries(places: Places, found: readonly Round[]): Entry[] {
  const carrier = carriers(found)
  const communes = new Map(places.communes.map((commune) => [commune.code, commune.name]))
  const entry = (
    kind: HitKind,
    id: string,
    label: string,
    detail: string,
    roundId: string | null,
  ): Entry => ({
    kind,
    id,
    label,
    detail,
    roundId,
    folded: fold(`${label} ${id}`),
  })
  return [
    ...found.map((one) => entry('courier', one.id, one.name, one.baseName, one.id)),
    ...places.shipments.map((one) => {
      const round = carrier.get(one.code)
      return entry('shipment', one.code, one.code, round?.name ?? '', round?.id ?? null)
    }),
    ...places.communes.map((one) => entry('commune', one.code, one.name, one.code, null)),
    ...places.sites.map((one) =>
      entry('site', one.site_id, one.name, communes.get(one.commune_code) ?? '', null),
    ),
  ]
}

/** The best entries for what was typed: every word must occur; whole names and beginnings first. */
export function search(entries: readonly Entry[], query: string): Entry[] {
  const words = fold(query).split(' ').filter(Boolean)
  if (words.length === 0) return []
  return entries
    .map((entry) => ({ entry, score: score(entry, words) }))
    .filter((one) => one.score > 0)
    .sort((a, b) => b.score - a.score || ORDER[a.entry.kind] - ORDER[b.entry.kind])
    .slice(0, MOST_HITS)
    .map((one) => one.entry)
}

function score(entry: Entry, words: readonly string[]): number {
  let total = 0
  for (const word of words) {
    const at = entry.folded.indexOf(word)
    if (at < 0) return 0
    total += at === 0 ? 3 : entry.folded.includes(` ${word}`) ? 2 : 1
  }
  return total
}

function carriers(found: readonly Round[]): Map<string, Round> {
  const carrier = new Map<string, Round>()
  for (const one of found)
    for (const trip of one.route.trips)
      for (const stop of trip.stops) for (const task of stop.tasks) carrier.set(task.shipment, one)
  return carrier
}
