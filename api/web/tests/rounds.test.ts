import { describe, expect, it } from 'vitest'
import { layers } from '../src/console/map/layers'
import { spent } from '../src/console/model/cost'
import { lookup } from '../src/console/model/lookup'
import { byBase, placeName, rounds } from '../src/console/model/rounds'
import { tightness } from '../src/console/model/slack'
import { at, places, plan, stop, trip } from './sample'

const look = lookup(places)
const both = plan([
  trip({}),
  trip({
    departs: at('09:15'),
    returns: at('12:30'),
    distance: 8000,
    breaks: [{ starts: at('11:00'), ends: at('12:00') }],
    stops: [stop({ slack: 60, tasks: [{ shipment: 'S2', leg: 'collect_round', action: 'collect' }] })],
  }),
])

describe('a round in the list', () => {
  const round = rounds(both, look)[0]

  it('adds its trips up', () => {
    expect(round).toMatchObject({
      name: 'Đặng Thị Ánh',
      stops: 2,
      shipments: 2,
      metres: 20000,
      tightStops: 1,
    })
  })

  it('counts working time without the break, as a share of the shift', () => {
    expect(round?.working).toBe(4 * 3600)
    expect(round?.timeShare).toBeCloseTo(0.4)
  })

  it('takes the fullest dimension as its load', () => {
    expect(round?.peakPieces).toBe(2)
    expect(round?.loadShare).toBeCloseTo(0.2)
  })

  it('stands under its base', () => {
    expect(byBase(rounds(both, look), 'vi').map((group) => group.baseName)).toEqual(['Bưu cục Châu Đốc'])
  })
})

describe('a stop', () => {
  it('is called by its site, or by the commune of the address', () => {
    expect(placeName(stop({}), look)).toBe('UBND xã Đa Phước')
    expect(placeName(stop({ site_id: null, point: [105.1, 10.1] }), look)).toBe('Xã Đa Phước')
  })

  it('is tight below ten minutes and close below thirty', () => {
    expect([599, 600, 1799, 1800].map(tightness)).toEqual(['tight', 'close', 'close', 'ample'])
  })

  it('is numbered through the day, where its path touches it', () => {
    const stops = layers(places, rounds(both, look), []).stops.features
    expect(stops.map((one) => one.properties?.number)).toEqual([1, 2])
    expect(stops[0]?.geometry.coordinates).toEqual([105.1, 10.1])
  })
})

describe('the cost of the day', () => {
  it('is money spent, without the prices of wishes', () => {
    const wishes = { penalties: 900, balance: 90, unfamiliar: 9, change: 9 }
    expect(spent({ fixed: 1, distance: 20, duration: 300, overtime: 4000, ...wishes, total: 5329 })).toBe(
      4321,
    )
  })
})
