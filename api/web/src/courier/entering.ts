/** How a phone is taken in: by the code of a QR that a dispatcher shows. */

import { readIdentity, type Database } from '../device/database'
import { Outbox } from '../device/outbox'
import type { Caller } from '../device/sender'
import { enrol, EnrolmentError, mustWipe } from '../device/session'

/** The server's words, or that there was no answer. */
export type Refusal = EnrolmentError | 'offline'

/** The code that the QR code brought; it leaves the address at once, for it works once and histories are kept. */
export function takeEnrolmentCode(): string | null {
  const code = new URLSearchParams(location.hash.slice(1)).get('enrol')
  if (code) history.replaceState(null, '', location.pathname)
  return code
}

/**
 * A phone that is let in already keeps its key; one whose session is over gets a new one, and keeps its outbox.
 *
 * Null = it is in.
 */
export async function letIn(database: Database, call: Caller, code: string): Promise<Refusal | null> {
  try {
    const before = await readIdentity(database)
    const answer = before && (await call('/api/v1/auth/me', {}))
    if (answer && answer.status !== 401 && !(await mustWipe(database))) return null
    if (before) await new Outbox(database, before).recover()
    await enrol(database, code, navigator.userAgent.slice(0, 60))
    return null
  } catch (error) {
    if (error instanceof EnrolmentError) return error
    if (error instanceof TypeError) return 'offline'
    throw error
  }
}
