import type { Language } from '../../shared/i18n/language.svelte'

/** Hour and day, in this computer's zone, which is the dispatcher's. */
export function moment(iso: string, language: Language): string {
  return new Intl.DateTimeFormat(language === 'vi' ? 'vi-VN' : 'en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    day: '2-digit',
    month: '2-digit',
  }).format(new Date(iso))
}
