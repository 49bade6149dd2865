import type { PlanFigures } from '../../shared/api.gen'
import { dong, duration, kilometres, number } from '../../shared/format'
import type { Language } from '../../shared/i18n/language.svelte'

export type FigureName = keyof PlanFigures
export type Verdict = 'better' | 'worse' | 'same'

/** In the order in which a dispatcher asks: who is late, what stays, what it takes. */
export const FIGURES: readonly FigureName[] = [
  'must_go_unassigned',
  'unassigned',
  'carried',
  'couriers',
  'trips',
  'stops',
  'distance',
  'duration',
  'overtime_dong',
  'cost_dong',
]

/** Of what more is better, less is better; trips and stops are neither. */
const MORE: ReadonlySet<FigureName> = new Set<FigureName>(['carried'])
const LESS: ReadonlySet<FigureName> = new Set<FigureName>([
  'must_go_unassigned',
  'unassigned',
  'couriers',
  'distance',
  'duration',
  'overtime_dong',
  'cost_dong',
])

const SHOW: Partial<Record<FigureName, (value: number, language: Language) => string>> = {
  distance: kilometres,
  duration,
  overtime_dong: dong,
  cost_dong: dong,
}

/** What a difference means; null = it is neither good nor bad. */
export function verdict(name: FigureName, difference: number): Verdict | null {
  if (!MORE.has(name) && !LESS.has(name)) return null
  if (difference === 0) return 'same'
  return difference > 0 === MORE.has(name) ? 'better' : 'worse'
}

export function shown(name: FigureName, value: number, language: Language): string {
  return (SHOW[name] ?? number)(value, language)
}

/** With its sign; of nothing 0 alone. */
export function signed(value: number, show: (size: number) => string): string {
  return `${value > 0 ? '+' : value < 0 ? '−' : ''}${show(Math.abs(value))}`
}
