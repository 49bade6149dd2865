/**
 * A clerk's way in is everybody's (`shared/session.ts`). Whoever closes the browser or logs out leaves nothing behind
 * but what waits to be sent, which the next clerk's session brings in.
 */

export { Session as DeskSession } from '../shared/session'

/** Of the link that a dispatcher sent. It leaves the address at once: it works once, and histories are kept. */
export function enrolmentCode(): string | null {
  const code = new URLSearchParams(location.hash.slice(1)).get('enrol')
  if (code) history.replaceState(null, '', location.pathname)
  return code
}
