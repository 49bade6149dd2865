import 'fake-indexeddb/auto'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { openDatabase, type Database } from '../../src/device/database'
import { isoWithZone, Outbox, StorageFullError, type DeviceEvent, type Draft } from '../../src/device/outbox'
import { Sender } from '../../src/device/sender'
import { makeKeys, sign } from '../../src/device/signing'

const DRAFT: Draft = {
  type: 'ATTEMPT',
  shipments: ['RR123456785VN'],
  data: { reason: 'no_time' },
  offline: true,
}

let database: Database
let outbox: Outbox
let keys: CryptoKeyPair

beforeEach(async () => {
  database = await openDatabase(crypto.randomUUID())
  keys = await makeKeys()
  outbox = new Outbox(database, { device_id: 'd1', keys })
})

/** A server that knows an event by its id, and loses, repeats and refuses as it is told. */
class Server {
  readonly taken: string[] = []
  readonly files = new Set<string>()
  readonly poison = new Set<number>()
  loses = (): boolean => false

  readonly call = async (path: string, init: RequestInit): Promise<Response> => {
    if (this.loses()) throw new TypeError('failed to fetch')
    const response = path.endsWith('/evidence') ? this.file(init) : this.batch(init)
    if (this.loses()) throw new TypeError('the answer was lost')
    return response
  }

  private file(init: RequestInit): Response {
    this.files.add(new Headers(init.headers).get('X-SHA256') ?? '')
    return Response.json({})
  }

  private batch(init: RequestInit): Response {
    const { events } = JSON.parse(init.body as string) as { events: DeviceEvent[] }
    if (events.some((event) => this.poison.has(event.counter))) {
      return Response.json({ error: { code: 'bad', message_vi: 'Hỏng', message_en: 'Bad' } }, { status: 422 })
    }
    const answers = events.map((event) => {
      const verdict = this.taken.includes(event.event_id) ? 'duplicate' : 'accepted'
      if (verdict === 'accepted') this.taken.push(event.event_id)
      return { event_id: event.event_id, verdict, pieces: [] }
    })
    return Response.json({ answers })
  }
}

describe('the outbox', () => {
  it('shows the kept pictures again of an event that it replaces', async () => {
    const ink = new Blob(['ink'])
    const first = await outbox.add(DRAFT, [ink, new Blob(['other'])])
    const [kept = ''] = first.event.evidence
    const data = { reason: 'absent', photos: [kept] }
    const again = await outbox.add({ ...DRAFT, data, replaces: first.event.event_id })
    expect(again.event.evidence).toEqual([kept])
  })

  it('gives each event the next counter, with no gap and no two alike, also when many come at once', async () => {
    await Promise.all(Array.from({ length: 20 }, () => outbox.add(DRAFT)))
    const counters = (await outbox.all()).map((entry) => entry.event.counter)
    expect(counters).toEqual(Array.from({ length: 20 }, (_, at) => at + 1))
  })

  it('gives an event that was kept elsewhere its own moment', async () => {
    const at = '2026-03-02T08:15:00.000+07:00'
    expect((await outbox.add({ ...DRAFT, at })).event).toMatchObject({ at, counter: 1 })
  })

  it('signs what it keeps, over the canonical JSON without the signature', async () => {
    const { event } = await outbox.add(DRAFT)
    const { signature = '', ...rest } = event
    const raw = Uint8Array.from(atob(signature.replaceAll('-', '+').replaceAll('_', '/')), (c) =>
      c.charCodeAt(0),
    )
    const keysInOrder = (value: unknown): unknown =>
      value && typeof value === 'object' && !Array.isArray(value)
        ? Object.fromEntries(
            Object.entries(value)
              .sort(([a], [b]) => (a < b ? -1 : 1))
              .map(([k, v]) => [k, keysInOrder(v)]),
          )
        : value
    const text = new TextEncoder().encode(JSON.stringify(keysInOrder(rest)))
    const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
    expect(await crypto.subtle.verify(algorithm, keys.publicKey, raw, text)).toBe(true)
  })

  it('signs after a crash what was written before it', async () => {
    const { event } = await outbox.add(DRAFT)
    await outbox.keep({ event: { ...event, signature: undefined }, state: 'unsigned' })
    const reopened = new Outbox(database, { device_id: 'd1', keys })
    await reopened.recover()
    const [entry] = await reopened.waiting(10)
    expect(entry?.event.signature).toMatch(/^[\w-]{86}$/u)
    expect(entry?.event.event_id).toBe(event.event_id)
  })

  it('keeps photographs with their event and lets them go once the server has them', async () => {
    const photo = new Blob(['light'], { type: 'image/jpeg' })
    const { event } = await outbox.add(DRAFT, [photo])
    const server = new Server()
    await new Sender(outbox, server.call).drain()
    expect([...server.files]).toEqual(event.evidence)
    expect(await database.count('files')).toBe(0)
  })
})

describe('an answer that was lost', () => {
  const pin = { code: 'pin_wrong', message_vi: 'Mã PIN sai.', message_en: 'The PIN is wrong.' }

  it.each([
    [[pin], 'incomplete'],
    [[], 'accepted'],
  ])('is told again by the duplicate: %j is %s', async (pieces, verdict) => {
    await outbox.add(DRAFT)
    let asked = 0
    const call = (_: string, init: RequestInit): Promise<Response> => {
      asked += 1
      if (asked === 1) return Promise.reject(new TypeError('the answer was lost'))
      const { events } = JSON.parse(init.body as string) as { events: DeviceEvent[] }
      const answers = events.map(({ event_id }) => ({ event_id, verdict: 'duplicate', pieces }))
      return Promise.resolve(Response.json({ answers }))
    }
    const sender = new Sender(outbox, call)
    expect((await sender.drain()).kind).toBe('later')
    expect((await sender.drain()).kind).toBe('empty')
    expect(await outbox.all()).toMatchObject([{ state: 'answered', verdict, pieces }])
  })
})

describe('several actions', () => {
  it('are taken down all or none, and a full phone says so and keeps the older ones', async () => {
    await outbox.add(DRAFT)
    const put = IDBObjectStore.prototype.put
    const full = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
      this: IDBObjectStore,
      ...rest: [unknown, IDBValidKey?]
    ) {
      if (this.name === 'files') throw new DOMException('no room', 'QuotaExceededError')
      return put.apply(this, rest)
    })
    const actions = [
      { draft: DRAFT, files: [] },
      { draft: DRAFT, files: [new Blob(['light'])] },
    ]
    await expect(outbox.addAll(actions)).rejects.toBeInstanceOf(StorageFullError)
    full.mockRestore()
    expect((await outbox.all()).map((entry) => entry.event.counter)).toEqual([1])
    expect((await outbox.addAll(actions)).map((entry) => entry.event.counter)).toEqual([2, 3])
  })

  it('keep a picture once that several of them name', async () => {
    const signature = new Blob(['ink'], { type: 'image/png' })
    const both = [0, 1].map(() => ({ draft: DRAFT, files: [signature] }))
    const [one, other] = await outbox.addAll(both)
    expect(one?.event.evidence).toEqual(other?.event.evidence)
    expect(await database.count('files')).toBe(1)
  })
})

describe('a refused event', () => {
  it('is mended in its own place: same counter and time, another id, and nothing is named as replaced', async () => {
    const server = new Server()
    server.poison.add(1)
    await outbox.add(DRAFT)
    await outbox.add(DRAFT)
    const sender = new Sender(outbox, server.call)
    await sender.drain()
    const [parked] = await outbox.all()
    if (!parked) throw new Error('nothing is parked')
    const mended = await outbox.mend(parked, { ...DRAFT, data: { reason: 'other', note: 'x' } })
    const { counter, at, event_id, replaces } = mended.event
    expect([counter, at, replaces]).toEqual([1, parked.event.at, undefined])
    expect(event_id).not.toBe(parked.event.event_id)
    expect(mended.refused?.map((one) => one.event.event_id)).toEqual([parked.event.event_id])
    server.poison.clear()
    await sender.drain()
    expect(server.taken).toContain(event_id)
    expect((await outbox.all()).map((entry) => entry.state)).toEqual(['answered', 'answered'])
    expect((await outbox.add(DRAFT)).event.counter).toBe(3)
  })
})

describe('the sender', () => {
  it('loses nothing and sends in order when requests and answers are lost', async () => {
    const server = new Server()
    let state = 7
    server.loses = () => (state = (state * 48_271) % 2_147_483_647) % 3 === 0
    const made: string[] = []
    for (let at = 0; at < 120; at++) made.push((await outbox.add(DRAFT)).event.event_id)
    const sender = new Sender(outbox, server.call)
    let rounds = 0
    while ((await sender.drain()).kind !== 'empty' && rounds < 500) rounds++
    expect(server.taken).toEqual(made)
    expect((await outbox.all()).every((entry) => entry.state === 'answered')).toBe(true)
  })

  it('parks one poisoned event and sends the others', async () => {
    const server = new Server()
    server.poison.add(5)
    for (let at = 0; at < 9; at++) await outbox.add(DRAFT)
    expect(await new Sender(outbox, server.call).drain()).toEqual({ kind: 'empty' })
    expect(server.taken).toHaveLength(8)
    const parked = (await outbox.all()).filter((entry) => entry.state === 'parked')
    expect(parked.map((entry) => entry.event.counter)).toEqual([5])
    expect(parked[0]?.pieces?.[0]?.message_vi).toBe('Hỏng')
  })

  it('waits as long as the server asks for', async () => {
    await outbox.add(DRAFT)
    const busy = () => Promise.resolve(new Response(null, { status: 503, headers: { 'Retry-After': '7' } }))
    expect(await new Sender(outbox, busy).drain()).toEqual({ kind: 'later', after: 7_000 })
    expect(await outbox.waiting(10)).toHaveLength(1)
  })

  it('stops when the session is over, and keeps everything', async () => {
    await outbox.add(DRAFT)
    const outside = () => Promise.resolve(new Response(null, { status: 401 }))
    expect(await new Sender(outbox, outside).drain()).toEqual({ kind: 'outside' })
    expect(await outbox.waiting(10)).toHaveLength(1)
  })
})

describe('a photograph that the server did not take', () => {
  it('is sent again after a while, and its event lacks nothing any more', async () => {
    let now = Date.parse('2026-11-25T08:00:00+07:00')
    outbox = new Outbox(database, { device_id: 'd1', keys }, () => new Date(now))
    const { event } = await outbox.add(DRAFT, [new Blob(['light'])])
    const [hash = ''] = event.evidence
    const tries: number[] = []
    let status = 413
    const call = (path: string): Promise<Response> => {
      if (path.endsWith('/evidence')) {
        tries.push(now)
        return Promise.resolve(Response.json({}, { status }))
      }
      const pieces = [{ code: 'missing_file', message_vi: hash, message_en: `File ${hash} has not come in.` }]
      return Promise.resolve(
        Response.json({ answers: [{ event_id: event.event_id, verdict: 'incomplete', pieces }] }),
      )
    }
    const sender = new Sender(outbox, call)
    await sender.drain()
    await sender.drain()
    expect([tries.length, await outbox.countLate(await outbox.all())]).toEqual([1, 1])
    status = 200
    now += 10 * 60_000
    await sender.drain()
    const [entry] = await outbox.all()
    expect([tries.length, await database.count('files'), entry?.verdict]).toEqual([2, 0, 'accepted'])
  })
})

describe('forms', () => {
  it('writes local time with its offset', () => {
    const written = isoWithZone(new Date('2026-12-07T01:02:03.045Z'))
    expect(Date.parse(written)).toBe(Date.parse('2026-12-07T01:02:03.045Z'))
    expect(written).toMatch(/[+-]\d\d:\d\d$/u)
  })

  it('signs nothing that has no JSON form', async () => {
    await expect(sign({ a: Number.NaN }, keys)).rejects.toThrow()
  })
})
