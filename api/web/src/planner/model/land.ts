/** The land from which a post is reached, as paths of a picture that the map moves and stretches. */

import type { LandFeature, LandMap } from '../../shared/api.gen'
import { project, type Bounds } from '../../shared/geometry'
import type { Sight } from './sight'

/** Units a degree: what is left of it stays exact in the browser's single-precision paths. */
const FINE = 1000

export interface Drawn {
  /** Of the posts in force, or of a scenario's. */
  reached: string
  /** What places that get a post add, one path each. */
  added: readonly string[]
  km2: number
}

export function drawnLand(map: LandMap, sight: Sight, bounds: Bounds): Drawn {
  const find = (of: string, id: string | null): LandFeature[] =>
    map.features.filter((one) => one.properties.of === of && one.properties.id === id)
  const own = sight.scenario === null ? [] : find('scenario', sight.scenario)
  const reached = own.length ? own : find('today', null)
  const added = sight.opened.flatMap((place) => find('place', place))
  return {
    reached: reached.map((one) => pathOf(one, bounds)).join(''),
    added: added.map((one) => pathOf(one, bounds)).filter((path) => path !== ''),
    km2: [...reached, ...added].reduce((sum, one) => sum + one.properties.km2, 0),
  }
}

/** Maps and pictures are Web Mercator without turning: two corners say how such paths lie on them. */
export function placing(
  bounds: Bounds,
  at: (point: readonly [number, number]) => readonly [number, number],
): string {
  const [left, bottom] = project([bounds[0], bounds[1]])
  const [right, top] = project([bounds[2], bounds[3]])
  const [x, y] = at([bounds[0], bounds[1]])
  const [u, v] = at([bounds[2], bounds[3]])
  const across = (u - x) / (right - left || 1) / FINE
  const down = (v - y) / (top - bottom || 1) / FINE
  return `matrix(${across} 0 0 ${down} ${x} ${y})`
}

function pathOf(feature: LandFeature, bounds: Bounds): string {
  const [left, bottom] = project([bounds[0], bounds[1]])
  const spot = (point: readonly number[]): string => {
    const [x, y] = project([...point])
    return `${Math.round((x - left) * FINE * 100) / 100} ${Math.round((y - bottom) * FINE * 100) / 100}`
  }
  return feature.geometry.coordinates
    .flat()
    .map((ring) => `M${ring.map(spot).join('L')}Z`)
    .join('')
}
