/** A device's way in: enrolled once by a code, afterwards renewed by its key. */

import type { Enrolled, TokenPair } from '../shared/api.gen'
import { keepTokens, readTokens, type Database } from './database'
import type { Piece } from './outbox'
import { makeKeys, publicKey } from './signing'

const DEVICES = '/api/v1/devices'
const REFRESH = '/api/v1/auth/refresh'
const LOCK = 'duongthu-session'

export class EnrolmentError extends Error {
  constructor(
    readonly status: number,
    readonly message_vi: string,
    readonly message_en: string,
  ) {
    super(message_en)
  }
}

const JSON_BODY = { 'Content-Type': 'application/json' }

/** Make a key, show its public half together with the code, keep what comes back. */
export async function enrol(database: Database, code: string, name: string): Promise<void> {
  const keys = await makeKeys()
  const body = JSON.stringify({ code, name, public_key: await publicKey(keys) })
  const response = await fetch(DEVICES, { method: 'POST', headers: JSON_BODY, body })
  if (!response.ok) {
    const { error } = (await response.json().catch(() => ({}))) as { error?: Piece }
    throw new EnrolmentError(response.status, error?.message_vi ?? '', error?.message_en ?? '')
  }
  const { device_id, tokens } = (await response.json()) as Enrolled
  const work = database.transaction('values', 'readwrite', { durability: 'strict' })
  await Promise.all([
    work.store.put({ device_id, keys }, 'identity'),
    work.store.put(tokens, 'tokens'),
    work.done,
  ])
}

/**
 * `fetch` as the device's person. A token is renewed when the server says that it is over, never by this clock, which
 * may be a day off. Tabs take turns.
 */
export function caller(database: Database) {
  return async (path: string, init: RequestInit = {}): Promise<Response> => {
    const tokens = await readTokens(database)
    const answer = await send(path, init, tokens)
    if (answer.status !== 401) return answer
    const renewed = await afterRenewal(database, tokens)
    return renewed ? send(path, init, renewed) : answer
  }
}

function send(path: string, init: RequestInit, tokens: TokenPair | null): Promise<Response> {
  const headers = new Headers(init.headers)
  if (tokens) headers.set('Authorization', `Bearer ${tokens.access_token}`)
  return fetch(path, { ...init, headers })
}

/** The pair after `before`: another tab's, or a new one; null when the session is over. */
function afterRenewal(database: Database, before: TokenPair | null): Promise<TokenPair | null> {
  return navigator.locks.request(LOCK, async () => {
    const now = await readTokens(database)
    if (now && now.access_token !== before?.access_token) return now
    const body = JSON.stringify({ refresh_token: now?.refresh_token })
    const response = await fetch(REFRESH, { method: 'POST', headers: JSON_BODY, body })
    if (!response.ok) return null
    const tokens = (await response.json()) as TokenPair
    await keepTokens(database, tokens)
    return tokens
  })
}
