import { words } from '../../words'
import type { Watched } from '../model/watched'
import { sightOf, standing } from '../telling'
import type { Mark } from './live'

/** Couriers whose position may be shown and is known; whoever is in trouble lies on top. */
export function marksOf(watched: readonly Watched[], now: number): Mark[] {
  return watched.flatMap((who) => {
    if (!who.seen || (who.sight !== 'fresh' && who.sight !== 'old')) return []
    return [
      {
        id: who.id,
        at: [who.seen.lon, who.seen.lat] as [number, number],
        initials: who.initials,
        label: words().watch.map.marker(who.initials, who.name, sightOf(who, now), standing(who)),
        color: who.round.color,
        old: who.sight === 'old',
        level: who.level,
      },
    ]
  })
}
