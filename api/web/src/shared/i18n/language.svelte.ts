import { en } from './en'
import { vi, type Dictionary } from './vi'

export type Language = 'vi' | 'en'
export type { Dictionary }

const KEY = 'duongthu.language'
export const DICTIONARIES: Record<Language, Dictionary> = { vi, en }

let current = $state<Language>(stored())

/** The language of the page, and its words. Reading either inside a component follows later changes. */
export const language = {
  get code(): Language {
    return current
  },
  get words(): Dictionary {
    return DICTIONARIES[current]
  },
  choose(chosen: Language): void {
    current = chosen
    try {
      localStorage.setItem(KEY, chosen)
    } catch {
      return // storage may be forbidden: then the choice lasts until the page is closed
    }
  },
}

function stored(): Language {
  try {
    return localStorage.getItem(KEY) === 'en' ? 'en' : 'vi'
  } catch {
    return 'vi'
  }
}
