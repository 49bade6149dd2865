/** Seconds of the day on pixels. */

import type { Lane, Span } from './lanes'

export const LEAST_STEP = 56
/** Pixels between two labels of the axis, at the least. */
const STEPS = [5, 10, 15, 30, 60, 120, 180].map((minutes) => minutes * 60)
const MOST_ZOOM = 24
const FALLBACK: Span = { from: 7 * 3600, to: 18 * 3600 }

export interface Scale {
  /** Of the day, shown when nothing is zoomed. */
  day: Span
  perSecond: number
}

/** From the first whole hour to the last that anything is drawn in. */
export function dayOf(lanes: readonly Lane[]): Span {
  if (lanes.length === 0) return FALLBACK
  const from = Math.min(
    ...lanes.flatMap((one) => [one.trips[0]?.from ?? Infinity, one.shift?.from ?? Infinity]),
  )
  const to = Math.max(...lanes.flatMap((one) => [one.trips.at(-1)?.to ?? 0, one.shift?.to ?? 0]))
  return { from: Math.floor((from - 900) / 3600) * 3600, to: Math.ceil((to + 900) / 3600) * 3600 }
}

/** `zoom` 1 = the whole day on `width`. */
export function scaleOf(day: Span, width: number, zoom: number): Scale {
  return { day, perSecond: (Math.max(width, 100) * zoom) / (day.to - day.from) }
}

export function clampZoom(zoom: number): number {
  return Math.min(MOST_ZOOM, Math.max(1, zoom))
}

export function lengthOf(scale: Scale): number {
  return (scale.day.to - scale.day.from) * scale.perSecond
}

/** Pixels from the left edge of the day. */
export function xOf(scale: Scale, time: number): number {
  return (time - scale.day.from) * scale.perSecond
}

export function timeAt(scale: Scale, x: number): number {
  return scale.day.from + x / scale.perSecond
}

export interface Ticks {
  step: number
  times: number[]
}

export function ticks(scale: Scale): Ticks {
  const step = STEPS.find((one) => one * scale.perSecond >= LEAST_STEP) ?? (STEPS.at(-1) as number)
  const times = []
  for (let at = Math.ceil(scale.day.from / step) * step; at <= scale.day.to; at += step) times.push(at)
  return { step, times }
}

/** "07:05"; hours go on after midnight. */
export function clockOf(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}
