/** Procedures found by words in any order, with or without diacritics, or by their code. */

import { fold } from '../shared/fold'

export interface Named {
  title: string
  /** Code and title, as `folded` writes them. */
  folded: string
}

export const folded = (code: string, title: string): string => fold(`${code} ${title}`)

/** The first few that hold every word; those that hold the text as it stands come first, short ones before long ones. */
export function findProcedures<T extends Named>(all: readonly T[], text: string, most: number): T[] {
  const asked = fold(text)
  if (!asked) return []
  const words = asked.split(' ')
  const found = all.filter((one) => words.every((word) => one.folded.includes(word)))
  const rank = (one: T): number => (one.folded.includes(asked) ? 0 : 1)
  return found.sort((a, b) => rank(a) - rank(b) || a.title.length - b.title.length).slice(0, most)
}
