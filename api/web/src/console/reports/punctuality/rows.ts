/** The lines of a table of punctuality: what they are called, and which are looked for. */

import type { Punctuality, PunctualityReport, Standing } from '../../../shared/api.gen'
import { fold } from '../../../shared/fold'
import type { ReportWords } from '../../words/reports.vi'

export interface Row {
  /** Of the group; null = it has none. */
  code: string | null
  name: string
  counts: Punctuality
}

/** Counts that are shown in columns, each of which opens its shipments. */
export const COUNTS: readonly Standing[] = [
  'total',
  'early',
  'on_the_day',
  'late',
  'open',
  'overdue',
  'returned',
]

/** The stretches of a bar: together they are the total. */
export const STRETCHES = ['early', 'on_the_day', 'late', 'open', 'returned'] as const

type Words = ReportWords['punctuality']

export function nameOf({ by }: Pick<PunctualityReport, 'by'>, one: Punctuality, w: Words): string {
  if (one.group === null) return by === 'commune' ? w.noCommune : w.noAgency
  if (by === 'leg') return w.legs[one.group] ?? one.group
  return one.name ?? one.group
}

export const rowsOf = (report: PunctualityReport, w: Words): Row[] =>
  report.groups.map((counts) => ({ code: counts.group, name: nameOf(report, counts, w), counts }))

/** By name or code, without regard to marks. */
export function matching<T extends { name: string; code: string | null }>(
  rows: readonly T[],
  text: string,
): T[] {
  const wanted = fold(text).split(' ')
  return rows.filter((row) => {
    const said = fold(`${row.name} ${row.code ?? ''}`)
    return wanted.every((word) => said.includes(word))
  })
}
