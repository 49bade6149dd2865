import { describe, expect, it } from 'vitest'
import { checkDigit, isMistyped, typed } from '../../src/shared/s10'

describe('a typed code', () => {
  it('has the check digit of UPU S10', () => {
    expect(checkDigit('47312482')).toBe(9) // the example of the standard: RR473124829GB
    expect(checkDigit('00000001')).toBe(4) // 7, 11 - 7
    expect(checkDigit('00000000')).toBe(5) // 0, 11 - 0 = 11
    expect(checkDigit('00000030')).toBe(6) // 27 mod 11 = 5, 11 - 5
  })

  it('is forgiven spaces and small letters, but no wrong digit', () => {
    expect(typed(' rr 473 124 829 gb ')).toBe('RR473124829GB')
    expect(isMistyped('RR473124829GB')).toBe(false)
    expect(isMistyped('RR473124828GB')).toBe(true)
    expect([typed('a-2'), isMistyped('a-2')]).toEqual(['a-2', false])
  })
})
