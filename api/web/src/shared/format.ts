import type { Language } from './i18n/language.svelte'

const LOCALE: Record<Language, string> = { vi: 'vi-VN', en: 'en-GB' }
const HOUR: Record<Language, string> = { vi: 'giờ', en: 'h' }
const WHOLE_HOURS_FROM = 24 * 60
const MINUTE: Record<Language, string> = { vi: 'phút', en: 'min' }

/** To make one takes longer than to format hundreds of numbers. */
const formats = new Map<string, Intl.NumberFormat>()

/** 1234.5 -> "1.234,5" or "1,234.5". */
export function number(value: number, language: Language, decimals = 0): string {
  return formatOf(language, decimals).format(value)
}

function formatOf(language: Language, decimals: number): Intl.NumberFormat {
  const key = `${language} ${decimals}`
  const kept = formats.get(key)
  if (kept) return kept
  const made = new Intl.NumberFormat(LOCALE[language], {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
    useGrouping: true,
  })
  formats.set(key, made)
  return made
}

/** Metres as kilometres, one decimal below 1,000 km. */
export function kilometres(metres: number, language: Language): string {
  return `${number(metres / 1000, language, metres < 1_000_000 ? 1 : 0)} km`
}

/** For lists, where the tenths would only be noise. */
export function wholeKilometres(metres: number, language: Language): string {
  return `${number(metres / 1000, language)} km`
}

export function grams(value: number, language: Language): string {
  return value < 1000 ? `${number(value, language)} g` : `${number(value / 1000, language, 1)} kg`
}

export function dong(value: number, language: Language): string {
  return `${number(value, language)} đ`
}

/** Whole minutes below an hour, "2h05" within a day, whole hours beyond. */
export function duration(seconds: number, language: Language): string {
  const minutes = Math.round(seconds / 60)
  if (minutes >= WHOLE_HOURS_FROM) return `${number(minutes / 60, language)} ${HOUR[language]}`
  if (minutes < 60) return `${minutes} ${MINUTE[language]}`
  return `${Math.floor(minutes / 60)}h${String(minutes % 60).padStart(2, '0')}`
}

export function percent(share: number, language: Language): string {
  return `${number(share * 100, language)}%`
}

/** The clock of the plan's own zone, which is not always the browser's: the text carries it. */
export function clock(iso: string): string {
  return iso.slice(11, 16)
}

/** Seconds between two times. */
export function seconds(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1000
}

/** "Thứ Hai, 23/11/2026" or "Monday, 23 November 2026". */
export function day(isoDate: string, language: Language): string {
  const date = new Date(`${isoDate.slice(0, 10)}T00:00:00Z`)
  const month = language === 'vi' ? '2-digit' : 'short'
  return new Intl.DateTimeFormat(LOCALE[language], {
    weekday: language === 'vi' ? 'long' : 'short',
    day: language === 'vi' ? '2-digit' : 'numeric',
    month,
    year: 'numeric',
    timeZone: 'UTC',
  }).format(date)
}

/** "23/11/2026" or "23 Nov 2026". */
export function shortDay(isoDate: string, language: Language): string {
  const [year, month, date] = isoDate.slice(0, 10).split('-')
  if (language === 'vi') return `${date}/${month}/${year}`
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(new Date(`${isoDate.slice(0, 10)}T00:00:00Z`))
}
