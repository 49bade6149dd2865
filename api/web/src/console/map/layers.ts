import type { Feature, FeatureCollection, LineString, Point, Polygon } from 'geojson'
import type { Places } from '../../shared/api.gen'
import type { Paint } from '../model/paint'
import type { Round } from '../model/rounds'
import type { LeftBehind } from '../model/unassigned'
import { badgeName, leftName } from './symbols'

type Lines = FeatureCollection<LineString>
type Points = FeatureCollection<Point>
type Areas = FeatureCollection<Polygon>

/** What is drawn from a plan; each is one source of the map. */
export interface Layers {
  areas: Areas
  communes: Points
  sites: Points
  rounds: Lines
  stops: Points
  left: Points
}

export function layers(places: Places, found: readonly Round[], left: readonly LeftBehind[]): Layers {
  return {
    areas: collect(
      places.communes
        .filter((one) => one.outline.length > 0)
        .map((one) => feature({ type: 'Polygon', coordinates: one.outline }, { code: one.code })),
    ),
    communes: collect(places.communes.map((one) => point(one.point, { name: one.name, code: one.code }))),
    sites: collect(
      places.sites.map((one) => point(one.point, { id: one.site_id, name: one.name, symbol: symbolOf(one) })),
    ),
    rounds: collect(found.flatMap(roundLines)),
    stops: collect(found.flatMap(roundStops)),
    left: collect(
      left.map((one) =>
        point(one.point, { count: one.count, mustGo: one.mustGo, picture: leftName(one.mustGo, one.count) }),
      ),
    ),
  }
}

/** Which picture a site gets: being a base counts more than its kind, save for the provincial centre. */
export function symbolOf(site: Places['sites'][number]): string {
  return site.is_base && site.kind !== 'hub' ? 'base' : site.kind
}

function roundLines(round: Round): Feature<LineString>[] {
  return round.route.trips.map((trip, index) =>
    feature(
      { type: 'LineString', coordinates: trip.path.coordinates },
      { round: round.id, color: round.color, trip: index },
    ),
  )
}

/** A stop lies where its path touches the road, so that number and line belong together. */
function roundStops(round: Round): Feature<Point>[] {
  let number = 0
  return round.route.trips.flatMap((trip) =>
    trip.path.stop_index.map((position) => {
      const at = trip.path.coordinates[position]
      if (!at) throw new Error(`stop ${number + 1} of ${round.id} has no place on its path`)
      const { color, form } = round.paints[number] as Paint
      number += 1
      return point(at, { round: round.id, color, number, badge: badgeName(color, number, form) })
    }),
  )
}

function point(at: readonly [number, number], properties: Record<string, unknown>): Feature<Point> {
  return feature({ type: 'Point', coordinates: [...at] }, properties)
}

function feature<G extends LineString | Point | Polygon>(
  geometry: G,
  properties: Record<string, unknown>,
): Feature<G> {
  return { type: 'Feature', geometry, properties }
}

function collect<G extends LineString | Point | Polygon>(features: Feature<G>[]): FeatureCollection<G> {
  return { type: 'FeatureCollection', features }
}
