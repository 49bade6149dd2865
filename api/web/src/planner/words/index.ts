import { language } from '../../shared/i18n/language.svelte'
import { en } from './en'
import { vi, type PlannerWords } from './vi'

const DICTIONARIES = { vi, en }

/** Of the page's language; reading them inside a component follows later changes. */
export function words(): PlannerWords {
  return DICTIONARIES[language.code]
}
