/** Draws what of the timeline is on the screen; called once a frame at the most. */

import type { Spot } from './hitting'
import type { LineCall } from '../../shared/api.gen'
import { drawRound, type Looked, type View } from './drawRound'
import { secondsOf, type Lane } from './lanes'
import { ROUND_HEIGHT, visible, type Row } from './layout'
import { dashes, flag, INK, INK_2, LINE, PAPER, text, type Pen } from './pens'
import { clockOf, ticks, xOf, type Scale } from './scale'

export interface Scene {
  rows: readonly Row[]
  scale: Scale
  day: string
  left: number
  top: number
  width: number
  height: number
  looked: (lane: Lane) => Looked
  /** Where something that is dragged would go. */
  target: Spot | null
}

export const AXIS_HEIGHT = 28

/** Size a canvas for its box and the screen; gives a pen in CSS pixels. */
export function penFor(canvas: HTMLCanvasElement, width: number, height: number): Pen {
  const ratio = window.devicePixelRatio
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)]
  if (canvas.width !== w) canvas.width = w
  if (canvas.height !== h) canvas.height = h
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('this browser cannot draw on a canvas')
  pen.setTransform(ratio, 0, 0, ratio, 0, 0)
  pen.clearRect(0, 0, width, height)
  return pen
}

export function drawAxis(pen: Pen, scale: Scale, left: number, width: number): void {
  pen.fillStyle = '#f3f5f7'
  pen.fillRect(0, 0, width, AXIS_HEIGHT)
  for (const time of ticks(scale).times) {
    const x = xOf(scale, time) - left
    if (x < -40 || x > width + 40) continue
    pen.fillStyle = INK_2
    pen.fillRect(x, AXIS_HEIGHT - 6, 1, 6)
    text(pen, clockOf(time), x + 4, 17, INK, 12)
  }
}

export function drawRows(pen: Pen, scene: Scene): void {
  const view: View = {
    x: (time) => xOf(scene.scale, time) - scene.left,
    width: scene.width,
    height: scene.height,
  }
  const shown = visible(scene.rows, scene.top, scene.top + scene.height)
  for (const row of shown) {
    const top = row.top - scene.top
    if (row.kind === 'round') drawRound(pen, row, top, view, scene.looked(row.lane))
    else drawBase(pen, row, top, view, scene.day)
  }
  grid(pen, scene, view)
  const at =
    scene.target && shown.find((row) => row.kind === 'round' && row.lane.round.id === scene.target?.courierId)
  if (scene.target && at?.kind === 'round') drawTarget(pen, at.lane, scene.target, at.top - scene.top, view)
}

function grid(pen: Pen, scene: Scene, view: View): void {
  pen.fillStyle = LINE
  pen.globalAlpha = 0.55
  for (const time of ticks(scene.scale).times) pen.fillRect(Math.round(view.x(time)), 0, 1, scene.height)
  pen.globalAlpha = 1
}

/** The lines that call at a base, by their hand-ins; a label only where there is room. */
function drawBase(pen: Pen, row: Extract<Row, { kind: 'base' }>, top: number, view: View, day: string): void {
  pen.fillStyle = '#f3f5f7'
  pen.fillRect(0, top, view.width, row.height)
  pen.fillStyle = LINE
  pen.fillRect(0, top + row.height - 1, view.width, 1)
  const calls = moments(row.calls, day)
  calls.forEach(({ at, call }, place) => {
    const x = view.x(at)
    if (x < -120 || x > view.width) return
    if (call.cut_off) flag(pen, x, top + 5, top + row.height, INK)
    else dashes(pen, x, top + 14, top + row.height, INK_2)
    if (x < -2) return
    pen.font = '400 11px "Be Vietnam Pro", system-ui, sans-serif'
    const next = calls[place + 1]
    const room = (next ? view.x(next.at) : Infinity) - 8 - (x + 10)
    const name = `${call.line_id}/${call.run_id}`
    const words = longest(
      [`${name} ${clockOf(at)}`, name, clockOf(at)],
      room,
      (said) => pen.measureText(said).width,
    )
    if (words) text(pen, words, x + 10, top + 19, call.cut_off ? INK : INK_2)
  })
}

/** The first of some sayings, the longest in front, that does not run into what comes next. */
export const longest = (
  said: readonly string[],
  room: number,
  width: (said: string) => number,
): string | undefined => said.find((one) => width(one) <= room)

function moments(calls: readonly LineCall[], day: string): { at: number; call: LineCall }[] {
  return calls
    .flatMap((call) => {
      const moment = call.cut_off ?? call.arrives
      return moment ? [{ at: secondsOf(moment, day), call }] : []
    })
    .sort((a, b) => a.at - b.at)
}

function drawTarget(pen: Pen, lane: Lane, target: Spot, top: number, view: View): void {
  const x = view.x(timeOfTarget(lane, target))
  pen.fillStyle = '#0b5a9a'
  pen.fillRect(x - 1.5, top + 1, 3, ROUND_HEIGHT - 3)
  pen.beginPath()
  pen.moveTo(x - 7, top)
  pen.lineTo(x + 7, top)
  pen.lineTo(x, top + 8)
  pen.closePath()
  pen.fill()
  pen.strokeStyle = PAPER
  pen.lineWidth = 1
  pen.stroke()
}

/** Where the mark of a target stands: just before the stop that is there now, or where the trip ends. */
export function timeOfTarget(lane: Lane, target: Spot): number {
  const next = lane.marks.find((mark) => mark.trip === target.trip && mark.position === target.position)
  if (next) return next.arrives
  return lane.trips[target.trip]?.to ?? (lane.trips.at(-1)?.to ?? 0) + 900
}
