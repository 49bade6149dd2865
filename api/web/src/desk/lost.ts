/**
 * A computer that was reported lost: it hands in what it has, and then forgets everything.
 *
 * A dossier that both sides signed for goes in with its registration, as from a citizen's door.
 */

import { forgetNames, readIdentity, wipe, type Database } from '../device/database'
import { owes, type Outbox, type OutboxEntry } from '../device/outbox'
import { Sender } from '../device/sender'
import { askStanding, caller, mustWipe, type Standing } from '../device/session'
import { giveUp, interrupted } from './accepting'
import { drafted } from './drafting'
import type { DeskState } from './state.svelte'

type Page = Pick<DeskState, 'act' | 'database' | 'session'>

/** Asks now and then whether this computer was reported lost. */
export class LossWatch {
  /** Milliseconds between two questions. */
  static readonly LOOKS = 10 * 60_000
  private lookAt = -Infinity

  constructor(private readonly database: Database) {}

  /** What the server said last; `in` also as long as nobody answers, and then it is asked again. */
  async standing(): Promise<Standing> {
    if (await mustWipe(this.database)) return 'lost'
    if (performance.now() < this.lookAt || !(await readIdentity(this.database))) return 'in'
    try {
      return await this.ask()
    } catch (error) {
      if (error instanceof TypeError) return 'in'
      throw error
    }
  }

  async ask(): Promise<Standing> {
    const found = await askStanding(this.database)
    this.lookAt = performance.now() + LossWatch.LOOKS
    return found
  }
}

/** `before_revocation`: signed before it, or so shortly after it that nobody can tell. */
const LOST = new Set(['device_revoked', 'before_revocation'])

/** The server says of it that the key of a device was revoked. */
export const isOfLost = ({ event, pieces = [] }: OutboxEntry, deviceId: string): boolean =>
  event.device_id === deviceId && pieces.some(({ code }) => LOST.has(code))

/** False = something is still to be handed in: to be called again. */
export async function handInAndWipe(page: Page, outbox: Outbox): Promise<boolean> {
  const { database } = page
  await takeDownAcceptances(page, outbox)
  await forgetNames(database)
  await outbox.recover()
  const sender = new Sender(outbox, caller(database))
  await sender.again()
  await sender.flush()
  return wipe(database, owes)
}

async function takeDownAcceptances(page: Page, outbox: Outbox): Promise<void> {
  for (let one = await interrupted(page); one; one = await interrupted(page)) {
    const { shipment, once, oncePin, event_id, at, data, files } = one
    const registration = { shipment, once, oncePin }
    const draft = {
      type: 'ACCEPT',
      shipments: [shipment.code],
      data,
      event_id,
      at,
      offline: true,
      registration,
    }
    if (!(await isTakenDown(outbox, event_id))) {
      await outbox.add(await drafted(draft, files, ''), Object.values(files).flat())
    }
    await giveUp(page, one)
  }
}

const isTakenDown = async (outbox: Outbox, eventId: string): Promise<boolean> =>
  (await outbox.all()).some(({ event }) => event.event_id === eventId)

/** Whether this computer's key was wiped or changed in another tab: what this one knows is over. */
export const isOutOfDate = async (database: Database, deviceId: string): Promise<boolean> =>
  (await readIdentity(database))?.device_id !== deviceId
