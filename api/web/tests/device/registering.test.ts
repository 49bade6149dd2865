import 'fake-indexeddb/auto'
import { beforeEach, expect, it } from 'vitest'
import { registrationOf, type NewShipment } from '../../src/device/accepting'
import { openDatabase, type Database } from '../../src/device/database'
import { Outbox, type Draft } from '../../src/device/outbox'
import { Sender } from '../../src/device/sender'
import { makeKeys } from '../../src/device/signing'

const PLAIN: Draft = { type: 'ATTEMPT', shipments: ['B'], data: {}, offline: true }
let database: Database
let outbox: Outbox
/** What the server heard, in order. */
let heard: string[]
let keys: (string | null)[]
let answer: (code: string) => Response

const draft = (code: string): Draft => ({
  type: 'ACCEPT',
  shipments: [code],
  data: {},
  offline: true,
  registration: registrationOf({ code } as NewShipment),
})
const call = (path: string, init: RequestInit): Promise<Response> => {
  const body = JSON.parse(init.body as string) as { code: string; events: { shipments: string[] }[] }
  if (path.endsWith('/shipments')) {
    heard.push(`register ${body.code}`)
    keys.push(new Headers(init.headers).get('Idempotency-Key'))
    return Promise.resolve().then(() => answer(body.code))
  }
  heard.push(`events ${body.events.map((event) => event.shipments.join()).join(' ')}`)
  expect(JSON.stringify(body)).not.toContain('registration')
  const answers = body.events.map(() => ({ verdict: 'accepted', pieces: [] }))
  return Promise.resolve(Response.json({ answers }))
}
const refuse = (status: number, code: string, rows?: object[]): Response =>
  Response.json({ error: { code, message_vi: 'Không', message_en: 'No', rows } }, { status })

beforeEach(async () => {
  database = await openDatabase(crypto.randomUUID())
  outbox = new Outbox(database, { device_id: 'd1', keys: await makeKeys() })
  heard = []
  keys = []
  answer = () => Response.json({}, { status: 201 })
})

it('registers a shipment before any of its events goes, and only once', async () => {
  await outbox.addAll([
    { draft: draft('A'), files: [] },
    { draft: PLAIN, files: [] },
  ])
  expect(await new Sender(outbox, call).drain()).toEqual({ kind: 'empty' })
  expect(heard).toEqual(['register A', 'events A B'])
  await new Sender(outbox, call).drain()
  expect(heard).toHaveLength(2)
})

it('sends the same key again when the answer was lost', async () => {
  answer = () => {
    throw new TypeError('lost')
  }
  await outbox.add(draft('A'))
  expect((await new Sender(outbox, call).drain()).kind).toBe('later')
  answer = () => Response.json({}, { status: 201 })
  await new Sender(outbox, call).drain()
  expect(heard).toEqual(['register A', 'register A', 'events A'])
  expect(new Set(keys).size).toBe(1)
})

it('parks an event whose shipment is refused, in the words of the server, and sends the others', async () => {
  const row = { code: 'non_postal', message_vi: 'Không nhận', message_en: 'Not taken' }
  answer = (code) => (code === 'A' ? refuse(422, 'invalid', [row]) : refuse(409, 'refused'))
  await outbox.addAll([draft('A'), draft('C'), PLAIN].map((one) => ({ draft: one, files: [] })))
  await new Sender(outbox, call).drain()
  expect(heard).toEqual(['register A', 'register C', 'events B'])
  const [a, c] = await outbox.all()
  expect([a?.state, a?.pieces]).toEqual(['parked', [row]])
  expect([c?.state, c?.pieces?.[0]?.code, c?.unread]).toEqual(['parked', 'refused', true])
})

it('registers what is mended anew, under the counter of the refused one', async () => {
  answer = (code) => (code === 'A' ? refuse(409, 'refused') : Response.json({}, { status: 201 }))
  await outbox.add(draft('A'))
  await new Sender(outbox, call).drain()
  const [parked] = await outbox.all()
  if (!parked) throw new TypeError('it is parked')
  await outbox.mend(parked, draft('D'))
  await new Sender(outbox, call).drain()
  expect(heard).toEqual(['register A', 'register D', 'events D'])
  expect(new Set(keys).size).toBe(2)
  const [mended] = await outbox.all()
  expect([mended?.state, mended?.event.counter, mended?.registration?.done]).toEqual(['answered', 1, true])
})

it('holds back what was told later of a refused code, and tells it of the right one once that is mended', async () => {
  answer = (code) => (code === 'A' ? refuse(409, 'refused') : Response.json({}, { status: 201 }))
  const scanned = (codes: string[]): Draft => ({
    ...PLAIN,
    type: 'ARRIVE',
    shipments: codes,
    data: { scanned: codes },
  })
  const drafts = [scanned(['A']), draft('A'), scanned(['A', 'B']), scanned(['B'])]
  await outbox.addAll(drafts.map((one) => ({ draft: one, files: [] })))
  await new Sender(outbox, call).drain()
  expect(heard).toEqual(['register A', 'events A B']) // the first A is the real one
  const [, parked] = await outbox.all()
  if (!parked) throw new TypeError('it is parked')
  await outbox.mend(parked, draft('D'))
  await new Sender(outbox, call).drain()
  expect(heard.slice(2)).toEqual(['register D', 'events D D,B'])
  const [, , held] = await outbox.all()
  expect([held?.state, held?.event.data['scanned'], held?.event.counter]).toEqual(['answered', ['D', 'B'], 3])
})

it('shows the pictures of the refused one again that it still names, and no others', async () => {
  const [ink, other] = [new Blob(['ink']), new Blob(['other'])]
  const entry = await outbox.add(draft('A'), [ink, other])
  const [kept = '', gone = ''] = entry.event.evidence
  await outbox.keep({ ...entry, state: 'parked' })
  const mended = await outbox.mend(entry, { ...draft('D'), data: { signature_ours: kept } }, [
    new Blob(['new']),
  ])
  expect(mended.event.evidence).toHaveLength(2)
  expect(mended.event.evidence).toContain(kept)
  expect(mended.event.evidence).not.toContain(gone)
})

it('is registered once although its event is refused and mended', async () => {
  const entry = await outbox.add(draft('A'))
  await outbox.keep({
    ...entry,
    state: 'parked',
    registration: { ...registrationOf({} as NewShipment), done: true },
  })
  const [parked] = await outbox.all()
  if (!parked) throw new TypeError('it is parked')
  await outbox.mend(parked, { ...PLAIN, type: 'ACCEPT', shipments: ['A'] })
  await new Sender(outbox, call).drain()
  expect(heard).toEqual(['events A'])
})

it('tells of papers that a lost phone took, although it may register nothing any more', async () => {
  answer = () => refuse(403, 'device_revoked')
  await outbox.add(draft('A'))
  await new Sender(outbox, call).drain()
  expect(heard).toEqual(['register A', 'events A'])
})

it('sends what was parked from a lost phone without its registration', async () => {
  answer = () => refuse(409, 'refused')
  await outbox.add(draft('A'))
  const sender = new Sender(outbox, call)
  await sender.drain()
  await sender.again()
  await sender.drain()
  expect(heard).toEqual(['register A', 'events A'])
})

it('holds nothing up and loses nothing when a session is over', async () => {
  answer = () => refuse(401, 'unknown')
  await outbox.add(draft('A'))
  expect(await new Sender(outbox, call).drain()).toEqual({ kind: 'outside' })
  expect((await outbox.all()).map((one) => one.state)).toEqual(['waiting'])
})
