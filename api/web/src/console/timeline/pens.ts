/** Small drawings of the timeline: each says by its form what its colour may say too. */

import type { Form } from '../model/paint'

export const INK = '#14202b'
export const INK_2 = '#445363'
export const LINE = '#d9dfe5'
export const BAD = '#b3261e'
export const PAPER = '#ffffff'
export const FONT = '"Be Vietnam Pro", system-ui, sans-serif'

export type Pen = CanvasRenderingContext2D

export interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** A field of slanted lines; `gap` pixels apart. */
export function hatch(pen: Pen, box: Box, color: string, gap: number): void {
  if (box.width <= 0 || box.height <= 0) return
  pen.save()
  pen.beginPath()
  pen.rect(box.x, box.y, box.width, box.height)
  pen.clip()
  pen.strokeStyle = color
  pen.lineWidth = 1
  pen.beginPath()
  // Lines stand still while the field is scrolled under them: they begin at multiples of the gap.
  const first = Math.floor((box.x - box.height) / gap) * gap
  for (let x = first; x < box.x + box.width; x += gap) {
    pen.moveTo(x, box.y + box.height)
    pen.lineTo(x + box.height, box.y)
  }
  pen.stroke()
  pen.restore()
}

/** The mark of a stop: its form tells its class. */
export function block(pen: Pen, box: Box, form: Form): void {
  const { x, y, width, height } = box
  const cut = Math.min(width / 2, form === 'diamond' ? 8 : 4)
  pen.beginPath()
  if (form === 'disc') pen.roundRect(x, y, width, height, Math.min(5, width / 2))
  else if (form === 'square') pen.rect(x, y, width, height)
  else if (form === 'diamond') {
    const middle = y + height / 2
    pen.moveTo(x, middle)
    pen.lineTo(x + cut, y)
    pen.lineTo(x + width - cut, y)
    pen.lineTo(x + width, middle)
    pen.lineTo(x + width - cut, y + height)
    pen.lineTo(x + cut, y + height)
    pen.closePath()
  } else {
    pen.moveTo(x + cut, y)
    pen.lineTo(x + width, y)
    pen.lineTo(x + width, y + height - cut)
    pen.lineTo(x + width - cut, y + height)
    pen.lineTo(x, y + height)
    pen.lineTo(x, y + cut)
    pen.closePath()
  }
}

export function padlock(pen: Pen, x: number, y: number): void {
  pen.strokeStyle = INK
  pen.fillStyle = INK
  pen.lineWidth = 1.4
  pen.beginPath()
  pen.arc(x, y + 3, 2.4, Math.PI, 0)
  pen.stroke()
  pen.fillRect(x - 3.5, y + 3, 7, 5)
}

/** A triangle with an exclamation mark: something is late. */
export function warning(pen: Pen, x: number, y: number): void {
  pen.fillStyle = BAD
  pen.beginPath()
  pen.moveTo(x, y)
  pen.lineTo(x + 6, y + 10)
  pen.lineTo(x - 6, y + 10)
  pen.closePath()
  pen.fill()
  pen.fillStyle = PAPER
  pen.fillRect(x - 0.7, y + 3.4, 1.4, 3.4)
  pen.fillRect(x - 0.7, y + 7.6, 1.4, 1.4)
}

/** A flag on a pole: the hand-in of a line. */
export function flag(pen: Pen, x: number, top: number, bottom: number, color: string): void {
  dashes(pen, x, top, bottom, color)
  pen.fillStyle = color
  pen.beginPath()
  pen.moveTo(x, top)
  pen.lineTo(x + 7, top + 3.5)
  pen.lineTo(x, top + 7)
  pen.closePath()
  pen.fill()
}

export function dashes(pen: Pen, x: number, top: number, bottom: number, color: string): void {
  pen.save()
  pen.strokeStyle = color
  pen.lineWidth = 1.5
  pen.setLineDash([3, 3])
  pen.beginPath()
  pen.moveTo(x, top)
  pen.lineTo(x, bottom)
  pen.stroke()
  pen.restore()
}

export function text(
  pen: Pen,
  words: string,
  x: number,
  y: number,
  color: string,
  size = 11,
  weight = 400,
): void {
  pen.font = `${weight} ${size}px ${FONT}`
  pen.fillStyle = color
  pen.fillText(words, x, y)
}
