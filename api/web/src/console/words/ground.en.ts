import type { ground as original } from './ground.vi'

/** English words for the base map and the morning's beginnings. */
export const ground: typeof original = {
  mapBroken: 'The base map cannot be loaded; our own map is shown.',
  mapCredit: (who) => `Base map: ${who}`,
}
