import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ServerClock } from '../../src/courier/clock'
import { asksAgainIn } from '../../src/courier/model/shift'
import { ofRound } from '../../src/courier/model/day'
import { RoundKept } from '../../src/courier/round.svelte'
import { openDatabase, type Database } from '../../src/device/database'
import { Outbox } from '../../src/device/outbox'
import { makeKeys } from '../../src/device/signing'
import type { MyRound } from '../../src/shared/api.gen'

let database: Database
/** By the server. */
let day = '2026-11-25'
let plans: string[] = []
let asked: string[] = []
let elapsed = 0

const clock = (): ServerClock => new ServerClock()
const call =
  (told: ServerClock) =>
  (path: string): Promise<Response> => {
    const headers = { Date: new Date(`${day}T12:00:00Z`).toUTCString() }
    const of = new URL(path, 'http://x').searchParams.get('day')
    if (of) asked.push(of)
    const status = of && !plans.includes(of) ? 404 : 200
    const answer = Response.json({ day: of, route: { trips: [] } }, { status, headers })
    told.heard(answer)
    return Promise.resolve(answer)
  }
const kept = (): RoundKept => {
  const told = clock()
  return new RoundKept(database, call(told), told, () => undefined)
}

beforeEach(async () => {
  database = await openDatabase(crypto.randomUUID())
  day = '2026-11-25'
  plans = ['2026-11-24', '2026-11-25']
  asked = []
  elapsed = 0
  vi.spyOn(performance, 'now').mockImplementation(() => elapsed)
})
afterEach(() => vi.restoreAllMocks())

it('is of the day of the server, whatever the phone thinks', async () => {
  vi.spyOn(Date, 'now').mockReturnValue(Date.parse('2025-01-01T00:00:00Z'))
  const page = kept()
  await page.ask()
  expect([asked, page.day, page.round?.day]).toEqual([['2026-11-25'], '2026-11-25', '2026-11-25'])
})

it('is asked for until it is that of the day, and from time to time afterwards', async () => {
  const page = kept()
  day = '2026-11-24'
  await page.ask()
  day = '2026-11-26'
  await page.ask() // the plan is published at six
  expect([page.day, page.round?.day]).toEqual(['2026-11-26', '2026-11-24'])
  await page.keepUp()
  expect(asked).toHaveLength(2)
  plans.push('2026-11-26')
  elapsed += 60_000
  await page.keepUp()
  expect([asked.length, page.round?.day]).toEqual([3, '2026-11-26'])
  elapsed += 300_000
  await page.keepUp()
  expect(asked).toHaveLength(4)
})

it('is asked for every minute until the courier leaves, for notes come in until then', () => {
  const round = { day, route: { trips: [{ departs: `${day}T08:00:00+07:00` }] } } as unknown as MyRound
  expect(asksAgainIn(round, day, Date.parse(`${day}T07:59:00+07:00`))).toBe(60_000)
  expect(asksAgainIn(round, day, Date.parse(`${day}T08:00:00+07:00`))).toBe(300_000)
  expect(asksAgainIn(round, '2026-11-26', Date.parse(`${day}T12:00:00+07:00`))).toBe(60_000)
  expect(asksAgainIn(null, day, 0)).toBe(60_000)
})

it('has the events that were told since it came, though the clock of the phone jumps', async () => {
  let now = '2026-11-24T15:00:00+07:00'
  const outbox = new Outbox(database, { device_id: 'd1', keys: await makeKeys() }, () => new Date(now))
  const draft = { type: 'DELIVER', shipments: ['A'], data: {}, offline: false }
  const old = await outbox.add(draft)
  const page = kept()
  await page.ask()
  now = '2026-11-25T11:00:00+07:00'
  await outbox.add(draft)
  now = '2026-11-26T12:00:00+07:00'
  await outbox.add(draft)
  await outbox.add({ ...draft, replaces: old.event.event_id })
  await page.ask() // the same round again begins nothing anew
  const found = ofRound(await outbox.all(), page.since)
  expect(found.map(({ event }) => event.counter)).toEqual([2, 3]) // what is told again stays where it was
  const reopened = kept()
  await reopened.recall()
  expect(reopened.since).toBe(2)
})

it('is forgotten when it is a week old and no other came', async () => {
  const page = kept()
  await page.ask()
  day = '2026-12-03'
  await page.ask()
  expect([page.round, await database.get('values', 'round')]).toEqual([null, undefined])
})
