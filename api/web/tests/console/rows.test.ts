import { describe, expect, it } from 'vitest'
import type { ImportReport, Notice } from '../../src/shared/api.gen'
import {
  afterwards,
  asFile,
  badRows,
  columnsOf,
  fileErrors,
  isReady,
  type BadRow,
} from '../../src/console/importing/rows'

const wrong = (row: number | null, column: string | null, code = 'bad'): Notice => ({
  file: 'ngay.csv',
  row,
  column,
  code,
  message_vi: 'sai',
  message_en: 'wrong',
})

const report = (errors: Notice[], bad_rows: ImportReport['bad_rows'] = []): ImportReport => ({
  new: 1,
  changed: 0,
  same: 0,
  refused: bad_rows.length,
  errors,
  bad_rows,
  good_rows: [],
  warnings: [],
})

const two = (): BadRow[] =>
  badRows(
    report(
      [wrong(4, 'pieces'), wrong(9, 'code', 'duplicate')],
      [
        { row: 4, cells: { code: 'A', pieces: 'hai' } },
        { row: 9, cells: { code: 'B', kind: 'result' } },
      ],
    ),
    'ngay.csv',
    '1',
  )

describe('rows to correct', () => {
  it('hold the cells of their file and every reason', () => {
    expect(two().map((one) => [one.row, one.cells['code'], one.errors.length])).toEqual([
      [4, 'A', 1],
      [9, 'B', 1],
    ])
  })

  it('are named even when the report gives no cells', () => {
    const [only] = badRows(report([wrong(7, 'code', 'held')]), 'ngay.csv', '1')
    expect([only?.row, only?.cells]).toEqual([7, {}])
  })

  it('are sent once something was changed, and a code that is taken only with another', () => {
    const [first, second] = two() as [BadRow, BadRow]
    expect([isReady(first), isReady(second)]).toEqual([false, false])
    first.cells['pieces'] = '2'
    second.cells['kind'] = 'intake'
    expect([isReady(first), isReady(second)]).toEqual([true, false])
    second.cells['code'] = 'B2'
    expect(isReady(second)).toBe(true)
  })

  it('go as the file that the import takes, without empty cells', async () => {
    const [first] = two() as [BadRow]
    first.cells['note'] = ' '
    expect(JSON.parse(await asFile([first], 'shipments').text())).toEqual({
      shipments: [{ code: 'A', pieces: 'hai' }],
    })
  })

  it('stay when they were not sent, or are still wrong, and go when they were taken', () => {
    const rows = two()
    const [first, second] = rows as [BadRow, BadRow]
    first.cells['pieces'] = '-1'
    expect(afterwards(rows, [second], report([])).map((one) => one.key)).toEqual([first.key])
    const again = afterwards(rows, [first, second], report([wrong(1, 'pieces')]))
    expect(again.map((one) => [one.key, one.row, one.sent['pieces']])).toEqual([['1.4', 4, '-1']])
    expect(isReady(again[0] as BadRow)).toBe(false)
  })

  it('keep what was typed while they were on their way', () => {
    const rows = two()
    const sent = rows.map((one) => ({ ...one, cells: { ...one.cells } }))
    ;(rows[0] as BadRow).cells['pieces'] = '3'
    const [left] = afterwards(rows, sent, report([wrong(1, 'pieces'), wrong(2, 'code')]))
    expect([left?.cells['pieces'], isReady(left as BadRow)]).toEqual(['3', true])
  })

  it('are shown with code, kind and what is wrong; with everything when asked; strange columns always', () => {
    const rows = two()
    expect(columnsOf(rows, false)).toEqual(['code', 'kind', 'pieces'])
    expect(columnsOf(rows, true)).toHaveLength(27)
    ;(rows[0] as BadRow).sent = { ...rows[0]?.sent, '#28': 'thừa' }
    expect(columnsOf(rows, false)).toEqual(['code', 'kind', 'pieces', '#28'])
  })

  it('are none of a file that could not be read at all', () => {
    const whole = report([wrong(null, 'codee', 'unknown_column')])
    expect([badRows(whole, 'ngay.csv', '1'), fileErrors(whole).length]).toEqual([[], 1])
  })
})
