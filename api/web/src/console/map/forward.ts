/**
 * What the map draws of single rounds, in small sources of their own.
 *
 * A filter or an opacity by round in the layer of all rounds would be laid out anew for each of them whenever the pointer
 * moves from one to the next.
 */

import type { Feature, FeatureCollection } from 'geojson'

/** Who steps forward; all others step back. */
export interface Focus {
  chosen: string | null
  /** Of the chosen round, from 1. */
  stop: number | null
  hovered: string | null
}

export const NOBODY: Focus = { chosen: null, stop: null, hovered: null }
export const FORWARD = ['hovered', 'chosen', 'stops', 'focus'] as const
export type ForwardSource = (typeof FORWARD)[number]

/** Lines of the hovered and the chosen round, stops of the chosen one, and the stop that is looked at. */
export function forward(
  rounds: FeatureCollection,
  stops: FeatureCollection,
  { chosen, stop, hovered }: Focus,
): Record<ForwardSource, FeatureCollection> {
  const own = ofRounds(stops, [chosen])
  return {
    hovered: ofRounds(rounds, [hovered]),
    chosen: ofRounds(rounds, [chosen]),
    stops: own,
    focus: only(own, (one) => one.properties?.number === stop),
  }
}

export function ofRounds(of: FeatureCollection, ids: readonly (string | null)[]): FeatureCollection {
  return only(of, (one) => ids.includes(one.properties?.round as string))
}

/** The very same features: nothing to draw anew. */
export function isSame(one: FeatureCollection, other: FeatureCollection | undefined): boolean {
  return (
    one.features.length === other?.features.length &&
    one.features.every((feature, index) => feature === other.features[index])
  )
}

function only(of: FeatureCollection, keep: (one: Feature) => boolean): FeatureCollection {
  return { type: 'FeatureCollection', features: of.features.filter(keep) }
}
