/**
 * Two sets of six line colours, each told apart with every common colour vision (`tests/colors.test.ts` measures it)
 * and dark enough for sunlight. Couriers of one base get one set; neighbouring bases alternate.
 */
export const PALETTE = [
  ['#3c74fb', '#ac1825', '#1f8885', '#9c25a8', '#ac731a', '#505466'],
  ['#671a48', '#0e9021', '#a94fd8', '#883c04', '#0c6785', '#6e848f'],
] as const

function turned<T>(list: readonly T[], by: number): T[] {
  return [...list.slice(by), ...list.slice(0, by)]
}

/** Colour of each courier by id: couriers of one base differ as long as they are at most twelve. */
export function courierColors(couriers: readonly { id: string; baseId: string }[]): Map<string, string> {
  const bases = [...new Set(couriers.map((courier) => courier.baseId))].sort()
  const colors = new Map<string, string>()
  bases.forEach((base, index) => {
    const first = PALETTE[index % 2 === 0 ? 0 : 1]
    const second = PALETTE[index % 2 === 0 ? 1 : 0]
    const turn = Math.floor(index / 2) % first.length // else a small base would always wear the first colour
    const hues = [...turned(first, turn), ...turned(second, turn)]
    const ids = couriers.filter((courier) => courier.baseId === base).map((courier) => courier.id)
    ids.sort().forEach((id, rank) => colors.set(id, hues[rank % hues.length] as string))
  })
  return colors
}
