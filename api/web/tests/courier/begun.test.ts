import 'fake-indexeddb/auto'
import { beforeEach, describe, expect, it } from 'vitest'
import { BegunForms } from '../../src/courier/begun.svelte'
import { keepable, keyOf, stopNow, type Begun, type Subject } from '../../src/courier/model/begun'
import type { Stop } from '../../src/courier/model/day'
import { forgetNames, openDatabase, wipe, type Database } from '../../src/device/database'
import { Outbox } from '../../src/device/outbox'
import { makeKeys } from '../../src/device/signing'
import type { Parcel } from '../../src/shared/api.gen'

const stopAt = (id: string, site: string | null, ...codes: string[]): Stop => ({
  id,
  planned: {} as Stop['planned'],
  site: site ? { site_id: site, name: site, kind: 'agency', point: [0, 0] } : null,
  parcels: codes.map((code) => ({ code }) as Parcel),
  drops: new Set(codes),
})
const about = (type: string, ...codes: string[]): Subject => ({ type, codes, stop: null, how: 'new' })
const begun = (subject: Subject, more: Partial<Begun> = {}): Begun => ({
  key: keyOf(subject),
  type: subject.type,
  codes: subject.codes,
  stop: subject.stop,
  how: subject.how,
  common: {},
  per: {},
  scanned: [],
  day: '2026-11-25',
  at: '2026-11-25T09:12:00.000+07:00',
  ...more,
})

let database: Database
let forms: BegunForms

beforeEach(async () => {
  database = await openDatabase(crypto.randomUUID())
  forms = new BegunForms(database)
})

describe('what a form is about', () => {
  it('is these parcels and no other, whatever their order', () => {
    const one = keyOf(about('DELIVER', 'A', 'B'))
    expect(keyOf(about('DELIVER', 'B', 'A'))).toBe(one)
    const others = [about('DELIVER', 'A'), about('DELIVER', 'A', 'C'), about('ATTEMPT', 'A', 'B')]
    const elsewhere = { ...about('DELIVER', 'A', 'B'), stop: stopAt('1/1', 'CQ1', 'A', 'B') }
    expect([...others, elsewhere].map(keyOf)).not.toContain(one)
  })

  it('is the stop as the plan counts it now', () => {
    const form = begun({ ...about('DELIVER', 'A'), stop: stopAt('1/4', null, 'A') })
    const moved = stopAt('1/2', null, 'A', 'B')
    expect(stopNow(form, [stopAt('1/1', 'CQ1', 'A'), stopAt('1/4', null, 'C'), moved])).toBe(moved)
    expect(stopNow(form, [])?.id).toBe('1/4')
    expect(stopNow(begun(about('EXCEPTION', 'A')), [moved])).toBeNull()
  })
})

it('keeps pictures and words, and no PIN in clear', async () => {
  const photo = new Blob(['light'], { type: 'image/jpeg' })
  const common = keepable({ note: 'cổng sau', photo, pin_sealed: '123456', place: { lon: 1 } })
  await forms.keep(begun(about('DELIVER', 'A'), { common }))
  const again = new BegunForms(database)
  await again.recall()
  const kept = again.of(keyOf(about('DELIVER', 'A')))?.common ?? {}
  expect(Object.keys(kept)).toEqual(['note', 'photo'])
  expect(await (kept['photo'] as Blob).text()).toBe('light')
  expect(again.of(keyOf(about('DELIVER', 'B')))).toBeUndefined()
})

it('goes in the moment in which it is taken down, and others stay', async () => {
  const outbox = new Outbox(database, { device_id: 'd1', keys: await makeKeys() })
  const [mine, other] = [about('DELIVER', 'A'), about('DELIVER', 'B')]
  await forms.keep(begun(mine))
  await forms.keep(begun(other))
  const draft = { type: 'DELIVER', shipments: ['A'], data: {}, offline: true }
  await outbox.addAll([{ draft, files: [] }], keyOf(mine))
  await forms.recall()
  expect(forms.all.map((one) => one.key)).toEqual([keyOf(other)])
})

it('goes with the names of its day', async () => {
  await forms.keep(begun(about('DELIVER', 'A'), { day: '2026-11-17' }))
  await forms.keep(begun(about('DELIVER', 'B')))
  await forms.forgetOld('2026-11-18')
  await forms.recall()
  expect(forms.all.map((one) => one.codes)).toEqual([['B']])
})

it.each([
  ['a lost phone forgets names', forgetNames],
  ['a phone is wiped', wipe],
])('goes when %s', async (_, forget: (database: Database) => Promise<unknown>) => {
  await forms.keep(begun(about('DELIVER', 'A')))
  await forget(database)
  await forms.recall()
  expect(forms.all).toEqual([])
})
