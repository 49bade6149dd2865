import { describe, expect, it } from 'vitest'
import { asCheap, cheapestOf, remediesOf } from '../../src/planner/model/cheapest'
import { floorsChanged, type Floor } from '../../src/planner/model/floors'
import { sightAfter } from '../../src/planner/model/sight'
import { study } from './study'

const base = study()

describe('the cheapest remedy', () => {
  it('is the cheapest that brings somebody within the limit, not the cheapest of all', () => {
    expect(cheapestOf(base, remediesOf(base, 'B'))?.kind).toBe('borrowed_desk')
  })
  it('is never doing nothing, nor what cannot be had', () => {
    expect(cheapestOf(base, remediesOf(base, 'C'))?.kind).toBe('new_point')
    expect(cheapestOf(base, remediesOf(base, 'D'))).toBeNull()
  })
  it('stands beside others that only chance made dearer and that bring as many nearer', () => {
    const offered = remediesOf(base, 'B')
    const beside = (remedy_chance: number): string[] => {
      const sure = { ...base, sample: { ...base.sample, remedy_chance } }
      return asCheap(sure, offered, cheapestOf(sure, offered)).map((one) => one.kind)
    }
    expect(beside(0.0001)).toEqual([])
    expect(beside(0.5)).toEqual(['new_point']) // 40 dearer; the visit is cheaper and brings nobody within the limit
    expect(asCheap(base, offered, null)).toEqual([])
  })
})

describe('a point that is open too seldom', () => {
  it('draws no land and brings no neighbour nearer', () => {
    const remedies = base.remedies.map((one) =>
      one.kind === 'borrowed_desk' ? { ...one, access: { walk: { seconds: 2400, point_id: 'P1' } } } : one,
    )
    const then = sightAfter({ ...base, remedies }, { by: 'remedy', placeId: 'B', kind: 'borrowed_desk' })
    expect(then?.opened).toEqual([])
    expect(then?.seconds.get('C')).toBe(1860)
  })
})

describe('floors of a scenario', () => {
  const floor = (key: string, measured: number, fails: number): Floor =>
    ({ key, measured, checked: 9, fails: Array.from({ length: fails }) }) as unknown as Floor

  it('are told where others miss them, or where the mean is another', () => {
    const today = [floor('point-in-commune', 0, 2), floor('mean-radius', 2.5, 3), floor('hours-open', 4, 1)]
    const then = [floor('point-in-commune', 0, 1), floor('mean-radius', 2.5, 9), floor('hours-open', 3, 1)]
    expect(floorsChanged(today, then).map((one) => one.key)).toEqual(['point-in-commune'])
    expect(floorsChanged(today, [floor('mean-radius', 2.4, 3)]).map((one) => one.key)).toEqual([
      'mean-radius',
    ])
    expect(floorsChanged([], [floor('visits', 5, 0)]).map((one) => one.before)).toEqual([undefined])
  })
})
