/** Old work leaves the computer once the server has answered it and has its pictures. */

import { daysBefore, isOver, KEEPS } from '../device/old'
import type { Outbox, OutboxEntry } from '../device/outbox'
import { today } from './asking'

/** Returns whether anything was forgotten. */
export async function forgetOld(outbox: Outbox, entries: readonly OutboxEntry[]): Promise<boolean> {
  const isWhole = await outbox.areSent()
  const old = entries.filter((one) => isOver(one, daysBefore(today(), KEEPS), isWhole))
  if (old.length > 0) await outbox.forget(old)
  return old.length > 0
}
