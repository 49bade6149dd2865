/**
 * What a device keeps for itself: its key, its session, the round of the day and the outbox.
 *
 * One database, so that an event, its counter and its photographs are written in one transaction or not at all.
 */

import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { TokenPair } from '../shared/api.gen'
import type { OutboxEntry, OutboxFile } from './outbox'

export interface Identity {
  device_id: string
  keys: CryptoKeyPair
}

interface Kept extends DBSchema {
  /** Single values by name. */
  values: { key: string; value: unknown }
  /** Events by the device's counter: the order in which they happened. */
  outbox: { key: number; value: OutboxEntry; indexes: { by_state: OutboxEntry['state'] } }
  /** Photographs and signatures by SHA-256, until the server has them. */
  files: { key: string; value: OutboxFile }
}

export type Database = IDBPDatabase<Kept>

const NAME = 'duongthu-device'
const VERSION = 1

/** `onOldPage` is called when a newer page waits for this one to let go of the database. */
export function openDatabase(
  name = NAME,
  onOldPage: () => void = () => location.reload(),
): Promise<Database> {
  return openDB<Kept>(name, VERSION, {
    upgrade(database) {
      database.createObjectStore('values')
      const outbox = database.createObjectStore('outbox', { keyPath: 'event.counter' })
      outbox.createIndex('by_state', 'state')
      database.createObjectStore('files', { keyPath: 'sha256' })
    },
    blocking(_current, _blocked, event) {
      ;(event.target as IDBDatabase).close()
      onOldPage()
    },
  })
}

export async function readIdentity(database: Database): Promise<Identity | null> {
  return ((await database.get('values', 'identity')) as Identity | undefined) ?? null
}

export async function readTokens(database: Database): Promise<TokenPair | null> {
  return ((await database.get('values', 'tokens')) as TokenPair | undefined) ?? null
}

export async function keepTokens(database: Database, tokens: TokenPair): Promise<void> {
  await database.put('values', tokens, 'tokens')
}

/** What a device may not forget while it has something to hand in, nor that it is to be wiped. */
const TO_HAND_IN = new Set(['identity', 'tokens', 'counter'])

/** The names, addresses and messages go at once, whatever is still to be handed in. */
export async function forgetNames(database: Database): Promise<void> {
  const work = database.transaction('values', 'readwrite')
  const names = await work.store.getAllKeys()
  const gone = names.filter((name) => !TO_HAND_IN.has(name))
  await Promise.all([...gone.map((name) => work.store.delete(name)), work.done])
}

/**
 * The device knows nothing any more: its person was told that it is revoked.
 *
 * False = `keeps` says of the events and the number of files that they are still needed; looked at and cleared in one
 * transaction, so that nothing comes in between.
 */
export async function wipe(
  database: Database,
  keeps: (entries: OutboxEntry[], files: number) => boolean = () => false,
): Promise<boolean> {
  const all = database.transaction(['values', 'outbox', 'files'], 'readwrite')
  const [entries, files] = await Promise.all([
    all.objectStore('outbox').getAll(),
    all.objectStore('files').count(),
  ])
  const isNeeded = keeps(entries, files)
  const stores = isNeeded ? [] : (['values', 'outbox', 'files'] as const)
  await Promise.all([...stores.map((name) => all.objectStore(name).clear()), all.done])
  return !isNeeded
}
