/** Places as the table has them. */

import { sorted, type Order } from '../../console/reports/sorting'
import type { CoverageStudy, RemedyPrice } from '../../shared/api.gen'
import { fold } from '../../shared/fold'
import { cheapestOf, gained } from './cheapest'

export interface PlaceRow {
  id: string
  name: string
  commune: string
  people: number
  lacking: boolean
  /** To the nearest post, by the main means; null = no way. */
  minutes: number | null
  cheapest: RemedyPrice | null
  gained: number | null
  folded: string
}

export function placeRows(study: CoverageStudy): PlaceRow[] {
  const offered = new Map<string, RemedyPrice[]>()
  for (const price of study.remedies)
    offered.set(price.place_id, [...(offered.get(price.place_id) ?? []), price])
  const lacking = new Set(study.without_post)
  return study.places.map((place) => {
    const seconds = place.access[study.main_means]?.seconds ?? null
    const cheapest = cheapestOf(study, offered.get(place.place_id) ?? [])
    return {
      id: place.place_id,
      name: place.name,
      commune: place.commune,
      people: place.people,
      lacking: lacking.has(place.place_id),
      minutes: seconds === null ? null : seconds / 60,
      cheapest,
      gained: cheapest && gained(study, cheapest),
      folded: fold(`${place.name} ${place.commune} ${place.commune_code}`),
    }
  })
}

const VALUES: Record<string, (row: PlaceRow) => number | string | null> = {
  name: (row) => row.name,
  commune: (row) => row.commune,
  people: (row) => row.people,
  minutes: (row) => row.minutes,
  dong: (row) => row.cheapest?.added_dong ?? null,
  gained: (row) => row.gained,
}

export interface Wanted {
  text: string
  onlyLacking: boolean
  order: Order
}

export function shownRows(rows: readonly PlaceRow[], wanted: Wanted, language: string): PlaceRow[] {
  const text = fold(wanted.text)
  const found = rows.filter(
    (row) => (!wanted.onlyLacking || row.lacking) && (text === '' || row.folded.includes(text)),
  )
  const value = VALUES[wanted.order.column]
  if (!value) throw new Error(`no column ${wanted.order.column}`)
  return sorted(found, value, wanted.order.down, language)
}
