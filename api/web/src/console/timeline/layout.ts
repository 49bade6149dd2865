/** Which line of the timeline lies where, pixels from its top. */

import type { LineCall } from '../../shared/api.gen'
import type { BaseGroup } from '../model/rounds'
import type { Lane, Mark, Span } from './lanes'

export const BASE_HEIGHT = 32
export const ROUND_HEIGHT = 36
export const WINDOW_HEIGHT = 10
const MOST_WINDOW_ROWS = 6

/** Windows that several stops share, and those stops. */
export interface WindowRow {
  windows: Span[]
  marks: Mark[]
}

export type Row =
  | { kind: 'base'; id: string; name: string; calls: LineCall[]; top: number; height: number }
  | { kind: 'round'; lane: Lane; windowRows: WindowRow[]; top: number; height: number }

/** Bases with their rounds under them, as in the list; the chosen round is taller, for its windows. */
export function layout(
  groups: readonly BaseGroup[],
  lanes: ReadonlyMap<string, Lane>,
  calls: readonly LineCall[],
  chosenId: string | null,
): Row[] {
  const rows: Row[] = []
  let top = 0
  const add = (row: Row): void => {
    rows.push(row)
    top += row.height
  }
  for (const group of groups) {
    const here = calls.filter((call) => call.site_id === group.baseId)
    add({ kind: 'base', id: group.baseId, name: group.baseName, calls: here, top, height: BASE_HEIGHT })
    for (const round of group.rounds) {
      const found = lanes.get(round.id)
      if (!found) throw new Error(`no lane for ${round.id}`)
      const windowRows = round.id === chosenId ? rowsOfWindows(found.marks) : []
      const more = windowRows.length > 0 ? windowRows.length * WINDOW_HEIGHT + 8 : 0
      add({ kind: 'round', lane: found, windowRows, top, height: ROUND_HEIGHT + more })
    }
  }
  return rows
}

/** One line for each different set of windows, the most frequent first; stops that have none need none. */
export function rowsOfWindows(marks: readonly Mark[]): WindowRow[] {
  const found = new Map<string, WindowRow>()
  for (const mark of marks) {
    if (mark.windows.length === 0) continue
    const key = JSON.stringify(mark.windows)
    const row = found.get(key) ?? { windows: mark.windows, marks: [] }
    row.marks.push(mark)
    found.set(key, row)
  }
  return [...found.values()].sort((a, b) => b.marks.length - a.marks.length).slice(0, MOST_WINDOW_ROWS)
}

export function heightOf(rows: readonly Row[]): number {
  const last = rows.at(-1)
  return last ? last.top + last.height : 0
}

/** Those that touch a span of pixels. */
export function visible(rows: readonly Row[], top: number, bottom: number): Row[] {
  return rows.filter((row) => row.top + row.height > top && row.top < bottom)
}

export function rowAt(rows: readonly Row[], y: number): Row | null {
  return rows.find((row) => y >= row.top && y < row.top + row.height) ?? null
}
