/** Procedures of the network in force, as a desk looks for them. */

import type { NetworkRow } from '../../shared/api.gen'
import { folded } from '../../device/procedures'

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
      folded: folded(code, title),
    }
  })
}

export { findProcedures } from '../../device/procedures'
