import { describe, expect, it } from 'vitest'
import type { DeviceEvent, OutboxEntry } from '../../src/device/outbox'
import type { Stop } from '../../src/courier/model/day'
import { scannedBefore } from '../../src/courier/model/prefill'
import { toldOf, voided } from '../../src/courier/model/telling'
import type { MyRound } from '../../src/shared/api.gen'

const event: DeviceEvent = {
  event_id: 'e2',
  type: 'ARRIVE',
  shipments: ['A'],
  at: '2026-11-25T08:00:00+07:00',
  counter: 2,
  device_id: 'd1',
  evidence: [],
  offline: false,
  data: { courier_id: 'BT-01', site_id: 'OFFICE-A', scanned: ['A'] },
  stop: '1/5',
}
const round = { route: { courier_id: 'BT-09', base_id: 'BASE' } } as unknown as MyRound
/** After a change of the plan, the number of the stop is another office's. */
const moved = { id: '1/5', site: { site_id: 'OFFICE-B' } } as unknown as Stop

describe('an event that stands in for another', () => {
  it('makes void what the refused one would have made void', () => {
    const refused: OutboxEntry = { event: { ...event, replaces: 'e1' }, state: 'parked' }
    const told = toldOf({ type: 'ARRIVE', round, stop: null, mends: refused }, ['A'], { why: 'x' }, ['why'])
    expect([told.replaces, told.data['why']]).toEqual(['e1', 'x'])
    expect(voided({ mends: { event, state: 'parked' } })).toBeUndefined()
    expect(voided({ amends: { event, state: 'answered' } })).toBe('e2')
  })

  it.each(['mends', 'amends'])('keeps the place and the courier of what it %s', (how) => {
    const before = { [how]: { event, state: how === 'mends' ? 'parked' : 'answered' } }
    const told = toldOf({ type: 'ARRIVE', round, stop: moved, ...before }, ['A'], {}, [])
    expect([told.stop, told.data['site_id'], told.data['courier_id']]).toEqual(['1/5', 'OFFICE-A', 'BT-01'])
  })

  it('leaves the papers with the citizen, and every photograph of them', () => {
    const data = { courier_id: 'BT-01', scans_only: true, photos: ['h1', 'h2'] }
    const scans: OutboxEntry = { event: { ...event, type: 'ACCEPT', data }, state: 'answered' }
    const about = { type: 'ACCEPT', round, stop: null, amends: scans }
    const told = toldOf(about, ['A'], { photo: 'h1', fee_dong: 1 }, ['photo', 'fee_dong'])
    expect(told.data).toMatchObject({ scans_only: true, photos: ['h1', 'h2'], fee_dong: 1 })
    expect(toldOf(about, ['A'], {}, ['photo']).data).not.toHaveProperty('photos') // taken away
    const pieces = [{ code: 'scans_not_enough', message_vi: '', message_en: '' }]
    const papers = toldOf({ ...about, amends: { ...scans, pieces } }, ['A'], {}, [])
    expect(papers.data).toEqual({ courier_id: 'BT-01', photos: ['h1', 'h2'] })
  })

  it('is of the stop and the round when it is new', () => {
    const told = toldOf({ type: 'ARRIVE', round, stop: moved }, ['A'], {}, [])
    expect([told.stop, told.data['site_id'], told.data['courier_id']]).toEqual(['1/5', 'OFFICE-B', 'BT-09'])
  })
})

it('states what was scanned and nothing else', () => {
  const told = toldOf({ type: 'ARRIVE', round, stop: null }, ['A'], {}, [])
  expect([told.shipments, told.data['scanned']]).toEqual([['A'], ['A']])
  expect(scannedBefore({ event: { ...event, shipments: ['A', 'B'] }, state: 'answered' })).toEqual(['A'])
  expect(scannedBefore()).toEqual([])
})
