/** Whom and where something can be moved to, as a dialog lists it. */

import type { CourierFacts, PlannedRoute } from '../../shared/api.gen'
import { fold } from '../../shared/fold'
import type { Lookup } from '../model/lookup'
import { placeName } from '../model/rounds'
import { places } from './edits'

/** Couriers whose name, id or base has every word, those of the preferred bases first, then by name. */
export function couriersFor(
  look: Lookup,
  wanted: string,
  bases: ReadonlySet<string>,
  locale: string,
): CourierFacts[] {
  const parts = fold(wanted).split(' ').filter(Boolean)
  const compare = new Intl.Collator(locale, { numeric: true }).compare
  const has = (one: CourierFacts): boolean => {
    const text = fold(`${one.name} ${one.courier_id} ${look.sites.get(one.base_id)?.name ?? ''}`)
    return parts.every((part) => text.includes(part))
  }
  const near = (one: CourierFacts): number => Number(!bases.has(one.base_id))
  return [...look.couriers.values()].filter(has).sort((a, b) => near(a) - near(b) || compare(a.name, b.name))
}

/** A place in a round in front of which nothing stands (`after` = null) or a stop. */
export interface Gap {
  trip: number
  position: number
  after: { number: number; name: string } | null
  /** Behind everything, as a trip of its own. */
  isNew: boolean
}

/** Every place in a round, in the order of the day; without a round, only a first trip. */
export function gaps(route: PlannedRoute | undefined, look: Lookup): Gap[] {
  const stops = route ? places(route) : []
  const trips = route?.trips.length ?? 0
  const found = Array.from({ length: trips }, (_, trip) => [
    { trip, position: 0, after: null, isNew: false },
    ...stops
      .filter((one) => one.trip === trip)
      .map(({ position, number, stop }) => ({
        trip,
        position: position + 1,
        after: { number, name: placeName(stop, look) },
        isNew: false,
      })),
  ]).flat()
  return [...found, { trip: trips, position: 0, after: null, isNew: true }]
}
