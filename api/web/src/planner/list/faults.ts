/** What is wrong with a form before it is sent, in the language of the page. */

import { words } from '../words'
import { codesOf, pairsOf, shareOf, type Chosen } from './asked'

export type Field = Exclude<keyof Chosen, 'quick' | 'settings'>
export type Faults = Partial<Record<Field, string>>

const CODE = /^[A-Za-z0-9._-]+$/
/** One agency or `*` for all others, and perhaps one quarter of it. */
const AIM = /^(\*|[A-Za-z0-9._-]+)(\/\d{4}-Q[1-4])?$/
/** Millions of đồng: a thousand billion. */
const MOST_SPENT = 1_000_000

export function faultsOf(chosen: Chosen): Faults {
  const w = words().faults
  const found: Faults = {}
  if (chosen.title.trim() === '') found.title = w.title
  if (!/^\d{4}-\d\d-\d\d$/.test(chosen.day)) found.day = w.day
  if (!chosen.quick && !isWhole(chosen.draws, 0, 200)) found.draws = w.whole(0, 200)
  if (chosen.online && !isWhole(chosen.onlinePercent, 1, 100)) found.onlinePercent = w.whole(1, 100)
  if (chosen.budget && !isWhole(chosen.k, 1, 999)) found.k = w.whole(1, 999)
  if (chosen.spend && !isBetween(chosen.spendMillions, 0.001, MOST_SPENT)) found.spendMillions = w.above
  if (chosen.fuel && !isBetween(chosen.fuelFactor, 0.1, 10)) found.fuelFactor = w.factor
  if (chosen.courier && !CODE.test(chosen.base.trim())) found.base = w.base
  if (chosen.merge && !CODE.test(chosen.mergeBase.trim())) found.mergeBase = w.base
  if (chosen.merge) put(found, 'communes', communesFault(chosen.communes))
  if (chosen.desks) put(found, 'moves', movesFault(chosen.moves))
  if (chosen.targets) put(found, 'shares', sharesFault(chosen.shares))
  return found
}

function communesFault(text: string): string | null {
  const w = words().faults
  const codes = codesOf(text)
  if (codes.length === 0) return w.communes
  const odd = codes.find((code) => !/^\d{5}$/.test(code))
  return odd === undefined ? null : w.commune(odd)
}

function movesFault(text: string): string | null {
  const w = words().faults
  const pairs = pairsOf(text)
  if (pairs.length === 0) return w.moves
  const odd = pairs.find(({ left, right }) => !CODE.test(left) || !CODE.test(right))
  if (odd) return w.move(odd.line)
  const twice = pairs.find(({ left }, at) => pairs.findIndex((one) => one.left === left) < at)
  return twice ? w.twice(twice.line, twice.left) : null
}

function sharesFault(text: string): string | null {
  const w = words().faults
  const pairs = pairsOf(text)
  if (pairs.length === 0) return w.shares
  const odd = pairs.find(({ left, right }) => !AIM.test(left) || !isShare(right))
  if (odd) return w.share(odd.line)
  const twice = pairs.find(({ left }, at) => pairs.findIndex((one) => one.left === left) < at)
  return twice ? w.twice(twice.line, twice.left) : null
}

function put(faults: Faults, field: Field, fault: string | null): void {
  if (fault !== null) faults[field] = fault
}

function isShare(text: string): boolean {
  return isBetween(shareOf(text), 0, 1)
}

function isBetween(value: number | null, low: number, high: number): boolean {
  return value !== null && value >= low && value <= high
}

function isWhole(value: number | null, low: number, high: number): boolean {
  return Number.isInteger(value) && isBetween(value, low, high)
}
