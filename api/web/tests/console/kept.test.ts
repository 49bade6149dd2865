import 'fake-indexeddb/auto'
import { beforeEach, expect, it } from 'vitest'
import { forgetRows, keepRows, readRows, type Owner } from '../../src/console/importing/kept'
import type { BadRow } from '../../src/console/importing/rows'

const TODAY = '2026-11-25'
const LAN: Owner = { person: 'lan', province: '89', day: TODAY }
const row = (code: string): BadRow => ({
  key: '1.2',
  file: 'ngay.csv',
  row: 2,
  cells: { code },
  sent: { code: 'x' },
  errors: [],
})

beforeEach(forgetRows)

it('gives a person their own rows of the day back, as they were typed', async () => {
  await keepRows(LAN, [row('A1')])
  await keepRows({ ...LAN, day: '2026-11-26' }, [row('B1')])
  expect(await readRows(LAN, TODAY)).toEqual([row('A1')])
  expect(await readRows({ ...LAN, day: '2026-11-26' }, TODAY)).toEqual([row('B1')])
})

it('keeps nothing once no row waits', async () => {
  await keepRows(LAN, [row('A1')])
  await keepRows(LAN, [])
  expect(await readRows(LAN, TODAY)).toEqual([])
})

it('leaves nothing of another person or a past day', async () => {
  await keepRows(LAN, [row('A1')])
  await keepRows({ ...LAN, day: '2026-11-24' }, [row('OLD')])
  expect(await readRows({ ...LAN, person: 'binh' }, TODAY)).toEqual([])
  expect(await readRows(LAN, TODAY)).toEqual([])
  expect(await readRows({ ...LAN, day: '2026-11-24' }, TODAY)).toEqual([])
})

it('leaves nothing after a log-out', async () => {
  await keepRows(LAN, [row('A1')])
  await forgetRows()
  expect(await readRows(LAN, TODAY)).toEqual([])
})
