/** The lines of the postal share: what an agency is called, and by what it is sorted. */

import type { AgencyShare } from '../../../shared/api.gen'

export interface Row {
  code: string | null
  name: string
  share: AgencyShare
}

export type Half = 'dossier' | 'result'

/** Of dossiers or results: what went by post, of what, and how that stands to the target. */
export interface Held {
  posted: number
  all: number | null
  percent: number | null
  target: number | null
  gap: number | null
}

export const heldOf = (one: AgencyShare, half: Half): Held =>
  half === 'dossier'
    ? {
        posted: one.posted_dossiers,
        all: one.received,
        percent: one.dossier_percent,
        target: one.dossier_target,
        gap: one.dossier_gap,
      }
    : {
        posted: one.posted_results,
        all: one.returned,
        percent: one.result_percent,
        target: one.result_target,
        gap: one.result_gap,
      }

export const rowsOf = (agencies: readonly AgencyShare[], unnamed: string): Row[] =>
  agencies.map((share) => ({ code: share.site_id, name: share.name ?? share.site_id ?? unnamed, share }))

/** Whether anything went by post, was told or aimed at. */
export const hasFigures = ({ share }: Row): boolean =>
  share.posted_dossiers + share.posted_results + share.months.length + share.targets.length > 0

/** By name, by missing months, or by a half's share or gap: "dossier gap". */
export function valueOf(row: Row, column: string): number | string | null {
  if (column === 'name') return row.name
  if (column === 'missing') return row.share.months_missing.length
  const [half, what] = column.split(' ') as [Half, 'percent' | 'target' | 'gap' | 'posted']
  return heldOf(row.share, half)[what]
}
