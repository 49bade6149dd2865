/** What is summed over the takers of a period, and what asks for somebody's eye first. */

import type { Settled, Signed, SignOff } from '../../../shared/api.gen'

export const lastOf = (one: Settled): Signed | null => one.signed.at(-1) ?? null

/** Not signed, changed since, or signed with a difference. */
export const isOpen = (one: Settled): boolean =>
  one.state !== 'signed' || (lastOf(one)?.difference_dong ?? 0) !== 0

/** Open ones first: changed, not signed, then signed with a difference; the newest day first in each. */
export function inOrder(settled: readonly Settled[]): Settled[] {
  const rank = (one: Settled): number =>
    one.state === 'signed' ? (isOpen(one) ? 2 : 3) : one.state === 'open' ? 1 : 0
  return settled.toSorted(
    (a, b) => rank(a) - rank(b) || b.day.localeCompare(a.day) || a.taker.localeCompare(b.taker),
  )
}

export interface Sums {
  feesTaken: number
  feesHanded: number
  postageTaken: number
  postageHanded: number
  cash: number
  difference: number
}

export function sumsOf(settled: readonly Settled[]): Sums {
  const sum = (of: (one: Settled) => number): number => settled.reduce((all, one) => all + of(one), 0)
  return {
    feesTaken: sum((one) => one.fee_dong),
    feesHanded: sum((one) => lastOf(one)?.handed_fee_dong ?? 0),
    postageTaken: sum((one) => one.postage_dong),
    postageHanded: sum((one) => lastOf(one)?.handed_postage_dong ?? 0),
    cash: sum((one) => one.cash_dong),
    difference: sum((one) => lastOf(one)?.difference_dong ?? 0),
  }
}

/** What a dispatcher typed, as amounts; null = not both are whole numbers. */
export function counted(fee: string, postage: string): { fee: number; postage: number } | null {
  const whole = /^-?\d{1,12}$/u
  const [first, second] = [fee, postage].map((text) => text.replace(/[\s.,]/gu, ''))
  if (!whole.test(first ?? '') || !whole.test(second ?? '')) return null
  return { fee: Number(first), postage: Number(second) }
}

/** Whether the service will ask why. */
export const needsNote = (one: Settled, handed: number): boolean =>
  handed !== one.cash_dong || one.signed.length > 0 || one.erased_events > 0

export const signOffOf = (one: Settled, fee: number, postage: number, note: string): SignOff => ({
  fee_dong: fee,
  postage_dong: postage,
  expected_cash_dong: one.cash_dong,
  note,
  corrects: lastOf(one)?.number ?? null,
})
