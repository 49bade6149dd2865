/** The rounds of a running day as the map draws them: what is done, what is ahead, and what became of each stop. */

import type { Feature, FeatureCollection, LineString, Point, Position } from 'geojson'
import { badgeName } from '../../map/symbols'
import type { Watched, WatchedStop } from './watched'

export interface ProgressLayers {
  /** Under the names of the map's sources. */
  rounds: FeatureCollection<LineString>
  stops: FeatureCollection<Point>
  driven: FeatureCollection<LineString>
  /** Of everybody: stops that will be missed, or were not done. */
  missed: FeatureCollection<Point>
}

const DONE = '#1b6e3c'
const FAILED = '#b3261e'
const SKIPPED = '#8a5200'

export function progressLayers(watched: readonly Watched[]): ProgressLayers {
  const parts = watched.map(tripLines)
  const stops = watched.flatMap((who) => who.stops.map((stop) => stopPoint(who, stop)))
  return {
    rounds: collect(parts.flatMap((one) => one.ahead)),
    driven: collect(parts.flatMap((one) => one.driven)),
    stops: collect(stops),
    missed: collect(stops.filter((one) => one.properties?.shown === true)),
  }
}

/** Where a stop touches its path. */
export function placeOf(who: Watched, stop: WatchedStop): Position {
  const trip = who.round.route.trips[stop.trip]
  const index = trip?.stops.indexOf(stop.planned) ?? -1
  const at = trip?.path.coordinates[trip.path.stop_index[index] ?? -1]
  if (!at) throw new Error(`stop ${stop.number} of ${who.id} has no place on its path`)
  return [...at]
}

function tripLines(who: Watched): { driven: Feature<LineString>[]; ahead: Feature<LineString>[] } {
  const lines = who.round.route.trips.map((trip, index) => {
    const last = who.stops.findLast((one) => one.trip === index && one.settledAt !== null)
    const here = who.stops.filter((one) => one.trip === index)
    const isOver =
      (who.over && here.every((one) => one.settledAt !== null)) ||
      who.stops.some((one) => one.trip > index && one.settledAt !== null)
    const all = trip.path.coordinates
    const cut = isOver
      ? all.length - 1
      : last
        ? (trip.path.stop_index[trip.stops.indexOf(last.planned)] ?? 0)
        : 0
    return [line(who, all.slice(0, cut + 1)), line(who, all.slice(cut))] as const
  })
  return {
    driven: lines.map(([driven]) => driven).filter(isLine),
    ahead: lines.map(([, ahead]) => ahead).filter(isLine),
  }
}

function line(
  who: Watched,
  coordinates: readonly Position[] | readonly (readonly [number, number])[],
): Feature<LineString> {
  const points = coordinates.map((one) => [...one])
  return {
    type: 'Feature',
    geometry: { type: 'LineString', coordinates: points },
    properties: { round: who.id, color: who.round.color },
  }
}

function isLine(one: Feature<LineString>): boolean {
  return one.geometry.coordinates.length > 1
}

function stopPoint(who: Watched, stop: WatchedStop): Feature<Point> {
  const missed = stop.missesWindow || stop.missesLine
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: placeOf(who, stop) },
    properties: {
      round: who.id,
      number: stop.number,
      shown: missed || stop.state === 'undone',
      color: colorOf(who, stop),
      badge: badgeOf(who, stop, missed),
    },
  }
}

function colorOf(who: Watched, { state }: WatchedStop): string {
  return {
    done: DONE,
    failed: FAILED,
    skipped: SKIPPED,
    undone: SKIPPED,
    next: who.round.color,
    left: who.round.color,
  }[state]
}

/** A sign as well as a colour: ✓ done, ✕ failed, ! skipped, a ring around the number = will be missed. */
function badgeOf(who: Watched, stop: WatchedStop, missed: boolean): string {
  if (stop.state === 'done') return badgeName(DONE, '✓')
  if (stop.state === 'failed') return badgeName(FAILED, '✕')
  if (stop.state === 'skipped') return badgeName(SKIPPED, '!')
  if (stop.state === 'undone') return badgeName(SKIPPED, '–')
  return missed ? `left ${FAILED} ${stop.number}` : badgeName(who.round.color, stop.number)
}

function collect<G extends LineString | Point>(features: Feature<G>[]): FeatureCollection<G> {
  return { type: 'FeatureCollection', features }
}
