import { describe, expect, it } from 'vitest'
import { lookup } from '../../src/console/model/lookup'
import { rounds } from '../../src/console/model/rounds'
import { filtered, sorted, tableRows, type TableRow } from '../../src/console/table/rows'
import { lane, taskLookup } from '../../src/console/timeline/lanes'
import { at, places, plan, stop, trip } from '../sample'

const look = lookup(places)
const [round] = rounds(
  plan([
    trip({ stops: [stop({}), stop({ arrives: at('09:00'), slack: 60, locked: true })] }),
    trip({ stops: [stop({ arrives: at('13:00'), site_id: null, point: [105, 10] })] }),
  ]),
  look,
)
if (!round) throw new Error('no round')
const rows = tableRows(
  [lane(round, look, taskLookup(null), '2026-11-23')],
  [{ shipment: 'S2', must_go: true, reasons: [] }],
  look,
  { kind: { result: 'Kết quả', intake: 'Hồ sơ' }, unassigned: 'Chưa xếp', anyTime: 'cả ngày' },
)
const keys = (found: readonly TableRow[]): string[] => found.map((row) => row.key)

describe('the table', () => {
  it('has every stop, then what no round carries', () => {
    expect(keys(rows)).toEqual(['C1 1', 'C1 2', 'C1 3', 'S2'])
    expect(rows[2]).toMatchObject({ trip: 2, number: 3, place: 'Xã Đa Phước', kinds: 'Kết quả' })
    expect(rows[3]).toMatchObject({
      roundId: null,
      round: 'Chưa xếp',
      place: 'UBND xã Đa Phước',
      mustGo: true,
    })
  })

  it('is filtered by names, kinds and codes, without marks', () => {
    expect(keys(filtered(rows, 'dang thi'))).toEqual(['C1 1', 'C1 2', 'C1 3'])
    expect(keys(filtered(rows, 'HO SO'))).toEqual(['S2'])
    expect(keys(filtered(rows, 'ubnd s1'))).toEqual(['C1 1', 'C1 2'])
    expect(filtered(rows, 'nowhere')).toEqual([])
  })

  it('is sorted by a column; rows without a value come last both ways', () => {
    const by = (down: boolean) => keys(sorted(rows, { column: 'slack', down }, 'vi'))
    expect(by(false)).toEqual(['C1 2', 'C1 1', 'C1 3', 'S2'])
    expect(by(true)).toEqual(['C1 1', 'C1 3', 'C1 2', 'S2'])
    expect(keys(sorted(rows, { column: 'locked', down: false }, 'vi'))[0]).toBe('C1 2')
  })

  it('is sorted by names as they are read: numbers by size, marks after none, equals as they were', () => {
    const named = (...names: string[]) =>
      names.map((place, index) => ({ ...(rows[0] as TableRow), key: String(index), place }))
    const places = named('Xã 10', 'Xã 9', 'Đa Phước', 'An Phú', 'Xã 9')
    const by = (down: boolean) => keys(sorted(places, { column: 'place', down }, 'vi'))
    expect(by(false)).toEqual(['3', '2', '1', '4', '0'])
    expect(by(true)).toEqual(['0', '1', '4', '2', '3'])
  })
})
