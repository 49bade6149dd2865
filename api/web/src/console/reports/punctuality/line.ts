/** A line over time as SVG needs it. */

export interface Point {
  /** What it stands for: a day or a month. */
  at: string
  /** Percent; null = nothing is settled, the line has a gap. */
  value: number | null
}

export interface Box {
  width: number
  height: number
  left: number
  top: number
  right: number
  bottom: number
}

/** The lowest tick of an axis that ends at 100, so that differences near the top are seen. */
export function floorOf(values: readonly (number | null)[]): number {
  const known = values.filter((value) => value !== null)
  const lowest = known.length === 0 ? 0 : Math.min(...known)
  const step = lowest >= 50 ? 10 : 20
  return Math.min(90, Math.floor(lowest / step) * step)
}

export function ticksOf(floor: number): number[] {
  const step = floor >= 90 ? 5 : floor >= 50 ? 10 : 20
  return Array.from({ length: (100 - floor) / step + 1 }, (_, at) => floor + at * step)
}

export function xOf(index: number, count: number, box: Box): number {
  const inner = box.width - box.left - box.right
  return box.left + (count === 1 ? inner / 2 : (index * inner) / (count - 1))
}

export function yOf(value: number, floor: number, box: Box): number {
  const inner = box.height - box.top - box.bottom
  return box.top + ((100 - value) / (100 - floor)) * inner
}

/** Path data; a point without a value is passed over. */
export function pathOf(points: readonly Point[], floor: number, box: Box): string {
  let isDown = false
  return points
    .map(({ value }, index) => {
      if (value === null) return ''
      const to = `${isDown ? 'L' : 'M'}${xOf(index, points.length, box).toFixed(1)} ${yOf(value, floor, box).toFixed(1)}`
      isDown = true
      return to
    })
    .join('')
}

/** Which of many points are written below: at most so many, evenly, the first always. */
export function labelled(count: number, most: number): number[] {
  const step = Math.max(1, Math.ceil(count / most))
  return Array.from({ length: count }, (_, at) => at).filter((at) => at % step === 0)
}
