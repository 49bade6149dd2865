/** Rows that the service did not take: shown, put right in the table and sent again. */

import type { ImportReport, Notice } from '../../shared/api.gen'

/** In the order of the shipments file. */
export const COLUMNS = [
  'code',
  'kind',
  'procedure_code',
  'origin_site',
  'origin_lon',
  'origin_lat',
  'origin_address',
  'origin_commune',
  'dest_site',
  'dest_lon',
  'dest_lat',
  'dest_address',
  'dest_commune',
  'at_site',
  'ready_at',
  'appointment_on',
  'due_on',
  'pieces',
  'grams',
  'fee_dong',
  'postage_dong',
  'windows',
  'id_check',
  'contact_name',
  'contact_phone',
  'priority',
  'note',
] as const

export type Cells = Record<string, string>

export interface BadRow {
  /** Of the page; a row keeps it however often it is sent. */
  key: string
  file: string
  /** As the file counts it. */
  row: number
  /** As they stand in the table now. */
  cells: Cells
  /** As they were sent last. */
  sent: Cells
  errors: Notice[]
}

/** The rows that a file's report names; `key` makes them unlike those of any other file. */
export function badRows(report: ImportReport, file: string, key: string): BadRow[] {
  const cells = new Map(report.bad_rows.map((one) => [one.row, one.cells]))
  return [...errorsByRow(report.errors)].map(([row, errors]) => {
    const sent = cells.get(row) ?? {}
    return { key: `${key}.${row}`, file, row, cells: { ...sent }, sent, errors }
  })
}

/** What is wrong with the file as a whole: then none of its rows was read. */
export const fileErrors = (report: ImportReport): Notice[] => report.errors.filter((one) => one.row === null)

/**
 * What is left after some rows were sent again: those that were not, and those that still cannot be used, with the new
 * reasons. What somebody typed meanwhile stays.
 */
export function afterwards(rows: readonly BadRow[], sent: readonly BadRow[], report: ImportReport): BadRow[] {
  const found = errorsByRow(report.errors)
  const places = new Map(sent.map((one, index) => [one.key, index]))
  return rows.flatMap((row) => {
    const index = places.get(row.key)
    if (index === undefined) return row
    const errors = found.get(index + 1) // rows of a JSON list are counted from 1
    return errors ? { ...row, sent: { ...sent[index]?.cells }, errors } : []
  })
}

export function isEdited(row: BadRow): boolean {
  const names = new Set([...Object.keys(row.cells), ...Object.keys(row.sent)])
  return [...names].some((name) => (row.cells[name] ?? '') !== (row.sent[name] ?? ''))
}

/** A row with an earlier row's code would change that one's shipment: it is not sent before its code is another. */
export function keepsTakenCode(row: BadRow): boolean {
  return row.errors.some((one) => one.code === 'duplicate') && row.cells['code'] === row.sent['code']
}

export const isReady = (row: BadRow): boolean => isEdited(row) && !keepsTakenCode(row)

/** Rows as a file that the import takes; empty cells are left out. */
export function asFile(rows: readonly BadRow[], name: string): File {
  const shipments = rows.map(({ cells }) =>
    Object.fromEntries(Object.entries(cells).filter(([, cell]) => cell.trim() !== '')),
  )
  return new File([JSON.stringify({ shipments })], `${name}.json`, { type: 'application/json' })
}

/** What the table shows: code and kind, what is wrong anywhere, and what stands in no column of ours; or everything. */
export function columnsOf(rows: readonly BadRow[], all: boolean): string[] {
  const wrong = new Set(rows.flatMap((row) => row.errors.map((one) => one.column)))
  const strange = rows.flatMap((row) => Object.keys(row.sent)).filter((name) => !isKnown(name))
  const shown = COLUMNS.filter((name) => all || name === 'code' || name === 'kind' || wrong.has(name))
  return [...shown, ...new Set(strange)]
}

const isKnown = (name: string): boolean => (COLUMNS as readonly string[]).includes(name)

function errorsByRow(errors: readonly Notice[]): Map<number, Notice[]> {
  const found = new Map<number, Notice[]>()
  for (const one of errors) if (one.row !== null) found.set(one.row, [...(found.get(one.row) ?? []), one])
  return found
}
