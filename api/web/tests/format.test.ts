import { describe, expect, it } from 'vitest'
import { clock, day, dong, duration, kilometres, number, percent, shortDay } from '../src/shared/format'

describe('numbers', () => {
  it('follow the language', () => {
    expect(number(1234.5, 'vi', 1)).toBe('1.234,5')
    expect(number(1234.5, 'en', 1)).toBe('1,234.5')
  })

  it('group money and distance', () => {
    expect(dong(15234000, 'vi')).toBe('15.234.000 đ')
    expect(kilometres(12345, 'vi')).toBe('12,3 km')
    expect(kilometres(2227714, 'en')).toBe('2,228 km')
    expect(percent(0.874, 'vi')).toBe('87%')
  })
})

describe('times', () => {
  it('are minutes, then hours and minutes, then hours', () => {
    expect(duration(25 * 60, 'vi')).toBe('25 phút')
    expect(duration(125 * 60, 'en')).toBe('2h05')
    expect(duration(3599, 'en')).toBe('1h00')
    expect(duration(80 * 3600, 'vi')).toBe('80 giờ')
  })

  it('show the clock of the plan, not of the browser', () => {
    expect(clock('2026-11-23T07:05:59+07:00')).toBe('07:05')
  })

  it('name the day', () => {
    expect(day('2026-11-23', 'vi')).toBe('Thứ Hai, 23/11/2026')
    expect(day('2026-11-23', 'en')).toBe('Mon, 23 Nov 2026')
    expect(shortDay('2026-11-23', 'vi')).toBe('23/11/2026')
    expect(shortDay('2026-11-23', 'en')).toBe('23 Nov 2026')
  })
})
