/** What is drawn on: the map, or its picture where there is no WebGL. Hands work in pixels, stops lie on the earth. */

export type Pixel = readonly [number, number]

export interface Surface {
  /** CSS pixels from the map's upper left corner. */
  toScreen(point: readonly [number, number]): Pixel
  /** Degrees, [lon, lat]. */
  toEarth(pixel: Pixel): [number, number]
}

/** Whether a pixel lies inside a closed line (even-odd rule). */
export function inside(pixel: Pixel, ring: readonly Pixel[]): boolean {
  let within = false
  ring.forEach(([x, y], index) => {
    const [px, py] = ring[(index + ring.length - 1) % ring.length] as Pixel
    const crosses = y > pixel[1] !== py > pixel[1]
    if (crosses && pixel[0] < ((px - x) * (pixel[1] - y)) / (py - y) + x) within = !within
  })
  return within
}

/** Square of the distance from a pixel to a straight piece of a line. */
export function squaredTo(x: number, y: number, ax: number, ay: number, bx: number, by: number): number {
  const dx = bx - ax
  const dy = by - ay
  const length = dx * dx + dy * dy
  const share = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length))
  const rx = x - ax - share * dx
  const ry = y - ay - share * dy
  return rx * rx + ry * ry
}
