/** Shipments picked out by place: those of the stops in a line drawn around them, on the screen, or in a commune. */

import type { FeatureCollection, Point } from 'geojson'
import type { Plan, PlannedStop } from '../../shared/api.gen'
import type { Lookup } from '../model/lookup'
import { leftBehind } from '../model/unassigned'
import { inside, type Pixel, type Surface } from './surface'

export interface Count {
  stops: number
  shipments: number
}

const allStops = (plan: Plan): PlannedStop[] =>
  plan.routes.flatMap((route) => route.trips.flatMap((trip) => trip.stops))

const codesAt = (stop: PlannedStop): string[] => stop.tasks.map((task) => task.shipment)

/** Codes of what is carried to or left behind at places for which `isMeant`. */
function meant(plan: Plan, look: Lookup, isMeant: (point: readonly [number, number]) => boolean): string[] {
  const carried = plan.routes.flatMap((route) =>
    route.trips.flatMap((trip) =>
      trip.stops.flatMap((stop, index) => {
        const at = trip.path.coordinates[trip.path.stop_index[index] ?? -1]
        return at && isMeant(at) ? codesAt(stop) : []
      }),
    ),
  )
  const left = plan.unassigned.filter((one) => {
    const [place] = leftBehind([one], look)
    return place !== undefined && isMeant(place.point)
  })
  return [...new Set([...carried, ...left.map((one) => one.shipment)])]
}

/** `ring` in pixels of the surface. */
export function codesInside(plan: Plan, look: Lookup, ring: readonly Pixel[], surface: Surface): string[] {
  return ring.length < 3 ? [] : meant(plan, look, (point) => inside(surface.toScreen(point), ring))
}

/** Of what begins or ends at a citizen or site in the commune, whichever the courier drives to. */
export function codesOfCommune(plan: Plan, look: Lookup, commune: string): string[] {
  const isThere = (stop: PlannedStop): boolean =>
    stop.site_id !== null
      ? look.sites.get(stop.site_id)?.commune_code === commune
      : stop.tasks.some((task) => {
          const facts = look.shipments.get(task.shipment)
          return (task.action === 'collect' ? facts?.origin : facts?.destination)?.commune_code === commune
        })
  const carried = allStops(plan).filter(isThere).flatMap(codesAt)
  const left = plan.unassigned.filter(({ shipment }) => {
    const facts = look.shipments.get(shipment)
    return (facts?.kind === 'intake' ? facts.origin : facts?.destination)?.commune_code === commune
  })
  return [...new Set([...carried, ...left.map((one) => one.shipment)])]
}

/** How many stops and shipments are picked out; what nobody carries has no stop. */
export function countOf(plan: Plan, marked: ReadonlySet<string>): Count {
  const stops = allStops(plan).filter((stop) => codesAt(stop).some((code) => marked.has(code)))
  return { stops: stops.length, shipments: marked.size }
}

/** Of these, what somebody carries: only a stop can be locked. */
export function carried(plan: Plan, marked: ReadonlySet<string>): string[] {
  return [...new Set(allStops(plan).flatMap(codesAt))].filter((code) => marked.has(code))
}

/** Where what is picked out lies, to be ringed on the map. */
export function markedPoints(
  plan: Plan,
  look: Lookup,
  marked: ReadonlySet<string>,
): FeatureCollection<Point> {
  const carriedTo = plan.routes.flatMap((route) =>
    route.trips.flatMap((trip) =>
      trip.stops.flatMap((stop, index) => {
        const at = trip.path.coordinates[trip.path.stop_index[index] ?? -1]
        return at && codesAt(stop).some((code) => marked.has(code)) ? [at] : []
      }),
    ),
  )
  const left = leftBehind(
    plan.unassigned.filter((one) => marked.has(one.shipment)),
    look,
  ).map((one) => one.point)
  return {
    type: 'FeatureCollection',
    features: [...carriedTo, ...left].map((at) => ({
      type: 'Feature',
      properties: {},
      geometry: { type: 'Point', coordinates: [...at] },
    })),
  }
}
