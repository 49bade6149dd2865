/** A device's way in: enrolled once by a code, afterwards renewed by its key. */

import type { Challenge, Enrolled, TokenPair } from '../shared/api.gen'
import { keepTokens, readIdentity, readTokens, type Database } from './database'
import type { Piece } from './outbox'
import { makeKeys, publicKey, sign } from './signing'

const DEVICES = '/api/v1/devices'
const REFRESH = '/api/v1/auth/refresh'
const CHALLENGE = '/api/v1/auth/challenge'
const RENEW = '/api/v1/auth/renew'
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
  // A phone that is enrolled anew goes on counting: what it counted before is not missing of the new device.
  const first_counter = (((await database.get('values', 'counter')) as number | undefined) ?? 0) + 1
  const body = JSON.stringify({ code, name, public_key: await publicKey(keys), first_counter })
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

/** Whether the device was reported lost: it hands in what it has, and then forgets everything. */
export async function mustWipe(database: Database): Promise<boolean> {
  return (await readTokens(database))?.must_wipe ?? false
}

/** `in` = its key still lets it in; `out` = no more: it has to be enrolled anew. */
export type Standing = 'in' | 'lost' | 'out'

/**
 * How the server sees a device that keeps no session, as a desk's computer: it shows its key. What it hears of a loss
 * is kept for `mustWipe`; the session that it gets otherwise is ended at once.
 */
export function askStanding(database: Database): Promise<Standing> {
  return navigator.locks.request(LOCK, async () => {
    const tokens = await byKey(database)
    if (tokens?.must_wipe) await keepTokens(database, tokens)
    if (await mustWipe(database)) return 'lost'
    if (!tokens) return 'out'
    await send('/api/v1/auth/logout', { method: 'POST', credentials: 'omit' }, tokens)
    return 'in'
  })
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
    const tokens = (await byRefreshToken(now)) ?? (await byKey(database))
    if (tokens) await keepTokens(database, tokens)
    return tokens
  })
}

function byRefreshToken(now: TokenPair | null): Promise<TokenPair | null> {
  return now ? ask<TokenPair>(REFRESH, { refresh_token: now.refresh_token }) : Promise.resolve(null)
}

/** After a month without signal, or a lost answer: the device shows that it still has its key. */
async function byKey(database: Database): Promise<TokenPair | null> {
  const identity = await readIdentity(database)
  if (!identity) return null
  const asked = await ask<Challenge>(CHALLENGE, {})
  if (!asked) return null
  const told = { challenge: asked.challenge, device_id: identity.device_id }
  const signature = await sign({ ...told, purpose: 'renewal' }, identity.keys)
  return ask<TokenPair>(RENEW, { ...told, signature })
}

async function ask<T>(path: string, content: object): Promise<T | null> {
  return read<T>(await post(path, content))
}

function post(path: string, content: object): Promise<Response> {
  return fetch(path, { method: 'POST', headers: JSON_BODY, body: JSON.stringify(content) })
}

/** Null = the server says no. A server that is busy or broken has said nothing: that is thrown, and tried later. */
async function read<T>(response: Response): Promise<T | null> {
  if (response.ok) return (await response.json()) as T
  if (response.status === 429 || response.status >= 500) throw new TypeError(`answered ${response.status}`)
  return null
}
