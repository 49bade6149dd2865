import { describe, expect, it } from 'vitest'
import { frame } from '../src/console/map/picture'
import { next } from '../src/console/parts/roving'
import { boundsOf, project } from '../src/shared/geometry'

describe('the flat picture', () => {
  const view = frame([105, 10, 106, 10.5])

  it('has north above south and west left of east', () => {
    expect(view.at([105, 10.5])).toEqual({ x: 0, y: 0 })
    expect(view.at([106, 10]).x).toBe(1000)
    expect(view.at([106, 10]).y).toBeGreaterThan(400)
  })

  it('writes lines as path data', () => {
    expect(view.path([[105, 10.5], [106, 10.5]])).toBe('M0 0L1000 0') // prettier-ignore
  })

  it('projects as Web Mercator does', () => {
    expect(project([0, 0])[1]).toBeCloseTo(0)
    expect(project([0, 85.0511287798])[1]).toBeCloseTo(-180)
  })
})

describe('bounds', () => {
  it('hold every point; nothing has none', () => {
    expect(boundsOf([[105, 10], [104, 12]])).toEqual([104, 10, 105, 12]) // prettier-ignore
    expect(boundsOf([])).toBeNull()
  })
})

describe('arrow keys', () => {
  it('move within the list and stop at its ends', () => {
    expect(next('ArrowDown', -1, 3)).toBe(0)
    expect(next('ArrowDown', 2, 3)).toBe(2)
    expect(next('ArrowUp', 0, 3)).toBe(0)
    expect([next('Home', 2, 3), next('End', 0, 3), next('a', 0, 3), next('End', 0, 0)]).toEqual([
      0,
      2,
      null,
      null,
    ])
  })
})
