import { describe, expect, it } from 'vitest'
import { courierColors, PALETTE } from '../src/console/model/colors'
import { distance, linear, luminance, oklab, seen, VISIONS, type Triple } from './seeing'

describe('colours of rounds', () => {
  for (const [name, vision] of Object.entries(VISIONS)) {
    it.each(PALETTE.map((set, index) => [index, set] as const))(
      `are told apart within set %i (${name})`,
      (_, set) => {
        const seenColors = set.map((hex) => oklab(seen(linear(hex), vision)))
        seenColors.forEach((one, i) => {
          for (let j = i + 1; j < set.length; j++)
            expect(distance(one, seenColors[j] as Triple), `${set[i]} and ${set[j]}`).toBeGreaterThan(0.09)
        })
      },
    )
  }

  it('are dark enough on the ground of the map', () => {
    const ground = luminance(linear('#f6f4ee')) + 0.05
    for (const hex of PALETTE.flat())
      expect(ground / (luminance(linear(hex)) + 0.05), hex).toBeGreaterThan(3.4)
  })

  it('differ within a base of up to twelve couriers', () => {
    const couriers = Array.from({ length: 12 }, (_, index) => ({ id: `C${index}`, baseId: 'B' }))
    expect(new Set(courierColors(couriers).values()).size).toBe(12)
  })

  it('alternate between bases', () => {
    const colors = courierColors([
      { id: 'X', baseId: 'A' },
      { id: 'Y', baseId: 'B' },
    ])
    expect(colors.get('X')).not.toBe(colors.get('Y'))
  })
})
