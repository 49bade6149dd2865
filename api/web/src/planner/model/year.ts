/** Figures of a year before and after. */

import type { YearFigures } from '../../shared/api.gen'

export interface Figure {
  key: FigureKey
  before: number
  after: number
  decimals: number
  /** Less is better: true; more is better: false; null = neither. */
  lessIsBetter: boolean | null
}

export type FigureKey =
  | 'total_dong'
  | 'dong'
  | 'fixed_dong'
  | 'postage_dong'
  | 'km'
  | 'courier_days'
  | 'hours'
  | 'most_couriers'
  | 'dossiers'
  | 'results'
  | 'early'
  | 'on_the_day'
  | 'late'
  | 'unserved'

const SHARES: readonly FigureKey[] = ['early', 'on_the_day', 'late']
const BETTER: Partial<Record<FigureKey, boolean>> = {
  total_dong: true,
  dong: true,
  fixed_dong: true,
  km: true,
  courier_days: true,
  hours: true,
  postage_dong: false,
  dossiers: false,
  late: true,
  unserved: true,
}
const KEYS: readonly FigureKey[] = [
  'total_dong', 'dong', 'fixed_dong', 'postage_dong', 'km', 'courier_days', 'hours', 'most_couriers', 'dossiers',
  'results', 'early', 'on_the_day', 'late', 'unserved',
] // prettier-ignore

/** Fewer demands have no 5th and 95th percentile: the least and the most of them are told. */
export const FEW_DRAWS = 20

export const totalOf = (year: YearFigures): number => year.dong + year.fixed_dong

/** Money in millions, shares in percent, both with one decimal. */
export function scaleOf(key: FigureKey): { scale: number; decimals: number } {
  if (key.endsWith('dong')) return { scale: 1e-6, decimals: 1 }
  return SHARES.includes(key) ? { scale: 100, decimals: 1 } : { scale: 1, decimals: 0 }
}

export function figuresOf(before: YearFigures, after: YearFigures): Figure[] {
  return KEYS.map((key) => {
    const { scale, decimals } = scaleOf(key)
    const value = (year: YearFigures): number => (key === 'total_dong' ? totalOf(year) : year[key]) * scale
    return { key, before: value(before), after: value(after), decimals, lessIsBetter: BETTER[key] ?? null }
  })
}

/** Whether a change is for the better; null = it is neither, or too small to be seen. */
export function verdict({ before, after, decimals, lessIsBetter }: Figure): 'good' | 'bad' | null {
  const change = Number((after - before).toFixed(decimals))
  if (change === 0 || lessIsBetter === null) return null
  return change < 0 === lessIsBetter ? 'good' : 'bad'
}
