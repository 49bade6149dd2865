import type { Form } from '../model/paint'

/** Pictures of the kinds of site, as SVG paths on a 24 x 24 board; the map and the legend draw the same ones. */
export interface Symbol {
  /** Outer shape, filled. */
  shape: string
  fill: string
  /** Drawn over it. */
  mark: string
  markColor: string
  /** Side in CSS pixels. */
  size: number
}

const CIRCLE = 'M12 1.5a10.5 10.5 0 1 0 0 21a10.5 10.5 0 1 0 0-21Z'
const SMALL_CIRCLE = 'M12 5a7 7 0 1 0 0 14a7 7 0 1 0 0-14Z'
const SQUARE =
  'M5.5 3h13A2.5 2.5 0 0 1 21 5.5v13a2.5 2.5 0 0 1-2.5 2.5h-13A2.5 2.5 0 0 1 3 18.5v-13A2.5 2.5 0 0 1 5.5 3Z'
const DIAMOND = 'M12 3.5 20.5 12 12 20.5 3.5 12Z'
const ENVELOPE = 'M6.5 8.3h11v7.6h-11ZM6.7 8.6 12 12.8l5.3-4.2'
const HOUSE = 'M6 12.2 12 6.8l6 5.4M8 11v6h8v-6'
const STAR = 'M12 5.6l1.9 4 4.3.5-3.2 3 .9 4.3L12 15.3l-3.9 2.1.9-4.3-3.2-3 4.3-.5Z'
const COLUMNS = 'M6.5 9.8 12 6.8l5.5 3M8 11v5M12 11v5M16 11v5M6.5 17.4h11'

export const SYMBOLS: Record<string, Symbol> = {
  hub: { shape: CIRCLE, fill: '#0d2b45', mark: STAR, markColor: '#f5b321', size: 30 },
  base: { shape: CIRCLE, fill: '#0d2b45', mark: ENVELOPE, markColor: '#ffffff', size: 24 },
  post_office: { shape: SMALL_CIRCLE, fill: '#0d2b45', mark: '', markColor: '#ffffff', size: 14 },
  culture_post: { shape: DIAMOND, fill: '#6b7785', mark: '', markColor: '#ffffff', size: 13 },
  borrowed_desk: { shape: DIAMOND, fill: '#ffffff', mark: DIAMOND, markColor: '#445363', size: 13 },
  one_stop: { shape: SQUARE, fill: '#37526b', mark: HOUSE, markColor: '#ffffff', size: 18 },
  agency: { shape: SQUARE, fill: '#37526b', mark: COLUMNS, markColor: '#ffffff', size: 18 },
}

/** In the order of importance: earlier ones are drawn above later ones. */
export const SYMBOL_ORDER = Object.keys(SYMBOLS)

const ARROW: Symbol = {
  shape: 'M7 5 17 12 7 19 9.5 12Z',
  fill: '#ffffff',
  mark: '',
  markColor: '#ffffff',
  size: 12,
}
const DISC = 24
/** Outlines of the marks of stops, on the same board. */
export const FORMS: Record<Form, string> = {
  disc: 'M12 2a10 10 0 1 0 0 20a10 10 0 1 0 0-20Z',
  square: 'M3 3h18v18H3Z',
  diamond: 'M12 1.5 22.5 12 12 22.5 1.5 12Z',
  hexagon: 'M7 2.5h10L22.5 12 17 21.5H7L1.5 12Z',
}
export const LEFT_COLORS = { mustGo: '#b3261e', mayGo: '#a86400' }
const LEFT_INK = '#7a1a14'

/** Pixels for each CSS pixel, so that sharp screens see it sharp. */
export const PICTURE_RATIO = 2

/** Names the picture of a stop with its number, or with a sign instead. */
export function badgeName(color: string, number: number | string, form: Form = 'disc'): string {
  return `stop ${color} ${number} ${form}`
}

/** Names the picture of shipments left behind. */
export function leftName(mustGo: boolean, count: number): string {
  return `left ${mustGo ? LEFT_COLORS.mustGo : LEFT_COLORS.mayGo} ${count}`
}

/** Draw a picture that the map asks for by name: a kind of site, the arrow, or a numbered stop. */
export function drawPicture(name: string): ImageData | null {
  const [kind, color, number, form] = name.split(' ')
  if (kind === 'stop' && color && number) return drawBadge(number, color, '#ffffff', '#ffffff', form as Form)
  if (kind === 'left' && color && number) return drawBadge(number, '#ffffff', color, LEFT_INK)
  const symbol = name === 'arrow' ? ARROW : SYMBOLS[name]
  return symbol ? drawSymbol(symbol) : null
}

function drawSymbol(symbol: Symbol): ImageData {
  const pen = board(symbol.size, symbol.size / 24)
  pen.lineJoin = 'round'
  pen.fillStyle = symbol.fill
  pen.strokeStyle = '#ffffff'
  pen.lineWidth = 2.4
  pen.stroke(new Path2D(symbol.shape))
  pen.fill(new Path2D(symbol.shape))
  pen.strokeStyle = symbol.markColor
  pen.lineWidth = 1.8
  pen.stroke(new Path2D(symbol.mark))
  return pixels(pen)
}

/** A numbered mark: one picture, so that overlapping stops never mix their digits. */
function drawBadge(text: string, fill: string, edge: string, ink: string, form: Form = 'disc'): ImageData {
  const pen = board(DISC, 1)
  const path = new Path2D(FORMS[form])
  pen.strokeStyle = edge
  pen.lineWidth = 4
  pen.stroke(path)
  pen.fillStyle = fill
  pen.fill(path)
  pen.fillStyle = ink
  pen.font = `600 ${text.length > 2 ? 9 : 11}px "Be Vietnam Pro", sans-serif`
  pen.textAlign = 'center'
  pen.fillText(text, 12, 16)
  return pixels(pen)
}

function board(side: number, scale: number): OffscreenCanvasRenderingContext2D {
  const pen = new OffscreenCanvas(side * PICTURE_RATIO, side * PICTURE_RATIO).getContext('2d')
  if (!pen) throw new Error('this browser cannot draw on a canvas')
  pen.scale(scale * PICTURE_RATIO, scale * PICTURE_RATIO)
  return pen
}

function pixels(pen: OffscreenCanvasRenderingContext2D): ImageData {
  return pen.getImageData(0, 0, pen.canvas.width, pen.canvas.height)
}
