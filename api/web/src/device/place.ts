/** Where the phone is, with how far that may be off and how old it is. */

import type { Place } from './outbox'

/** Milliseconds that a courier waits for a fix at a door. */
const PATIENCE = 15_000
/** Milliseconds: an older fix may be of the stop before. */
const OLDEST = 60_000

/** Null when the phone cannot tell, or its owner forbids it. */
export function findPlace(now: () => number = Date.now): Promise<Place | null> {
  return new Promise((resolve) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords, timestamp }) =>
        resolve({
          lon: coords.longitude,
          lat: coords.latitude,
          accuracy: coords.accuracy,
          age: Math.max(0, (now() - timestamp) / 1000),
        }),
      () => resolve(null),
      { enableHighAccuracy: true, timeout: PATIENCE, maximumAge: OLDEST },
    )
  })
}
