/**
 * Accepting a dossier in two steps that a crash cannot part: the shipment is registered, then the event is taken down.
 *
 * Everything both need is kept on disk before the first, for each acceptance of its own; whoever comes back, in any tab,
 * finds it and finishes it. Each step may be done again: the shipment by its idempotency key and its content, the event
 * by its id. The event keeps the moment at which it was signed.
 */

import type { One } from '../shared/api.gen'
import { AskError, issuePin, register } from './asking'
import type { Acceptance } from './model/acceptance'
import type { DeskState } from './state.svelte'

type Page = Pick<DeskState, 'act' | 'database' | 'session'>

/** Another tab has finished this acceptance, or has given it up. */
export class ElsewhereError extends Error {}

const keyOf = ({ event_id }: Acceptance): string => `acceptance ${event_id}`

/** The oldest that is under way: the ids are UUIDv7, in the order of time. */
export async function interrupted({ database }: Page): Promise<Acceptance | null> {
  // Ids begin with a hexadecimal digit.
  const [oldest] = await database.getAll('values', IDBKeyRange.bound('acceptance ', 'acceptance g'), 1)
  return (oldest as Acceptance | undefined) ?? null
}

export async function accept(page: Page, acceptance: Acceptance): Promise<One> {
  await keep(page, acceptance)
  try {
    return await finish(page, acceptance)
  } catch (error) {
    // What the server would not have is not under way: the clerk changes it and tries again.
    if (error instanceof AskError && [404, 409, 422].includes(error.status)) await giveUp(page, acceptance)
    throw error
  }
}

export function finish(page: Page, acceptance: Acceptance): Promise<One> {
  return alone(acceptance, async () => {
    if (!(await page.database.get('values', keyOf(acceptance)))) throw new ElsewhereError()
    const { shipment, once, event_id, at, data, files } = acceptance
    const one = await register(page.session.call, shipment, once)
    await page.act({ type: 'ACCEPT', shipments: [one.code], data, event_id, at }, files)
    await forget(page, acceptance)
    return one
  })
}

export const giveUp = (page: Page, acceptance: Acceptance): Promise<void> =>
  alone(acceptance, () => forget(page, acceptance))

export const pinFor = async (page: Page, { shipment, oncePin }: Acceptance): Promise<string> =>
  (await issuePin(page.session.call, shipment.code, oncePin)).pin

/** When this returns it survives a loss of power: signatures and scans are nowhere else. */
async function keep({ database }: Page, acceptance: Acceptance): Promise<void> {
  const work = database.transaction('values', 'readwrite', { durability: 'strict' })
  await Promise.all([work.store.put(acceptance, keyOf(acceptance)), work.done])
}

const forget = ({ database }: Page, acceptance: Acceptance): Promise<void> =>
  database.delete('values', keyOf(acceptance))

/** One tab at a time. */
const alone = <T>(acceptance: Acceptance, work: () => Promise<T>): Promise<T> =>
  navigator.locks.request(`duongthu-${keyOf(acceptance)}`, work)
