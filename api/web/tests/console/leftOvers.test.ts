import { describe, expect, it } from 'vitest'
import { whyLeft } from '../../src/console/day/leftOvers'
import { en } from '../../src/console/words/en'
import { vi } from '../../src/console/words/vi'
import { basesOf } from '../../src/console/planning/crew'
import type { LeftOver } from '../../src/shared/api.gen'

const one: LeftOver = {
  code: 'S1',
  kind: 'result',
  origin: 'Bưu cục Long Xuyên',
  destination: 'Xã Mỹ Hòa Hưng',
  ready_on: '2026-11-24',
  due_on: '2026-11-26',
  cause: 'not_planned',
  on: null,
  reason: null,
  detail: null,
  courier: null,
}

describe('why a shipment was left over', () => {
  it('says the last that is known, in both languages', () => {
    expect(whyLeft(one, vi, 'vi')).toBe('Chưa có trong kế hoạch nào đã ban hành')
    const tried: LeftOver = { ...one, cause: 'attempted', on: '2026-11-25', reason: 'absent' }
    expect(whyLeft(tried, vi, 'vi')).toBe('Đã thử ngày 25/11/2026, không thành: vắng nhà')
    const crowded: LeftOver = { ...tried, cause: 'no_room', detail: { vi: 'hết chỗ', en: 'no room' } }
    expect(whyLeft(crowded, en, 'en')).toBe('The plan of 25 Nov 2026 left it behind: no room')
    const given: LeftOver = { ...tried, cause: 'not_done', courier: 'Trần Thị Hoa' }
    expect(whyLeft(given, vi, 'vi')).toBe('Đã xếp cho Trần Thị Hoa ngày 25/11/2026, chưa làm')
  })
})

describe('the bases of a crew', () => {
  it('are named once each, in the order of the crew', () => {
    const mate = (id: string, baseId: string) => ({ id, name: id, baseId, base: `Bưu cục ${baseId}` })
    expect(basesOf([mate('1', 'A'), mate('2', 'A'), mate('3', 'B')])).toEqual([
      { id: 'A', name: 'Bưu cục A' },
      { id: 'B', name: 'Bưu cục B' },
    ])
  })
})
