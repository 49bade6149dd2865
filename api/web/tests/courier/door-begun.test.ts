import 'fake-indexeddb/auto'
import { beforeEach, expect, it } from 'vitest'
import { BEGUN, Door } from '../../src/courier/door/door.svelte'
import type { Stop } from '../../src/courier/model/day'
import { registrationOf, type NewShipment } from '../../src/device/accepting'
import { openDatabase, type Database } from '../../src/device/database'
import type { OutboxEntry } from '../../src/device/outbox'

const PLACE = { lon: 105.4, lat: 10.4, accuracy: 8, age: 2 }
const yes = (): boolean => true
const no = (): boolean => false
const stop = (id: string): Stop => ({ id, site: { site_id: 'X' }, parcels: [] }) as unknown as Stop
const refused: OutboxEntry = {
  event: {
    event_id: 'e', type: 'ACCEPT', shipments: ['A'], data: {}, offline: true, at: '', counter: 1, device_id: 'd',
    evidence: [],
  },
  state: 'parked',
  registration: registrationOf({ code: 'A', contact_name: 'Refused' } as NewShipment),
} // prettier-ignore

let database: Database
let door: Door
const opened = (): Door => new Door(database, () => Promise.reject(new TypeError('offline')))

beforeEach(async () => {
  database = await openDatabase(crypto.randomUUID())
  door = opened()
  door.begin(stop('1/1'), no)
  await door.give({ name: 'Begun', given: { seal: 'S', place: PLACE } })
})

it('keeps what was begun while a refused one is mended, closed or taken down', async () => {
  await door.mend(refused)
  expect(door.dossier?.name).toBe('Refused')
  await door.give({ name: 'Mended' })
  door.close()
  expect(door.dossier?.name).toBe('Begun')
  await door.mend(refused)
  door.taken('A')
  expect(door.dossier?.name).toBe('Begun')
  expect(await database.get('values', BEGUN)).toMatchObject({ dossier: { name: 'Begun' } })
})

it('drops what was begun at another stop only when the courier says so', () => {
  door.close()
  door.begin(stop('1/2'), no)
  expect([door.view, door.dossier?.name]).toEqual([null, 'Begun'])
  door.begin(stop('1/1'), no)
  expect([door.view?.kind, door.dossier?.name]).toEqual(['form', 'Begun'])
  door.begin(stop('1/2'), yes)
  expect([door.dossier?.name, door.dossier?.stop]).toEqual(['', '1/2'])
  door.begin(stop('1/3'), no) // nobody wrote in it
  expect(door.dossier?.stop).toBe('1/3')
})

it('looks anew for where the phone is after a reload', async () => {
  const again = opened()
  await again.recall()
  expect(again.dossier?.given).toMatchObject({ seal: 'S', place: undefined })
  again.begin(stop('1/2'), no)
  expect(again.dossier?.name).toBe('Begun')
})
