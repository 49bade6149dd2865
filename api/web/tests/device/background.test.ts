import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { registrationOf, type NewShipment } from '../../src/device/accepting'
import { askToBeWoken, NotYetError, sendInBackground, TAG } from '../../src/device/background'
import { openDatabase, type Database } from '../../src/device/database'
import { Outbox, type Draft } from '../../src/device/outbox'
import { makeKeys } from '../../src/device/signing'

let database: Database
let outbox: Outbox
let isHeld = false
const DRAFT = { type: 'OUT', shipments: ['A'], data: {}, offline: true }

const registered = (sync: unknown): ServiceWorkerRegistration =>
  ({ sync }) as unknown as ServiceWorkerRegistration
const answers = (status: number) =>
  vi.fn((_: string, init: RequestInit) => {
    const { events } = JSON.parse(init.body as string) as { events: { event_id: string }[] }
    const told = events.map(({ event_id }) => ({ event_id, verdict: 'accepted', pieces: [] }))
    return Promise.resolve(Response.json({ answers: told }, { status }))
  })

beforeEach(async () => {
  vi.stubGlobal('indexedDB', new IDBFactory())
  isHeld = false
  vi.stubGlobal('navigator', {
    locks: {
      request: (_: string, ...told: unknown[]) =>
        (told.at(-1) as (lock: unknown) => Promise<unknown>)(isHeld && told.length > 1 ? null : {}),
    },
  })
  database = await openDatabase()
  const identity = { device_id: 'd1', keys: await makeKeys() }
  await database.put('values', identity, 'identity')
  outbox = new Outbox(database, identity)
  await outbox.add(DRAFT)
})
afterEach(() => {
  database.close()
  vi.unstubAllGlobals()
})

it('sends what waits, and what a crash left unsigned', async () => {
  const [entry] = await outbox.all()
  if (entry) await outbox.keep({ ...entry, state: 'unsigned' })
  const served = answers(200)
  vi.stubGlobal('fetch', served)
  await sendInBackground()
  expect((await outbox.all()).map(({ state }) => state)).toEqual(['answered'])
  expect(served).toHaveBeenCalledOnce()
})

it('registers a dossier of a door first, and parks what is refused, as the page does', async () => {
  const accept = (code: string): Draft => ({
    ...DRAFT,
    type: 'ACCEPT',
    shipments: [code],
    registration: registrationOf({ code } as NewShipment),
  })
  await outbox.addAll([accept('B'), accept('C')].map((draft) => ({ draft, files: [] })))
  const heard: string[] = []
  const events = answers(200)
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
    heard.push(path)
    if (path.endsWith('/events')) return events(path, init)
    const isTaken = (init.body as string).includes('"C"')
    return Promise.resolve(Response.json({}, { status: isTaken ? 409 : 201 }))
  })
  await sendInBackground()
  expect(heard).toEqual(['/api/v1/shipments', '/api/v1/shipments', '/api/v1/custody/events'])
  expect((await outbox.all()).map(({ state }) => state)).toEqual(['answered', 'answered', 'parked'])
})

it.each<[string, () => void]>([
  ['the server is busy', () => vi.stubGlobal('fetch', answers(503))],
  ['there is no signal', () => vi.stubGlobal('fetch', () => Promise.reject(new TypeError('offline')))],
  ['a page is sending', () => (isHeld = true)],
])('is woken again when %s', async (_, given) => {
  given()
  await expect(sendInBackground()).rejects.toThrow(NotYetError)
  expect((await outbox.all()).map(({ state }) => state)).toEqual(['waiting'])
})

it('forgets names on a phone that was reported lost, and leaves the rest to the page', async () => {
  await database.put('values', { access_token: 'a', refresh_token: 'r', must_wipe: true }, 'tokens')
  await database.put('values', { parcels: ['Nguyễn Thị Hoa'] }, 'round')
  vi.stubGlobal('fetch', answers(200))
  await sendInBackground()
  expect(await database.getAllKeys('values')).toEqual(['counter', 'identity', 'tokens'])
})

it('does nothing on a phone that nobody enrolled', async () => {
  await database.delete('values', 'identity')
  const served = answers(200)
  vi.stubGlobal('fetch', served)
  await sendInBackground()
  expect(served).not.toHaveBeenCalled()
})

it('asks for it where the browser has it', async () => {
  const register = vi.fn(() => Promise.resolve())
  expect(await askToBeWoken(registered({ register }))).toBe(true)
  expect(register).toHaveBeenCalledWith(TAG)
  expect(await askToBeWoken(registered(undefined))).toBe(false)
  const forbidden = { register: () => Promise.reject(new DOMException('', 'NotAllowedError')) }
  expect(await askToBeWoken(registered(forbidden))).toBe(false)
})
