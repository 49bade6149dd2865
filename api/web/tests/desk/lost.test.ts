import 'fake-indexeddb/auto'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { forgetOld } from '../../src/desk/old'
import { handInAndWipe, isOfLost, LossWatch } from '../../src/desk/lost'
import { openDatabase, type Database } from '../../src/device/database'
import { isoWithZone, Outbox, type DeviceEvent, type Draft } from '../../src/device/outbox'
import { makeKeys } from '../../src/device/signing'

const DRAFT: Draft = { type: 'ARRIVE', shipments: ['A'], data: {}, offline: true }
const DAY = 86_400_000
let database: Database
let outbox: Outbox
let now: Date
/** What the server took in and registered, and how it answers a device that shows its key. */
let taken: DeviceEvent[]
let registered: object[]
let answers: boolean
let renewal: () => Response

const tokens = (must_wipe: boolean): object => ({ access_token: 'a', refresh_token: 'r', must_wipe })

function serve(path: string, init: RequestInit = {}): Promise<Response> {
  if (!answers) return Promise.reject(new TypeError('Failed to fetch'))
  if (path.endsWith('/challenge')) return Promise.resolve(Response.json({ challenge: 'c', until: '' }))
  if (path.endsWith('/renew')) return Promise.resolve(renewal())
  if (path.endsWith('/logout')) return Promise.resolve(new Response(null, { status: 204 }))
  if (path.endsWith('/shipments')) registered.push(JSON.parse(init.body as string) as object)
  if (!path.endsWith('/custody/events')) return Promise.resolve(Response.json({}, { status: 201 }))
  const { events } = JSON.parse(init.body as string) as { events: DeviceEvent[] }
  taken.push(...events)
  return Promise.resolve(
    Response.json({ answers: events.map(({ event_id }) => ({ event_id, verdict: 'accepted', pieces: [] })) }),
  )
}

const run = (_: string, ...rest: unknown[]): unknown => (rest.at(-1) as (lock: object) => unknown)({})

beforeEach(async () => {
  database = await openDatabase(crypto.randomUUID())
  const keys = await makeKeys()
  await database.put('values', { device_id: 'd1', keys }, 'identity')
  now = new Date()
  outbox = new Outbox(database, { device_id: 'd1', keys }, () => now)
  taken = []
  registered = []
  answers = true
  renewal = () => Response.json(tokens(false))
  vi.stubGlobal('navigator', { locks: { request: run }, onLine: true })
  vi.stubGlobal('fetch', vi.fn(serve))
})

const page = (): Parameters<typeof handInAndWipe>[0] => ({ database }) as Parameters<typeof handInAndWipe>[0]

describe('a computer', () => {
  it('is in as long as its key lets in, and keeps no session', async () => {
    expect(await new LossWatch(database).standing()).toBe('in')
    expect(await database.get('values', 'tokens')).toBeUndefined()
    expect(vi.mocked(fetch).mock.calls.map(([path]) => path)).toContain('/api/v1/auth/logout')
  })

  it('is out when its key lets in no more', async () => {
    renewal = () => Response.json({}, { status: 401 })
    expect(await new LossWatch(database).standing()).toBe('out')
  })

  it('asks again when nobody answered, and else not at once', async () => {
    const watch = new LossWatch(database)
    answers = false
    expect(await watch.standing()).toBe('in')
    answers = true
    expect(await watch.standing()).toBe('in')
    renewal = () => Response.json(tokens(true))
    expect(await watch.standing()).toBe('in')
    expect(await watch.ask()).toBe('lost')
    expect(await watch.standing()).toBe('lost')
  })
})

describe('a computer that was reported lost', () => {
  beforeEach(() => (renewal = () => Response.json(tokens(true))))

  it('hands in what waits, half an acceptance too, and keeps nothing', async () => {
    await outbox.add(DRAFT)
    const files = { signature_theirs: new Blob(['ký']) }
    const names = { once: 'once', oncePin: 'pin' }
    const shipment = { code: 'B' }
    const acceptance = { shipment, ...names, event_id: '0192', at: isoWithZone(now), data: {}, files }
    await database.put('values', acceptance, 'acceptance 0192')
    await database.put('values', 'BC-LX', 'site')
    expect(await new LossWatch(database).standing()).toBe('lost')
    expect(await handInAndWipe(page(), outbox)).toBe(true)
    expect(taken.map(({ type, shipments }) => [type, ...shipments])).toEqual([
      ['ARRIVE', 'A'],
      ['ACCEPT', 'B'],
    ])
    expect(registered).toEqual([shipment])
    expect(taken[1]?.data['signature_theirs']).toBe(taken[1]?.evidence[0])
    expect(await database.getAllKeys('values')).toEqual([])
    expect(await outbox.all()).toEqual([])
  })

  it('keeps what the server has not got, and forgets the rest', async () => {
    await outbox.add(DRAFT)
    await database.put('values', 'BC-LX', 'site')
    await new LossWatch(database).ask()
    answers = false
    expect(await handInAndWipe(page(), outbox)).toBe(false)
    expect(await outbox.all()).toHaveLength(1)
    expect(await database.get('values', 'site')).toBeUndefined()
    answers = true
    expect(await handInAndWipe(page(), outbox)).toBe(true)
    expect(taken).toHaveLength(1)
  })
})

it('takes a refusal of its own key for a loss, not one of the key before', async () => {
  const entry = await outbox.add(DRAFT)
  const pieces = [{ code: 'device_revoked', message_vi: '', message_en: '' }]
  expect(isOfLost({ ...entry, state: 'parked', pieces }, 'd1')).toBe(true)
  expect(isOfLost({ ...entry, state: 'parked', pieces }, 'd2')).toBe(false)
  expect(isOfLost({ ...entry, state: 'parked', pieces: [] }, 'd1')).toBe(false)
  const [piece] = pieces
  const doubtful = piece ? [{ ...piece, code: 'before_revocation' }] : []
  expect(isOfLost({ ...entry, state: 'answered', pieces: doubtful }, 'd1')).toBe(true)
})

it('forgets what was answered more than a week ago, never what waits or was refused', async () => {
  const told = async (days: number, state: 'answered' | 'waiting' | 'parked'): Promise<number> => {
    now = new Date(Date.now() - days * DAY)
    const entry = await outbox.add(DRAFT)
    await outbox.keep({ ...entry, state })
    return entry.event.counter
  }
  const old = await told(9, 'answered')
  const kept = [await told(9, 'waiting'), await told(9, 'parked'), await told(6, 'answered')]
  expect(await forgetOld(outbox, await outbox.all())).toBe(true)
  const counters = (await outbox.all()).map(({ event }) => event.counter)
  expect(counters).toEqual(kept)
  expect(counters).not.toContain(old)
  expect(await forgetOld(outbox, await outbox.all())).toBe(false)
})
