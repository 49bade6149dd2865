/**
 * The outbox is sent although no page is open (Background Synchronization, WICG draft): the browser wakes the service
 * worker once there is a signal.
 *
 * Page and worker take turns by the sender's lock. A browser that lacks this sends when the page is opened, as ever.
 */

import { forgetNames, openDatabase, readIdentity } from './database'
import { Outbox } from './outbox'
import { Sender } from './sender'
import { caller, mustWipe } from './session'

export const TAG = 'duongthu-outbox'
/** Milliseconds: a photograph takes its time on a weak signal, but not for ever. */
const PATIENCE = 60_000

/** What TypeScript's own types leave out. */
interface Waking {
  sync?: { register(tag: string): Promise<void> }
}

/** Have the worker woken; whether the browser will. */
export async function askToBeWoken(registration: ServiceWorkerRegistration): Promise<boolean> {
  const { sync } = registration as Waking
  if (!sync) return false
  try {
    await sync.register(TAG)
    return true
  } catch (error) {
    if (error instanceof DOMException) return false // its owner forbids it; the page sends by itself
    throw error
  }
}

/** It was not all sent: the browser wakes the worker again, later and later. */
export class NotYetError extends Error {}

/** Send what waits, as the page would; a phone that was reported lost forgets names, and the page does the rest. */
export async function sendInBackground(): Promise<void> {
  const database = await openDatabase(undefined, () => undefined)
  try {
    const identity = await readIdentity(database)
    if (!identity) return
    const outbox = new Outbox(database, identity)
    const call = caller(database)
    const sender = new Sender(outbox, (path, init) =>
      call(path, { signal: AbortSignal.timeout(PATIENCE), ...init }),
    )
    await outbox.recover()
    if (await mustWipe(database)) await sender.again()
    const outcome = await sender.flush()
    if (await mustWipe(database)) await forgetNames(database)
    if (outcome.kind === 'later') throw new NotYetError()
  } finally {
    database.close()
  }
}
