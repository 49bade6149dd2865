/** S10 codes from a roll of numbers that the post gave this computer. */

import { checkDigit } from '../../shared/s10'

export interface Roll {
  /** Two letters of service. */
  service: string
  /** Eight-digit numbers, the next one and the last one. */
  next: number
  last: number
}

const LARGEST = 99_999_999

export function codeOf(service: string, number: number): string {
  const serial = String(number).padStart(8, '0')
  return `${service}${serial}${checkDigit(serial)}VN`
}

/** The roll that somebody typed; null when it is none. */
export function rollOf(service: string, first: string, last: string): Roll | null {
  const [next, end] = [Number(first), Number(last)]
  const whole = /^\d{1,8}$/u.test(first) && /^\d{1,8}$/u.test(last) && end <= LARGEST
  return /^[A-Z]{2}$/u.test(service) && whole && next <= end ? { service, next, last: end } : null
}

export const left = (roll: Roll): number => Math.max(0, roll.last - roll.next + 1)
