import { dong, duration, number } from '../../shared/format'
import type { Language } from '../../shared/i18n/language.svelte'

/** Rules whose amount is time. */
const SECONDS = new Set([
  'timeline',
  'time_windows',
  'depot_hours',
  'shift',
  'breaks',
  'release',
  'latest_return',
  'ride_time',
  'max_duration',
])

/** By how much a rule is broken; null = there is nothing to measure. Room is in pieces, grams or đồng: the words say which. */
export function amountOf(constraint: string, amount: number, language: Language): string | null {
  if (amount === 0) return null
  if (SECONDS.has(constraint)) return duration(Math.ceil(amount / 60) * 60, language)
  if (constraint === 'cost') return dong(amount, language)
  if (constraint === 'max_distance') return `${number(amount, language)} m`
  return constraint === 'capacity' ? number(amount, language) : null
}
