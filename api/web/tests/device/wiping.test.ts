import 'fake-indexeddb/auto'
import { beforeEach, expect, it, vi } from 'vitest'
import { forgetNames, openDatabase, wipe, type Database } from '../../src/device/database'
import { Outbox, owes, type Draft, type State } from '../../src/device/outbox'
import { Sender } from '../../src/device/sender'
import { caller, mustWipe } from '../../src/device/session'
import { makeKeys } from '../../src/device/signing'

const DRAFT: Draft = { type: 'OUT', shipments: ['A'], data: {}, offline: true }
let database: Database
let outbox: Outbox
let keys: CryptoKeyPair

beforeEach(async () => {
  database = await openDatabase(crypto.randomUUID())
  keys = await makeKeys()
  outbox = new Outbox(database, { device_id: 'd1', keys })
})

it.each<State>(['unsigned', 'waiting'])('waits for what is %s', async (state) => {
  const entry = await outbox.add(DRAFT)
  await outbox.keep({ ...entry, state })
  expect(await wipe(database, owes)).toBe(false)
  expect(await outbox.all()).toHaveLength(1)
  await outbox.keep({ ...entry, state: 'answered' })
  expect(await wipe(database, owes)).toBe(true)
  expect(await outbox.all()).toEqual([])
})

it('waits for what the server could not read, and tries it again', async () => {
  await outbox.add(DRAFT)
  let status = 413
  const call = (_: string, init: RequestInit): Promise<Response> => {
    const { events } = JSON.parse(init.body as string) as { events: { event_id: string }[] }
    const answers = events.map(({ event_id }) => ({ event_id, verdict: 'refused', pieces: [] }))
    return Promise.resolve(Response.json({ answers }, { status }))
  }
  const sender = new Sender(outbox, call)
  await sender.drain()
  expect((await outbox.all())[0]?.state).toBe('parked')
  expect(await wipe(database, owes)).toBe(false)
  status = 200
  await sender.again()
  await sender.drain()
  // In quarantine the server has it: a refused event holds nothing up.
  expect(await wipe(database, owes)).toBe(true)
})

it('waits for photographs that the server does not have', async () => {
  const entry = await outbox.add(DRAFT, [new Blob(['light'])])
  await outbox.keep({ ...entry, state: 'answered' })
  expect(await wipe(database, owes)).toBe(false)
})

it('forgets names at once and keeps what hands in', async () => {
  for (const name of ['identity', 'tokens', 'counter', 'round', 'news']) await database.put('values', 1, name)
  await forgetNames(database)
  expect(await database.getAllKeys('values')).toEqual(['counter', 'identity', 'tokens'])
})

it('puts no event back that was signed while the device was wiped', async () => {
  const original = crypto.subtle.sign.bind(crypto.subtle)
  const slow = vi.spyOn(crypto.subtle, 'sign').mockImplementation(async (...told) => {
    const signature = await original(...told)
    await wipe(database)
    return signature
  })
  await outbox.add(DRAFT)
  slow.mockRestore()
  expect(await outbox.all()).toEqual([])
})

it('is told to wipe after it has handed in, whatever its person may still do', async () => {
  vi.stubGlobal('navigator', {
    locks: { request: (_: string, work: () => Promise<unknown>) => work() },
  })
  await database.put('values', { device_id: 'd1', keys }, 'identity')
  await outbox.add(DRAFT)
  const tokens = { access_token: 'a', refresh_token: 'r', must_wipe: true }
  const served = vi.fn((path: string, init: RequestInit) => {
    if (path.endsWith('/challenge')) return Promise.resolve(Response.json({ challenge: 'c', until: '' }))
    if (path.endsWith('/renew')) return Promise.resolve(Response.json(tokens))
    const isKnown = new Headers(init.headers).get('Authorization') === 'Bearer a'
    if (!isKnown) return Promise.resolve(Response.json({}, { status: 401 }))
    const { events } = JSON.parse(init.body as string) as { events: { event_id: string }[] }
    const answers = events.map(({ event_id }) => ({ event_id, verdict: 'incomplete', pieces: [] }))
    return Promise.resolve(Response.json({ answers }))
  })
  vi.stubGlobal('fetch', served)
  expect(await mustWipe(database)).toBe(false)
  expect(await wipe(database, owes)).toBe(false)
  await new Sender(outbox, caller(database)).drain()
  expect(await mustWipe(database)).toBe(true)
  expect(await wipe(database, owes)).toBe(true)
  vi.unstubAllGlobals()
})

it.each([
  ['unauthenticated', 401],
  ['forbidden', 403],
])('keeps everything when the server says %s, for it may be let in again', async (code, status) => {
  vi.stubGlobal('navigator', {
    locks: { request: (_: string, work: () => Promise<unknown>) => work() },
  })
  await database.put('values', { device_id: 'd1', keys }, 'identity')
  const error = { code, message_vi: '', message_en: '' }
  vi.stubGlobal('fetch', (path: string) =>
    path.endsWith('/challenge')
      ? Promise.resolve(Response.json({ challenge: 'c', until: '' }))
      : Promise.resolve(Response.json({ error }, { status: path.endsWith('/renew') ? status : 401 })),
  )
  expect((await caller(database)('/api/v1/auth/me')).status).toBe(401)
  expect(await mustWipe(database)).toBe(false)
  vi.unstubAllGlobals()
})
