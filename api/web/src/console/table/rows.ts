/** Every stop as a row of a table, and every shipment that has none. */

import type { UnassignedShipment } from '../../shared/api.gen'
import { fold } from '../../shared/fold'
import type { Lookup } from '../model/lookup'
import type { Paint, Form } from '../model/paint'
import { endName } from '../model/unassigned'
import { spansText } from '../timeline/telling'
import type { Lane } from '../timeline/lanes'

export const COLUMNS = [
  'round',
  'trip',
  'number',
  'place',
  'arrives',
  'window',
  'slack',
  'shipments',
  'kinds',
  'locked',
] as const
export type Column = (typeof COLUMNS)[number]

/** Height of a row, pixels. */
export const ROW = 36

export interface TableRow {
  key: string
  /** Null = no round carries it. */
  roundId: string | null
  round: string
  color: string
  form: Form
  /** From 1. */
  trip: number | null
  number: number | null
  place: string
  /** Seconds after midnight. */
  arrives: number | null
  /** Begin of its first window; 0 = any time. */
  opens: number
  window: string
  slack: number | null
  late: boolean
  shipments: string[]
  kinds: string
  locked: boolean
  mustGo: boolean
}

/** What the table says in words. */
export interface TableWords {
  kind: Record<string, string>
  unassigned: string
  anyTime: string
}

const LEFT: Paint = { color: '#ffffff', form: 'disc' }

export function tableRows(
  lanes: readonly Lane[],
  left: readonly UnassignedShipment[],
  look: Lookup,
  words: TableWords,
): TableRow[] {
  return [
    ...lanes.flatMap((lane) => stopRows(lane, look, words)),
    ...left.map((one) => leftRow(one, look, words)),
  ]
}

function stopRows(lane: Lane, look: Lookup, words: TableWords): TableRow[] {
  const { round } = lane
  return lane.marks.map((mark) => ({
    key: `${round.id} ${mark.number}`,
    roundId: round.id,
    round: round.name,
    color: mark.paint.color,
    form: mark.paint.form,
    trip: mark.trip + 1,
    number: mark.number,
    place: mark.name,
    arrives: mark.arrives,
    opens: mark.windows[0]?.from ?? 0,
    window: mark.windows.length > 0 ? spansText(mark.windows) : words.anyTime,
    slack: mark.stop.slack,
    late: mark.late > 0,
    shipments: mark.stop.tasks.map((task) => task.shipment),
    kinds: kindsOf(
      mark.stop.tasks.map((task) => task.shipment),
      look,
      words,
    ),
    locked: mark.stop.locked,
    mustGo: false,
  }))
}

function leftRow(one: UnassignedShipment, look: Lookup, words: TableWords): TableRow {
  const facts = look.shipments.get(one.shipment)
  return {
    key: one.shipment,
    roundId: null,
    round: words.unassigned,
    color: LEFT.color,
    form: LEFT.form,
    trip: null,
    number: null,
    place: endName(facts?.kind === 'intake' ? facts.origin : facts?.destination, look),
    arrives: null,
    opens: 0,
    window: '–',
    slack: null,
    late: false,
    shipments: [one.shipment],
    kinds: kindsOf([one.shipment], look, words),
    locked: false,
    mustGo: one.must_go,
  }
}

function kindsOf(codes: readonly string[], look: Lookup, words: TableWords): string {
  const kinds = new Set(codes.map((code) => look.shipments.get(code)?.kind ?? ''))
  return [...kinds].map((kind) => words.kind[kind] ?? kind).join(', ')
}

/** What a row is found by; made when somebody filters for the first time. */
const folds = new WeakMap<TableRow, string>()

function foldOf(row: TableRow): string {
  const found = folds.get(row) ?? fold([row.round, row.place, row.kinds, ...row.shipments].join(' '))
  folds.set(row, found)
  return found
}

/** Rows in which every word of the query occurs. */
export function filtered(rows: readonly TableRow[], query: string): readonly TableRow[] {
  const asked = fold(query).split(' ').filter(Boolean)
  return asked.length === 0 ? rows : rows.filter((row) => asked.every((word) => foldOf(row).includes(word)))
}

const KEYS: Record<Column, (row: TableRow) => string | number | null> = {
  round: (row) => row.round,
  trip: (row) => row.trip,
  number: (row) => row.number,
  place: (row) => row.place,
  arrives: (row) => row.arrives,
  window: (row) => (row.roundId === null ? null : row.opens),
  slack: (row) => row.slack,
  shipments: (row) => row.shipments.length,
  kinds: (row) => row.kinds,
  locked: (row) => (row.locked ? 0 : 1),
}

export interface Sorting {
  column: Column
  down: boolean
}

/** Rows without a value come last, whichever way; equals stay in their order. */
export function sorted(rows: readonly TableRow[], { column, down }: Sorting, locale: string): TableRow[] {
  const values = rows.map(KEYS[column])
  const rank = ranks(values, locale)
  const placed = rows.map((row, index) => {
    const value = values[index] ?? null
    return { row, at: typeof value === 'string' ? (rank.get(value) ?? 0) : value }
  })
  placed.sort(({ at: a }, { at: b }) => {
    if (a === null || b === null) return Number(a === null) - Number(b === null)
    return down ? b - a : a - b
  })
  return placed.map(({ row }) => row)
}

/** Each name's place in the alphabet, numbers by their size: names are compared once, not for every pair of rows. */
function ranks(values: readonly (string | number | null)[], locale: string): ReadonlyMap<string, number> {
  const { compare } = new Intl.Collator(locale, { numeric: true })
  const names = [...new Set(values.filter((one) => typeof one === 'string'))].sort(compare)
  let rank = 0
  return new Map(
    names.map((name, index) => {
      if (index > 0 && compare(names[index - 1] as string, name) !== 0) rank += 1
      return [name, rank]
    }),
  )
}
