/** Which report of which days, and how far it is narrowed: what the address says of the part "reports". */

import type { By, Part } from '../../shared/api.gen'
import { monthOf } from './period'

export type ReportName = 'punctuality' | 'share' | 'settlement'
export type GroupBy = Extract<By, 'agency' | 'commune' | 'leg' | 'month'>

export const REPORTS: readonly ReportName[] = ['punctuality', 'share', 'settlement']
export const GROUPINGS: readonly GroupBy[] = ['agency', 'commune', 'leg', 'month']
const PARTS: readonly Part[] = ['post', 'agency']

export interface Wanted {
  report: ReportName
  first: string
  last: string
  part: Part
  by: GroupBy
  /** Only what is this agency's, or this commune's; '' = what names none, null = all. */
  agency: string | null
  commune: string | null
}

const DAY = /^\d{4}-\d\d-\d\d$/u

/** Days that are not written, or no days, are those of this month. */
export function readWanted(hash: string, today: string): Wanted {
  const found = new URLSearchParams(hash.slice(1))
  const month = monthOf(today)
  const [first, last] = [found.get('from'), found.get('to')]
  const written = first !== null && last !== null && DAY.test(first) && DAY.test(last)
  return {
    report: REPORTS.find((one) => one === found.get('report')) ?? 'punctuality',
    ...(written ? { first, last } : month),
    part: PARTS.find((one) => one === found.get('part')) ?? 'post',
    by: GROUPINGS.find((one) => one === found.get('by')) ?? 'agency',
    agency: found.get('agency'),
    commune: found.get('commune'),
  }
}

export function writtenWanted({
  report,
  first,
  last,
  part,
  by,
  agency,
  commune,
}: Wanted): Record<string, string> {
  const punctuality = report === 'punctuality'
  return {
    report,
    from: first,
    to: last,
    ...(punctuality && { part, by }),
    ...(punctuality && agency !== null && { agency }),
    ...(punctuality && commune !== null && { commune }),
  }
}
