/** What stands in a courier's way, as the page says it. */

import { StorageFullError } from '../device/outbox'
import { NoSealKeyError } from './recording'

export type Trouble =
  'outside' | 'revoked' | 'revoking' | 'full' | 'no_round' | 'broken' | 'no_seal_key' | 'unexpected'

/** Of an answer to the question for the round. */
export function troubleOf(status: number): Trouble | null {
  if (status < 300) return null
  return status === 404 ? 'no_round' : status === 401 ? 'outside' : 'broken'
}

/** What an answer to the round makes good. */
export const OF_ROUND: ReadonlySet<Trouble | null> = new Set(['outside', 'no_round', 'broken'])

/** Why an action was not taken down; what is no such reason is thrown on. */
export function untaken(error: unknown): Trouble {
  if (error instanceof StorageFullError) return 'full'
  if (error instanceof NoSealKeyError) return 'no_seal_key'
  throw error
}
