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

/** The device knows nothing any more: its person was told that it is revoked. */
export async function wipe(database: Database): Promise<void> {
  const all = database.transaction(['values', 'outbox', 'files'], 'readwrite')
  await Promise.all([
    all.objectStore('values').clear(),
    all.objectStore('outbox').clear(),
    all.objectStore('files').clear(),
    all.done,
  ])
}
