/** Moments and days in plain words, in Vietnam's time whatever the phone's zone. */

import type { Language } from '../shared/i18n/language.svelte'

const ZONE = 'Asia/Ho_Chi_Minh'
const NEAR: Record<Language, [string, string, string]> = {
  vi: ['hôm qua', 'hôm nay', 'ngày mai'],
  en: ['yesterday', 'today', 'tomorrow'],
}

/** The local day of a moment, as 2026-11-27. */
export function dayOf(moment: Date): string {
  return moment.toLocaleDateString('sv-SE', { timeZone: ZONE })
}

export function clock(iso: string): string {
  return new Date(iso).toLocaleTimeString('vi-VN', { timeZone: ZONE, hour: '2-digit', minute: '2-digit' })
}

/** `hôm nay, 27/11/2026`, or `thứ Hai, 30/11/2026`. */
export function dayWords(day: string, language: Language, now: Date): string {
  const date = day.split('-').reverse().join('/')
  const near = NEAR[language][daysUntil(day, now) + 1]
  return `${near ?? weekday(day, language)}, ${date}`
}

/** `15:00, hôm nay, 27/11/2026`. */
export function momentWords(iso: string, language: Language, now: Date): string {
  return `${clock(iso)}, ${dayWords(dayOf(new Date(iso)), language, now)}`
}

/** Calendar days from today until a day; negative when it is past. */
export function daysUntil(day: string, now: Date): number {
  return Math.round((Date.parse(day) - Date.parse(dayOf(now))) / 86_400_000)
}

function weekday(day: string, language: Language): string {
  const name = new Date(`${day}T12:00:00Z`).toLocaleDateString(language === 'vi' ? 'vi-VN' : 'en-GB', {
    weekday: 'long',
    timeZone: 'UTC',
  })
  return language === 'vi' ? name.replace('Thứ', 'thứ').replace('Chủ', 'chủ') : name
}
