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
  folded: string
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
  return lane.marks.map((mark) =>
    folded({
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
    }),
  )
}

function leftRow(one: UnassignedShipment, look: Lookup, words: TableWords): TableRow {
  const facts = look.shipments.get(one.shipment)
  return folded({
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
  })
}

function kindsOf(codes: readonly string[], look: Lookup, words: TableWords): string {
  const kinds = new Set(codes.map((code) => look.shipments.get(code)?.kind ?? ''))
  return [...kinds].map((kind) => words.kind[kind] ?? kind).join(', ')
}

function folded(row: Omit<TableRow, 'folded'>): TableRow {
  return { ...row, folded: fold([row.round, row.place, row.kinds, ...row.shipments].join(' ')) }
}

/** Rows in which every word of the query occurs. */
export function filtered(rows: readonly TableRow[], query: string): TableRow[] {
  const asked = fold(query).split(' ').filter(Boolean)
  return rows.filter((row) => asked.every((word) => row.folded.includes(word)))
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
  const key = KEYS[column]
  const compare = new Intl.Collator(locale, { numeric: true }).compare
  return rows.toSorted((one, other) => {
    const [a, b] = [key(one), key(other)]
    if (a === null || b === null) return Number(a === null) - Number(b === null)
    const order = typeof a === 'number' ? a - Number(b) : compare(a, String(b))
    return down ? -order : order
  })
}
