/** How figures are written on this page. */

import { number } from '../shared/format'
import { language } from '../shared/i18n/language.svelte'
import { words } from './words'

export const count = (value: number, decimals = 0): string => number(value, language.code, decimals)

export function signed(value: number, decimals = 0): string {
  const shown = Number(value.toFixed(decimals)) + 0
  return `${shown > 0 ? '+' : ''}${count(shown, decimals)}`.replace('-', '−')
}

/** Millions of đồng, one decimal, without the unit. */
export const millions = (dong: number): string => signed(dong / 1e6, 1)

/** "9,12 tỷ đ", "96,0 triệu đ". */
export function money(dong: number): string {
  const w = words()
  return Math.abs(dong) >= 1e9
    ? `${count(dong / 1e9, 2)} ${w.billion}`
    : `${count(dong / 1e6, 1)} ${w.million}`
}

export const said = (both: { vi: string; en: string }): string => both[language.code]
