import type { Trouble } from '../shared/http'
import type { Dictionary } from '../shared/i18n/vi'

export function troubleText(trouble: Trouble, words: Dictionary): string {
  if (trouble.kind === 'answer') return words.trouble.answer(trouble.status)
  return words.trouble[trouble.kind]
}
