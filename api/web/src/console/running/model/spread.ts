/** Marks that would lie upon each other are moved apart, so that each can be read and pressed. */

export interface Spot {
  x: number
  y: number
}

/** Tries around a spot, ever further out: eight directions, so many rings. */
const RINGS = 6
const DIRECTIONS = 8

/** By how much each mark is moved, in the same units; the first of a crowd stays where it is. */
export function spread(spots: readonly Spot[], gap: number): Spot[] {
  const placed: Spot[] = []
  return spots.map((spot) => {
    const offset = candidates(gap).find((by) =>
      isFree({ x: spot.x + by.x, y: spot.y + by.y }, placed, gap),
    ) ?? {
      x: 0,
      y: 0,
    }
    placed.push({ x: spot.x + offset.x, y: spot.y + offset.y })
    return offset
  })
}

function isFree(spot: Spot, placed: readonly Spot[], gap: number): boolean {
  return placed.every((other) => Math.hypot(other.x - spot.x, other.y - spot.y) >= gap * 0.99)
}

function candidates(gap: number): Spot[] {
  const found: Spot[] = [{ x: 0, y: 0 }]
  for (let ring = 1; ring <= RINGS; ring += 1)
    for (let turn = 0; turn < DIRECTIONS * ring; turn += 1) {
      const angle = (turn / (DIRECTIONS * ring)) * 2 * Math.PI
      found.push({ x: Math.cos(angle) * gap * ring, y: Math.sin(angle) * gap * ring })
    }
  return found
}
