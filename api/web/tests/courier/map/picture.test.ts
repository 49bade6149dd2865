import { describe, expect, it } from 'vitest'
import { drawn, marksOf, standOf, waysOf } from '../../../src/courier/map/picture'
import type { Stop } from '../../../src/courier/model/day'
import type { OutboxEntry } from '../../../src/device/outbox'
import type { MyRound, Parcel } from '../../../src/shared/api.gen'

const stop = (id: string, lon: number, ...codes: string[]): Stop => ({
  id,
  planned: { point: [lon, 10] } as unknown as Stop['planned'],
  site: null,
  parcels: codes.map((code) => ({ code }) as Parcel),
  drops: new Set(codes),
})
const told = (type: string, code: string, state: OutboxEntry['state'] = 'answered'): OutboxEntry =>
  ({
    event: { event_id: type + code, type, shipments: [code], counter: 1, data: {} },
    state,
  }) as unknown as OutboxEntry

/** Each trip runs 0 .. 6 on one line; its stops lie at 2 and 4. */
const line = [0, 1, 2, 3, 4, 5, 6].map((lon) => [lon, 10])
const path = { type: 'LineString', coordinates: line, stop_index: [2, 4] }
const round = { route: { trips: [{ path }, { path }] } } as unknown as MyRound
const lons = (points: readonly (readonly number[])[]): (number | undefined)[] => points.map(([lon]) => lon)

describe('the way', () => {
  it.each([
    ['1/1', [], [0, 1, 2], [[2, 3, 4, 5, 6], [0, 1, 2, 3, 4, 5, 6]]],
    ['1/2', [[0, 1, 2]], [2, 3, 4], [[4, 5, 6], [0, 1, 2, 3, 4, 5, 6]]],
    ['2/1', [[0, 1, 2, 3, 4, 5, 6]], [0, 1, 2], [[2, 3, 4, 5, 6]]],
    ['2/2', [[0, 1, 2, 3, 4, 5, 6], [0, 1, 2]], [2, 3, 4], [[4, 5, 6]]],
    [null, [[0, 1, 2, 3, 4, 5, 6], [0, 1, 2, 3, 4]], [4, 5, 6], []],
  ])('before %s is driven, to it is the leg, after it is ahead', (next, driven, leg, ahead) => {
    const ways = waysOf(round, next)
    expect([ways.driven.map(lons), lons(ways.leg), ways.ahead.map(lons)]).toEqual([driven, leg, ahead])
  }) // prettier-ignore

  it('is drawn to the metre', () => {
    expect(drawn([[0.4, 0], [10.6, -3]])).toBe('M0 0L11 -3') // prettier-ignore
  })
})

describe('stops', () => {
  const stops = [stop('1/1', 1, 'A', 'B'), stop('1/2', 2, 'C'), stop('2/1', 3, 'D'), stop('2/2', 4, 'E')]

  it('are open while one of their parcels is, and then what went wrong', () => {
    const two = stops[0] as Stop
    expect(standOf(two, [])).toBe('open')
    expect(standOf(two, [told('DELIVER', 'A')])).toBe('open')
    expect(standOf(two, [told('DELIVER', 'A'), told('ATTEMPT', 'B')])).toBe('failed')
    expect(standOf(two, [told('DELIVER', 'A', 'parked'), told('ATTEMPT', 'B')])).toBe('refused')
    expect(standOf(two, [told('DELIVER', 'A'), told('DELIVER', 'B')])).toBe('done')
  })

  it('are numbered in their order, and the next one lies on top', () => {
    const events = [told('DELIVER', 'A'), told('DELIVER', 'B'), told('ATTEMPT', 'D')]
    expect(marksOf(stops, events).map(({ number, stand }) => [number, stand])).toEqual([
      [1, 'done'],
      [3, 'failed'],
      [4, 'open'],
      [2, 'next'],
    ])
  })
})
