/** Where values lie on a chart. */

export interface Box {
  width: number
  height: number
  left: number
  right: number
  top: number
  bottom: number
}

export type Value = readonly [number, number]

/** Round numbers around a range, five or so; a range of nothing becomes one of one. */
export function ticksOf(low: number, high: number, most = 5): number[] {
  const top = high > low ? high : low + 1
  const rough = (top - low) / most
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = Math.max(1, ([1, 2, 2.5, 5, 10].find((m) => m * power >= rough) ?? 10) * power)
  const first = Math.floor(low / step)
  return Array.from({ length: Math.ceil(top / step) - first + 1 }, (_, at) => (first + at) * step)
}

export class Axes {
  readonly x: readonly number[]
  readonly y: readonly number[]

  constructor(
    values: readonly Value[],
    private readonly box: Box,
  ) {
    const across = values.map(([x]) => x)
    const up = values.map(([, y]) => y)
    this.x = ticksOf(Math.min(...across), Math.max(...across), Math.max(3, Math.floor(box.width / 90)))
    this.y = ticksOf(Math.min(...up), Math.max(...up))
  }

  at([x, y]: Value): [number, number] {
    const { width, height, left, right, top, bottom } = this.box
    return [
      left + (width - left - right) * part(x, this.x),
      height - bottom - (height - top - bottom) * part(y, this.y),
    ]
  }

  path(values: readonly Value[]): string {
    return values
      .map((one, index) => {
        const [x, y] = this.at(one)
        return `${index ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`
      })
      .join('')
  }
}

function part(value: number, ticks: readonly number[]): number {
  const first = ticks[0] as number
  return (value - first) / ((ticks.at(-1) as number) - first)
}
