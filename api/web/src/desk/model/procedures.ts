/** Procedures found by words in any order, with or without diacritics, or by their code. */

import type { NetworkRow } from '../../shared/api.gen'
import { fold } from '../../shared/fold'

export interface Procedure {
  code: string
  title: string
  /** Kind of the agency that decides; empty = not said. */
  agencyKind: string
  postal: boolean
  /** Who may be handed the result. */
  policy: string
  folded: string
}

export function proceduresOf(rows: readonly NetworkRow[]): Procedure[] {
  return rows.map(({ cells }) => {
    const [code, title] = [String(cells['procedure_code']), String(cells['title'])]
    return {
      code,
      title,
      agencyKind: String(cells['agency_kind'] ?? ''),
      postal: cells['postal'] === 'yes',
      policy: String(cells['recipient_policy'] ?? 'self'),
      folded: fold(`${code} ${title}`),
    }
  })
}

/** The first few that hold every word; those that begin with the text come first. */
export function findProcedures(all: readonly Procedure[], text: string, most: number): Procedure[] {
  const asked = fold(text)
  if (!asked) return []
  const words = asked.split(' ')
  const found = all.filter((one) => words.every((word) => one.folded.includes(word)))
  const rank = (one: Procedure): number => (one.folded.includes(asked) ? 0 : 1)
  return found.sort((a, b) => rank(a) - rank(b) || a.title.length - b.title.length).slice(0, most)
}
