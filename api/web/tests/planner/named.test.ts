import { expect, it } from 'vitest'
import { named } from '../../src/planner/list/named'
import { AskError } from '../../src/shared/asking'

it('begins each sentence with the key that it is about, and leaves other errors alone', () => {
  const row = { message_vi: 'thiếu khóa này', message_en: 'this key is missing' }
  const found = named(new AskError(422, 'bad_input', [{ ...row, column: 'coverage.weeks' }, row])) as AskError
  expect(found.said.map((one) => one.message_vi)).toEqual([
    'coverage.weeks: thiếu khóa này',
    'thiếu khóa này',
  ])
  expect(found.said.map((one) => one.message_en)[0]).toBe('coverage.weeks: this key is missing')
  expect([found.status, found.code]).toEqual([422, 'bad_input'])
  const other = new Error('no')
  expect(named(other)).toBe(other)
})
