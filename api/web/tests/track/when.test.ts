import { describe, expect, it } from 'vitest'
import { begins, ends, isKept, withKept } from '../../src/track/hours'
import { clock, dayOf, daysUntil, dayWords, momentWords } from '../../src/track/when'

/** 00:30 on Friday 27 November 2026 in Vietnam, still Thursday in Greenwich. */
const NOW = new Date('2026-11-26T17:30:00Z')

describe('moments in plain words', () => {
  it('are Vietnam’s, whatever the zone of the phone', () => {
    expect(dayOf(NOW)).toBe('2026-11-27')
    expect(clock('2026-11-26T17:30:00Z')).toBe('00:30')
    expect(momentWords('2026-11-26T16:59:00Z', 'vi', NOW)).toBe('23:59, hôm qua, 26/11/2026')
  })

  it('name near days, and others by their weekday', () => {
    expect(dayWords('2026-11-27', 'vi', NOW)).toBe('hôm nay, 27/11/2026')
    expect(dayWords('2026-11-28', 'en', NOW)).toBe('tomorrow, 28/11/2026')
    expect(dayWords('2026-11-30', 'vi', NOW)).toBe('thứ Hai, 30/11/2026')
    expect(dayWords('2026-11-29', 'vi', NOW)).toBe('chủ Nhật, 29/11/2026')
    expect(dayWords('2026-11-30', 'en', NOW)).toBe('Monday, 30/11/2026')
    expect(dayWords('2026-11-25', 'en', NOW)).toBe('Wednesday, 25/11/2026')
  })

  it('count calendar days', () => {
    expect(['2026-11-27', '2026-12-01', '2026-11-20'].map((day) => daysUntil(day, NOW))).toEqual([0, 4, -7])
  })
})

describe('hours to choose', () => {
  it('begin on the half hour with an hour left, and last an hour or more', () => {
    expect(begins('07:15-10:00')).toEqual(['07:30', '08:00', '08:30', '09:00'])
    expect(ends('07:15-10:00', '08:30')).toEqual(['09:30', '10:00'])
    expect(begins('16:45-17:30')).toEqual([])
  })

  it('include what was chosen before, although it is open no more', () => {
    expect(withKept(['10:30', '11:00'], '08:00')).toEqual(['08:00', '10:30', '11:00'])
    expect(withKept(['10:30', '11:00'], '11:00')).toEqual(['10:30', '11:00'])
    expect(withKept(['10:30'], null)).toEqual(['10:30'])
  })

  it('are kept by a visit on that day within them, and by any visit when none were chosen', () => {
    const wish = { day: '2026-11-27', window: '14:00-16:00' }
    expect(isKept(wish, '2026-11-27', '2026-11-27T16:00:00+07:00')).toBe(true)
    expect(isKept(wish, '2026-11-27', '2026-11-27T16:01:00+07:00')).toBe(false)
    expect(isKept(wish, '2026-11-26', '2026-11-26T15:00:00+07:00')).toBe(false)
    expect(isKept({ day: null, window: null }, '2026-11-26', '2026-11-26T09:00:00+07:00')).toBe(true)
  })
})
