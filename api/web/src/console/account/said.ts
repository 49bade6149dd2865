import { AskError } from '../../shared/asking'
import { language } from '../../shared/i18n/language.svelte'
import type { words } from '../words'

/** What went wrong, line by line, in the language of the page. */
export function said(error: unknown, w: ReturnType<typeof words>): string[] {
  if (!(error instanceof AskError)) return [String(error)]
  if (error.status === 0) return [w.offline]
  if (error.said.length === 0) return [w.status(String(error.status))]
  return error.said.map((one) => (language.code === 'vi' ? one.message_vi : one.message_en))
}
