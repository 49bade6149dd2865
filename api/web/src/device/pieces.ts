/** Which pieces an outcome is asked for, and which it still lacks, by the table of the province. */

import type { EvidenceTable } from '../shared/api.gen'

export type Pieces = Record<string, unknown>

/** One line of the signed list of papers, as api/custody/events.py wants it. */
export interface Document {
  name: string
  kind: 'original' | 'copy'
  count: number
}

/** Filled in by the page itself. */
const OWN = new Set([
  'party', 'courier_id', 'scanned', 'site_id', 'run_id', 'nothing_paid', 'replaces', 'who', 'correction',
]) // prettier-ignore
/** Whole numbers. */
export const NUMBERS = new Set(['count', 'fee_dong', 'postage_dong', 'cash_dong'])
/** Words that stand in the chain for ever: letters, digits and `. _ / -`. */
export const CODES = new Set(['seal', 'receipt_no', 'slip_no', 'notice_no', 'manifest_no'])
const OFFLINE = 'offline'

export const ID_KINDS = ['identity_card', 'vneid', 'passport', 'staff_card', 'other'] as const

export interface Circumstances {
  reason?: string | undefined
  offline: boolean
  /** It stands in for an event that the server has taken in. */
  replaces?: boolean
  /** Of a dossier whose papers stay with the citizen. */
  scansOnly?: boolean
}

/** The lines of the table for an event; `a|b` = one of them. */
export function needsOf(table: EvidenceTable, type: string, about: Circumstances): string[] {
  if (about.scansOnly) return [...needsOfScans(table), ...(about.replaces ? ['why'] : [])]
  const besides = type === 'ATTEMPT' && about.reason ? (table.reasons[about.reason] ?? []) : []
  const without = about.offline ? (table[OFFLINE][type] ?? []) : []
  const why = about.replaces ? ['why'] : []
  return [...new Set([...(table.outcomes[type] ?? []), ...besides, ...without, ...why])]
}

/** Scans go to the agency, and the papers stay with the citizen; a scan is a photograph of them. */
export const needsOfScans = ({ scans_only }: EvidenceTable): string[] =>
  scans_only.map((need) => (need === 'scan' ? 'photo' : need))

/** The pieces of some lines, in the order of the table, without those that the page fills in. */
export function piecesOf(needs: readonly string[]): string[] {
  return [...new Set(needs.flatMap((need) => need.split('|')))].filter((name) => !OWN.has(name))
}

/** Whether a piece has the form that the server takes; what is not there has none. */
export function isGiven(name: string, value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false
  if (NUMBERS.has(name)) return Number.isSafeInteger(value) && (value as number) >= 0
  if (CODES.has(name)) return /^[A-Za-z0-9._/-]{1,64}$/u.test(String(value))
  if (name === 'id_digits') return /^[0-9A-Z]{3,4}$/u.test(String(value))
  if (name === 'pin_sealed') return /^\d{6}$/u.test(String(value))
  if (name === 'documents') return isList(value as Document[])
  if (Array.isArray(value)) return value.length > 0
  return true
}

/** Lines that nothing right was given for; also what was begun and is not right. */
export function missing(needs: readonly string[], given: Pieces): string[] {
  const nothingPaid = given['fee_dong'] === 0 && given['postage_dong'] === 0
  const has = (name: string): boolean =>
    name === 'nothing_paid' ? nothingPaid : OWN.has(name) || isGiven(name, given[name])
  const wrong = Object.keys(given).filter(
    (name) =>
      given[name] !== undefined && given[name] !== '' && given[name] !== null && !isGiven(name, given[name]),
  )
  const lacks = needs.filter((need) => !need.split('|').some(has))
  return [
    ...new Set([...lacks, ...wrong.filter((name) => !lacks.some((need) => need.split('|').includes(name)))]),
  ]
}

function isList(lines: readonly Document[]): boolean {
  const isLine = ({ name, count }: Document): boolean =>
    name.trim() !== '' && Number.isSafeInteger(count) && count >= 1 && count <= 10_000
  return lines.length > 0 && lines.every(isLine)
}
