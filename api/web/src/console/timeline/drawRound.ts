/** Draws one round of the timeline: what the courier does, and when the stops could be served. */

import type { Bar, Lane, Mark } from './lanes'
import { ROUND_HEIGHT, WINDOW_HEIGHT, type Row } from './layout'
import { BAD, block, dashes, flag, hatch, INK, INK_2, PAPER, padlock, text, warning, type Pen } from './pens'

export type RoundRow = Extract<Row, { kind: 'round' }>

/** What of the timeline is on the screen, and how to get there. */
export interface View {
  /** Pixels of a time on the screen. */
  x: (time: number) => number
  width: number
  height: number
}

/** What somebody points at or has chosen, of one round. */
export interface Looked {
  chosen: boolean
  hovered: boolean
  /** Number of the stop that is chosen, and of the one under the pointer or the cursor. */
  stop: number | null
  looked: number | null
  /** Numbers of the stops with marked shipments. */
  marked: ReadonlySet<number>
}

const BAR_TOP = 9
const BAR_HEIGHT = 18
const LEAST_WIDTH = 4
const NUMBER_FROM = 15
const WINDOW = '#1b6e3c'
const SLACK = '#0b5a9a'

export function drawRound(pen: Pen, row: RoundRow, top: number, view: View, looked: Looked): void {
  ground(pen, row, top, view, looked)
  for (const bar of row.lane.bars) if (bar.doing !== 'service') drawBar(pen, bar, top, view, row.lane)
  const shown = row.lane.marks.find((mark) => mark.number === (looked.looked ?? looked.stop))
  if (shown) windowsOf(pen, shown, top, view)
  for (const mark of row.lane.marks) drawMark(pen, mark, top, view, looked)
  if (looked.chosen) for (const mark of row.lane.marks) slack(pen, mark, top, view)
  else if (shown) slack(pen, shown, top, view)
  limits(pen, row.lane, top, view)
  row.windowRows.forEach((one, index) => {
    const y = top + ROUND_HEIGHT + 2 + index * WINDOW_HEIGHT
    for (const span of one.windows) line(pen, view.x(span.from), view.x(span.to), y + 3, WINDOW, 3)
    for (const mark of one.marks) {
      pen.fillStyle = mark.late > 0 ? BAD : INK
      pen.fillRect(view.x(mark.starts) - 1.5, y - 1, 3, 8)
    }
  })
}

/** Outside of the shift the ground is hatched. */
function ground(pen: Pen, row: RoundRow, top: number, view: View, looked: Looked): void {
  pen.fillStyle = looked.chosen ? '#eaf3fb' : looked.hovered ? '#f3f8fc' : PAPER
  pen.fillRect(0, top, view.width, row.height - 1)
  pen.fillStyle = '#e6eaee'
  pen.fillRect(0, top + row.height - 1, view.width, 1)
  const shift = row.lane.shift
  if (!shift) return
  const [from, to] = [Math.max(0, view.x(shift.from)), Math.min(view.width, view.x(shift.to))]
  hatch(pen, { x: 0, y: top, width: from, height: row.height - 1 }, '#d5dbe1', 7)
  hatch(pen, { x: to, y: top, width: view.width - to, height: row.height - 1 }, '#d5dbe1', 7)
}

function drawBar(pen: Pen, bar: Bar, top: number, view: View, lane: Lane): void {
  const [from, to] = [view.x(bar.from), view.x(bar.to)]
  if (to < 0 || from > view.width) return
  const box = { x: from, y: top + BAR_TOP, width: to - from, height: BAR_HEIGHT }
  const middle = top + BAR_TOP + BAR_HEIGHT / 2
  if (bar.doing === 'travel') return line(pen, from, to, middle, lane.round.color, 3)
  if (bar.doing === 'wait') {
    pen.setLineDash([2, 3])
    line(pen, from, to, middle, INK_2, 2)
    pen.setLineDash([])
    return
  }
  if (bar.doing === 'break') {
    pen.fillStyle = '#e3e8ed'
    pen.fillRect(box.x, box.y + 3, box.width, box.height - 6)
    dots(pen, from, to, middle)
    return
  }
  hatch(pen, { ...box, y: box.y + 3, height: box.height - 6 }, INK_2, 5)
  pen.strokeStyle = INK_2
  pen.lineWidth = 1
  pen.strokeRect(box.x + 0.5, box.y + 3.5, box.width - 1, box.height - 7)
}

function drawMark(pen: Pen, mark: Mark, top: number, view: View, looked: Looked): void {
  const from = view.x(mark.starts)
  const width = Math.max(LEAST_WIDTH, view.x(mark.leaves) - from - 1)
  if (from + width < 0 || from > view.width) return
  const box = { x: from, y: top + BAR_TOP, width, height: BAR_HEIGHT }
  pen.fillStyle = mark.paint.color
  block(pen, box, mark.paint.form)
  pen.fill()
  if (mark.number === looked.stop || looked.marked.has(mark.number) || mark.number === looked.looked) {
    pen.strokeStyle = INK
    pen.lineWidth = mark.number === looked.stop ? 3 : 2
    pen.setLineDash(looked.marked.has(mark.number) && mark.number !== looked.stop ? [2, 2] : [])
    pen.strokeRect(box.x - 2, box.y - 2, box.width + 4, box.height + 4)
    pen.setLineDash([])
  }
  if (width >= NUMBER_FROM) {
    pen.textAlign = 'center'
    text(pen, String(mark.number), from + width / 2, box.y + 13, PAPER, 11, 600)
    pen.textAlign = 'left'
  }
  const middle = from + width / 2
  if (mark.late > 0) warning(pen, middle, top)
  else if (mark.stop.locked) padlock(pen, middle, top)
}

/** From the begin of the service to its latest begin; a stroke at the end. */
function slack(pen: Pen, mark: Mark, top: number, view: View): void {
  const y = top + BAR_TOP + BAR_HEIGHT + 4
  const [from, to] = [view.x(mark.starts), Math.min(view.width + 4, view.x(mark.latest))]
  line(pen, from, to, y, SLACK, 1.5)
  line(pen, to - 0.75, to + 0.75, y, SLACK, 7)
}

/** When the stop that is looked at could be served: brackets behind the round. */
function windowsOf(pen: Pen, mark: Mark, top: number, view: View): void {
  for (const span of mark.windows) {
    const [from, to] = [Math.max(-2, view.x(span.from)), Math.min(view.width + 2, view.x(span.to))]
    if (to <= from) continue
    pen.fillStyle = 'rgb(27 110 60 / 14%)'
    pen.fillRect(from, top + 2, to - from, ROUND_HEIGHT - 5)
    pen.strokeStyle = WINDOW
    pen.lineWidth = 1.5
    pen.strokeRect(from, top + 2.5, to - from, ROUND_HEIGHT - 6)
  }
}

/** Ends of the shift, hand-ins that the trips must be back for, and what breaks them. */
function limits(pen: Pen, lane: Lane, top: number, view: View): void {
  if (lane.shift) {
    dashes(pen, view.x(lane.shift.from), top + 2, top + ROUND_HEIGHT - 2, INK_2)
    dashes(pen, view.x(lane.shift.to), top + 2, top + ROUND_HEIGHT - 2, INK_2)
  }
  for (const trip of lane.trips) {
    const missed = trip.backBy !== null && trip.to > trip.backBy
    if (trip.backBy !== null)
      flag(pen, view.x(trip.backBy), top + 1, top + ROUND_HEIGHT - 2, missed ? BAD : INK)
    if (missed || (lane.shift && trip.to > lane.shift.to)) warning(pen, view.x(trip.to) + 8, top + 3)
    house(pen, view.x(trip.from), top)
    house(pen, view.x(trip.to), top)
  }
}

/** The base, where a trip begins and ends. */
function house(pen: Pen, x: number, top: number): void {
  pen.fillStyle = INK
  pen.fillRect(x - 1.5, top + BAR_TOP + 2, 3, BAR_HEIGHT - 4)
}

function dots(pen: Pen, from: number, to: number, y: number): void {
  pen.fillStyle = INK_2
  for (let x = Math.ceil(from / 6) * 6 + 3; x < to - 1; x += 6) pen.fillRect(x - 1, y - 1, 2, 2)
}

function line(pen: Pen, from: number, to: number, y: number, color: string, width: number): void {
  pen.strokeStyle = color
  pen.lineWidth = width
  pen.beginPath()
  pen.moveTo(from, y)
  pen.lineTo(to, y)
  pen.stroke()
}
