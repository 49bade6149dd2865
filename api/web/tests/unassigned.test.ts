import { describe, expect, it } from 'vitest'
import { lookup } from '../src/console/model/lookup'
import { byConstraint, endName, leftBehind, ordered } from '../src/console/model/unassigned'
import type { UnassignedShipment } from '../src/shared/api.gen'
import { places } from './sample'

const look = lookup(places)
const left = (shipment: string, must_go: boolean, ...constraints: string[]): UnassignedShipment => ({
  shipment,
  must_go,
  reasons: constraints.map((constraint) => ({ constraint, detail: { vi: 'v', en: 'e' }, would_help: null })),
})

describe('unassigned shipments', () => {
  it('stand with must-go first, then by code', () => {
    const order = ordered([left('S3', false, 'shift'), left('S2', true, 'shift'), left('S1', false, 'shift')])
    expect(order.map((one) => one.shipment)).toEqual(['S2', 'S1', 'S3'])
  })

  it('are counted once for each constraint', () => {
    const counted = byConstraint([left('S1', false, 'shift', 'shift', 'skills'), left('S2', false, 'shift')])
    expect(counted).toEqual([
      ['shift', 2],
      ['skills', 1],
    ])
  })

  it('are gathered where a courier would have gone: a site, or the middle of the commune', () => {
    expect(leftBehind([left('S1', false, 'shift'), left('S2', true, 'shift')], look)).toEqual([
      { point: [105.1, 10.1], count: 2, mustGo: true },
    ])
  })

  it('tell the commune of an address, never more', () => {
    expect(endName({ site_id: null, commune_code: '2' }, look)).toBe('Xã Đa Phước')
    expect(endName(undefined, look)).toBe('–')
  })
})
