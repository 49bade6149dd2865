import { describe, expect, it } from 'vitest'
import { readAddress, writeAddress } from '../../src/console/address'
import {
  monthsOf,
  onlyMonth,
  passed,
  preset,
  presetOf,
  stepOf,
  within,
} from '../../src/console/reports/period'
import { classOf } from '../../src/console/reports/punctuality/classes'
import { floorOf, labelled, pathOf, ticksOf } from '../../src/console/reports/punctuality/line'
import { matching } from '../../src/console/reports/punctuality/rows'
import { reportRights } from '../../src/console/reports/rights'
import { counted, inOrder, needsNote, sumsOf } from '../../src/console/reports/settlement/sums'
import { aimedOf, toldOf } from '../../src/console/reports/share/figures'
import { sorted, turned } from '../../src/console/reports/sorting'
import { readWanted } from '../../src/console/reports/wanted'
import { reports as en } from '../../src/console/words/reports.en'
import { reports as vi } from '../../src/console/words/reports.vi'
import type { Settled, Signed } from '../../src/shared/api.gen'

const signed = (number: number, fee: number, postage: number, difference: number): Signed => ({
  number,
  expected_fee_dong: 0,
  expected_postage_dong: 0,
  expected_cash_dong: 0,
  handed_fee_dong: fee,
  handed_postage_dong: postage,
  difference_dong: difference,
  note: '',
  signed_by: 'u',
  signed_name: 'Lan',
  signed_at: '2026-11-25T10:00:00Z',
})

const settled = (taker: string, change: Partial<Settled> = {}): Settled => ({
  day: '2026-11-25',
  kind: 'courier',
  taker,
  name: null,
  events: 1,
  erased_events: 0,
  fee_dong: 50_000,
  postage_dong: 24_000,
  cash_dong: 74_000,
  state: 'open',
  signed: [],
  ...change,
})

describe('periods', () => {
  it.each([
    ['month', '2026-02-01', '2026-02-28'],
    ['lastMonth', '2026-01-01', '2026-01-31'],
    ['quarter', '2026-01-01', '2026-03-31'],
    ['lastQuarter', '2025-10-01', '2025-12-31'],
    ['year', '2026-01-01', '2026-12-31'],
  ] as const)('%s', (name, first, last) => {
    expect(preset(name, '2026-02-10')).toEqual({ first, last })
    expect(presetOf({ first, last }, '2026-02-10')).toBe(name)
  })

  it('are known for a month, cut to one, and counted in months', () => {
    expect(onlyMonth({ first: '2028-02-01', last: '2028-02-29' })).toBe('2028-02')
    expect(onlyMonth({ first: '2028-02-01', last: '2028-02-28' })).toBeNull()
    expect(monthsOf({ first: '2026-11-20', last: '2027-01-02' })).toEqual(['2026-11', '2026-12', '2027-01'])
    expect(within('2026-11', { first: '2026-11-20', last: '2027-01-02' })).toEqual({
      first: '2026-11-20',
      last: '2026-11-30',
    })
    expect(stepOf({ first: '2026-11-01', last: '2026-11-30' })).toBe('day')
    expect(stepOf({ first: '2026-01-01', last: '2026-11-30' })).toBe('month')
  })

  it('are over, begun or to come', () => {
    const days = { first: '2026-11-01', last: '2026-11-30' }
    expect(['2026-10-31', '2026-11-01', '2026-11-30', '2026-12-01'].map((day) => passed(days, day))).toEqual([
      'none',
      'some',
      'some',
      'all',
    ])
  })
})

describe('the address', () => {
  it('names report, period and how far it is narrowed', () => {
    const hash =
      '#section=reports&day=2026-11-25&report=punctuality&from=2026-04-01&to=2026-06-30&part=agency&by=commune&agency=CQ1&commune='
    const report = readWanted(hash, '2026-11-25')
    expect(report).toMatchObject({ agency: 'CQ1', commune: '', part: 'agency', by: 'commune' })
    expect(writeAddress({ ...readAddress(hash), report })).toBe(hash)
  })

  it('means this month when it names no days', () => {
    expect(readWanted('#section=reports&from=gestern', '2026-11-25')).toMatchObject({
      report: 'punctuality',
      first: '2026-11-01',
      last: '2026-11-30',
      agency: null,
    })
  })
})

describe('tables', () => {
  it('are sorted either way, with what is unknown last', () => {
    const rows = [{ n: 2 }, { n: null }, { n: 10 }]
    expect(sorted(rows, (row) => row.n, true, 'vi').map((row) => row.n)).toEqual([10, 2, null])
    expect(sorted(rows, (row) => row.n, false, 'vi').map((row) => row.n)).toEqual([2, 10, null])
    expect(turned({ column: 'late', down: true }, 'late', false).down).toBe(false)
    expect(turned({ column: 'late', down: true }, 'name', true)).toEqual({ column: 'name', down: false })
  })

  it('are filtered without marks', () => {
    const rows = ['Sở Tư pháp', 'Công an tỉnh'].map((name) => ({ name, code: 'CQ' }))
    expect(matching(rows, 'tu phap').map((row) => row.name)).toEqual(['Sở Tư pháp'])
    expect(matching(rows, 'cq')).toHaveLength(2)
  })
})

describe('charts', () => {
  it('put a share into its class, bounds belonging to the upper one', () => {
    const of = (late: number, late_percent: number | null) => classOf({ late, late_percent })
    expect([of(0, null), of(0, 0), of(1, 1.99), of(1, 2), of(1, 5), of(1, 9.99), of(1, 10)]).toEqual([
      0, 1, 2, 3, 4, 4, 5,
    ])
    expect(classOf(undefined)).toBe(0)
  })

  it('begin the axis below the lowest value and pass over what is unknown', () => {
    expect([floorOf([98.7, null, 91]), floorOf([]), floorOf([100]), floorOf([3])]).toEqual([90, 0, 90, 0])
    expect([ticksOf(0), ticksOf(70), ticksOf(90)]).toEqual([
      [0, 20, 40, 60, 80, 100],
      [70, 80, 90, 100],
      [90, 95, 100],
    ])
    const box = { width: 100, height: 100, left: 0, top: 0, right: 0, bottom: 0 }
    const points = [100, null, 0].map((value, at) => ({ at: String(at), value }))
    expect(pathOf(points, 0, box)).toBe('M0.0 0.0L100.0 100.0')
    expect(labelled(10, 4)).toEqual([0, 3, 6, 9])
  })
})

describe('settlement', () => {
  it('shows what asks for an eye first', () => {
    const rows = [
      settled('A', { state: 'signed', signed: [signed(1, 50_000, 24_000, 0)] }),
      settled('B', { state: 'signed', signed: [signed(1, 50_000, 20_000, -4_000)] }),
      settled('C'),
      settled('D', { day: '2026-11-26' }),
      settled('E', { state: 'changed', signed: [signed(1, 0, 0, 0)] }),
    ]
    expect(inOrder(rows).map((one) => one.taker)).toEqual(['E', 'D', 'C', 'B', 'A'])
  })

  it('sums fees and postage apart, by the last sign-off', () => {
    const twice = settled('A', {
      state: 'signed',
      signed: [signed(1, 1, 2, -3), signed(2, 50_000, 20_000, -4_000)],
    })
    expect(sumsOf([twice, settled('B', { fee_dong: -10_000 })])).toEqual({
      feesTaken: 40_000,
      feesHanded: 50_000,
      postageTaken: 48_000,
      postageHanded: 20_000,
      cash: 148_000,
      difference: -4_000,
    })
  })

  it('reads what was counted and knows when to ask why', () => {
    expect(counted('50.000', '-1 000')).toEqual({ fee: 50_000, postage: -1_000 })
    expect(counted('50.000', '')).toBeNull()
    expect(counted('năm', '1')).toBeNull()
    expect([needsNote(settled('A'), 74_000), needsNote(settled('A'), 70_000)]).toEqual([false, true])
    expect(needsNote(settled('A', { signed: [signed(1, 0, 0, 0)] }), 74_000)).toBe(true)
    expect(needsNote(settled('A', { erased_events: 1 }), 74_000)).toBe(true)
  })
})

describe('figures of agencies', () => {
  it('are whole numbers by month, and shares by quarter', () => {
    expect(toldOf({ month: 'm', received: ' 60', returned: '0' })).toEqual({ received: 60, returned: 0 })
    expect(toldOf({ month: 'm', received: '60', returned: '' })).toBeNull()
    expect(aimedOf({ quarter: 'q', dossiers: '37,5', results: '' })).toEqual({
      dossier_percent: 37.5,
      result_percent: null,
    })
    expect(aimedOf({ quarter: 'q', dossiers: '101', results: '' })).toBeNull()
  })
})

it('rights are those of the service', () => {
  expect(Object.values(reportRights('dispatcher'))).toEqual([true, true, true, false])
  expect(Object.values(reportRights('planner'))).toEqual([false, false, true, true])
  expect(Object.values(reportRights('auditor'))).toEqual([true, false, false, false])
})

it('both languages name the same figures', () => {
  for (const part of ['counts', 'legs', 'kinds'] as const)
    expect(Object.keys(en.punctuality[part])).toEqual(Object.keys(vi.punctuality[part]))
  expect(Object.keys(en.share.definitions)).toEqual(Object.keys(vi.share.definitions))
})
