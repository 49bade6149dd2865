import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openDatabase, type Database } from '../../src/device/database'
import { enrol } from '../../src/device/session'

const LATER = '2026-11-16T08:00:00+07:00'
const TOKENS = { access_token: 'a', access_until: LATER, refresh_token: 'r', refresh_until: LATER }

let database: Database

beforeEach(async () => {
  database = await openDatabase(crypto.randomUUID())
})
afterEach(() => vi.unstubAllGlobals())

describe('a device that is enrolled', () => {
  it.each([
    [undefined, 1],
    [41, 42],
  ])('says where its counter begins: after %s with %i', async (last, first) => {
    const told: unknown[] = []
    vi.stubGlobal('fetch', (_path: string, init: RequestInit) => {
      told.push(JSON.parse(init.body as string))
      return Promise.resolve(Response.json({ device_id: 'd2', tokens: TOKENS }, { status: 201 }))
    })
    if (last) await database.put('values', last, 'counter')
    await enrol(database, 'code', 'phone')
    expect(told).toMatchObject([{ code: 'code', first_counter: first }])
  })
})
