import { describe, expect, it } from 'vitest'
import { candidates } from '../../src/console/comparing/candidates'
import { sorted, unchanged, type CourierChange } from '../../src/console/comparing/changes'
import { signed, verdict } from '../../src/console/comparing/figures'
import { pathsOf } from '../../src/console/comparing/paths'
import { readPair, writePair } from '../../src/console/comparing/refs'
import { amountOf } from '../../src/console/explaining/amounts'
import { byCause } from '../../src/console/model/unassigned'
import { addressOf } from '../../src/console/printing/address'
import type {
  Plan,
  PlanAnswer,
  PlanComparison,
  PlanHistory,
  UnassignedShipment,
} from '../../src/shared/api.gen'

const change = (courier_id: string, more: Partial<CourierChange> = {}): CourierChange => ({
  courier_id,
  kind: 'changed',
  added: [],
  removed: [],
  reordered: [],
  distance: 0,
  cost_dong: 0,
  ...more,
})

describe('what is compared', () => {
  it.each(['a..b', 'a@3..a', 'a..b@12', '01JD-x_y@1..b'])('is read as it was written: %s', (text) => {
    const pair = readPair(text)
    expect(pair && writePair(pair)).toBe(text)
  })

  it.each([null, '', 'a', 'a..', '..b', 'a..b..c', 'a@0..b', 'a@x..b', 'a@-1..b'])(
    'is nothing in %s',
    (text) => {
      expect(readPair(text)).toBeNull()
    },
  )
})

describe('a difference', () => {
  it('is judged by what one wants less or more of, and of stops not at all', () => {
    expect(verdict('cost_dong', -5)).toBe('better')
    expect(verdict('carried', -5)).toBe('worse')
    expect(verdict('carried', 2)).toBe('better')
    expect(verdict('must_go_unassigned', 1)).toBe('worse')
    expect(verdict('distance', 0)).toBe('same')
    expect(verdict('stops', 9)).toBeNull()
  })

  it('has a sign, and the size in figures of its own', () => {
    expect([3, -3, 0].map((value) => signed(value, (size) => `${size} km`))).toEqual([
      '+3 km',
      '−3 km',
      '0 km',
    ])
  })
})

describe('changes by courier', () => {
  const all = [
    change('c', { kind: 'same' }),
    change('b', { added: ['1', '2'] }),
    change('a', { added: ['3'], distance: -10 }),
    change('d', { kind: 'new_round', added: ['4'] }),
  ]
  const ids = (order: Parameters<typeof sorted>[1]): string =>
    sorted(all, order, (id) => ({ a: 'Ánh', b: 'Bình', c: 'Đào', d: 'Cúc' })[id] ?? id, 'vi')
      .map((one) => one.courier_id)
      .join('')

  it('stand by any column, both ways, and equal ones by courier', () => {
    expect(ids({ column: 'added', down: true })).toBe('badc')
    expect(ids({ column: 'added', down: false })).toBe('cadb')
    expect(ids({ column: 'kind', down: false })).toBe('dabc')
    expect(ids({ column: 'distance', down: false })).toBe('abcd')
  })

  it('stand by name in the order of the Vietnamese alphabet', () => {
    expect(ids({ column: 'courier', down: false })).toBe('abdc')
  })

  it('leave out whoever has the same round', () => {
    expect(unchanged({ couriers: all } as unknown as PlanComparison)).toBe(1)
  })
})

const plan = (stops: string[][]): Plan =>
  ({
    routes: [
      {
        courier_id: 'BT-1',
        trips: [
          {
            stops: stops.map((codes) => ({ tasks: codes.map((shipment) => ({ shipment })) })),
            path: {
              coordinates: [[105, 10], ...stops.map((_, place) => [105, 11 + place])],
              stop_index: stops.map((_, place) => place + 1),
            },
          },
        ],
      },
    ],
  }) as unknown as Plan

describe('the map of both', () => {
  it('marks what stays, comes and goes, each with its number in its own round', () => {
    const { marks, before, after } = pathsOf(plan([['1'], ['2', '3']]), plan([['3'], ['4']]), 'BT-1')
    expect(marks.map(({ kind, number, at }) => [kind, number, at[1]])).toEqual([
      ['gone', 1, 11],
      ['kept', 1, 11],
      ['added', 2, 12],
    ])
    expect([before.length, after.length]).toEqual([1, 1])
  })

  it('has nothing of a courier without a round', () => {
    expect(pathsOf(plan([['1']]), plan([['1']]), 'BT-9')).toEqual({ before: [], after: [], marks: [] })
  })
})

describe('with what an open plan is compared', () => {
  const answer = (plan_id: string, more: Partial<PlanAnswer> = {}): PlanAnswer =>
    ({ plan_id, status: 'draft', version: 1, based_on: null, ...more }) as PlanAnswer
  const edit = (version: number, kind: string): PlanHistory['changes'][number] =>
    ({ version, what: { kind } }) as unknown as PlanHistory['changes'][number]

  it('is first itself before the changes by hand, then its base, the published one, others, its other versions', () => {
    const history: PlanHistory = {
      plan: answer('p', { version: 4, based_on: 'base' }),
      changes: [edit(2, 'publish'), edit(3, 'move'), edit(4, 'lock')],
      kept_versions: [1, 2, 3],
      can_undo: true,
      can_redo: false,
    }
    const day = [answer('x'), answer('p'), answer('day', { status: 'published' }), answer('base')]
    expect(candidates(history, day).map(({ kind, ref }) => [kind, ref.plan, ref.version])).toEqual([
      ['beforeHand', 'p', 2],
      ['base', 'base', null],
      ['published', 'day', null],
      ['other', 'x', null],
      ['earlier', 'p', 3],
      ['earlier', 'p', 1],
    ])
  })

  it('is nothing when there is nothing', () => {
    const history = { plan: answer('p'), changes: [], kept_versions: [], can_undo: false, can_redo: false }
    expect(candidates(history, [answer('p')])).toEqual([])
  })
})

describe('what has no round', () => {
  const left = (shipment: string, must_go: boolean, constraint: string): UnassignedShipment => ({
    shipment,
    must_go,
    reasons: [{ constraint, detail: { vi: 'v', en: 'e' }, would_help: null }],
  })

  it('stands by cause: the one that makes most late first, must-go first in each', () => {
    const causes = byCause([
      left('S1', false, 'cost'),
      left('S2', false, 'cost'),
      left('S4', false, 'shift'),
      left('S3', true, 'shift'),
    ])
    expect(
      causes.map(({ constraint, mustGo, shipments }) => [
        constraint,
        mustGo,
        shipments.map((one) => one.shipment),
      ]),
    ).toEqual([
      ['shift', 1, ['S3', 'S4']],
      ['cost', 0, ['S1', 'S2']],
    ])
  })

  it('misses by time, money, metres or room', () => {
    expect(amountOf('shift', 61, 'vi')).toBe('2 phút')
    expect(amountOf('cost', 12_000, 'vi')).toBe('12.000 đ')
    expect(amountOf('max_distance', 900, 'en')).toBe('900 m')
    expect(amountOf('skills', 1, 'en')).toBeNull()
    expect(amountOf('cost', 0, 'en')).toBeNull()
  })
})

describe('a file of a plan', () => {
  it('names citizens only as sheets, and is of one courier only where that makes sense', () => {
    const all = { courier: null, named: true }
    expect(addressOf('p', { kind: 'sheets', ...all })).toBe('/api/v1/plans/p/sheets')
    expect(addressOf('p', { kind: 'manifests', ...all })).toBe('/api/v1/plans/p/exports/manifests')
    const one = { courier: 'BT 1', named: false }
    expect(addressOf('p', { kind: 'sheets', ...one })).toBe('/api/v1/plans/p/exports/sheets?courier=BT+1')
    expect(addressOf('p', { kind: 'workbook', ...one })).toBe('/api/v1/plans/p/exports/workbook')
  })
})
