import { describe, expect, it } from 'vitest'
import { bodyOf, movesOf, NOTHING_CHOSEN, scenariosOf } from '../../src/planner/list/asked'
import { readAddress, writeAddress } from '../../src/planner/address'
import { Axes, ticksOf } from '../../src/planner/model/axes'
import { bandOf, lookOf, pathOf } from '../../src/planner/model/bands'
import { cheapestOf, remediesOf } from '../../src/planner/model/cheapest'
import { placeRows, shownRows } from '../../src/planner/model/rows'
import { sightAfter, situation } from '../../src/planner/model/sight'
import { figuresOf, verdict } from '../../src/planner/model/year'
import { en } from '../../src/planner/words/en'
import { vi } from '../../src/planner/words/vi'
import { study } from './study'

const base = study()

describe('what a map shows', () => {
  it('colours by limit, in any order that they are told, and changes the shape beyond the main one', () => {
    expect([0, 900, 901, 1800, 1801].map((seconds) => bandOf(base, seconds))).toEqual([0, 0, 1, 1, 2])
    expect(bandOf(base, null)).toBe('no way')
    expect(lookOf(base, 1).shape).toBe('disc')
    expect(lookOf(base, 2).shape).toBe('triangle')
    expect(lookOf(base, 'no way').shape).toBe('diamond')
    expect(pathOf('disc', 5)).toMatch(/^M-5 0a5 5/)
  })

  it('is the situation before anything is done', () => {
    const now = situation(base)
    expect(now.people).toBe(1000)
    expect(now.seconds.get('D')).toBeNull()
    expect(now.posts).toEqual([[105.0, 10.4]])
  })

  it('changes one place for a remedy, and adds the people it gains', () => {
    const then = sightAfter(base, { by: 'remedy', placeId: 'B', kind: 'new_point' })
    expect(then?.people).toBe(1400)
    expect(then?.seconds.get('B')).toBe(60)
    expect(then?.seconds.get('C')).toBe(1860)
    expect(then?.added).toEqual([[105.1, 10.4]])
  })

  it('leaves as it is what cannot be had', () => {
    const then = sightAfter(base, { by: 'remedy', placeId: 'D', kind: 'new_point' })
    expect(then?.seconds.get('D')).toBeNull()
    expect(then?.people).toBe(1000)
  })

  it('takes the people of frontiers, efficient choices and scenarios from the study', () => {
    expect(sightAfter(base, { by: 'points', means: 'walk', minutes: 30, k: 2 })?.people).toBe(1700)
    expect(sightAfter(base, { by: 'efficient', step: 1 })?.people).toBe(1400)
    const moved = sightAfter(base, { by: 'scenario', key: 'moved' })
    expect(moved?.people).toBe(1300)
    expect(moved?.seconds.get('C')).toBe(600)
    expect(moved?.added).toEqual([[105.2, 10.4]])
  })

  it('shows nothing of what the study has not', () => {
    expect(sightAfter(base, { by: 'scenario', key: 'other' })).toBeNull()
    expect(sightAfter(base, { by: 'points', means: 'walk', minutes: 30, k: 9 })).toBeNull()
    expect(sightAfter(base, { by: 'efficient', step: 9 })).toBeNull()
    expect(sightAfter(base, { by: 'remedy', placeId: 'C', kind: 'daily_visit' })).toBeNull()
  })
})

describe('the cheapest remedy', () => {
  it('is the cheapest that brings somebody within the limit, not the cheapest of all', () => {
    expect(cheapestOf(base, remediesOf(base, 'B'))?.kind).toBe('borrowed_desk')
  })
  it('is never doing nothing, nor what cannot be had', () => {
    expect(cheapestOf(base, remediesOf(base, 'C'))?.kind).toBe('new_point')
    expect(cheapestOf(base, remediesOf(base, 'D'))).toBeNull()
  })
})

describe('the table of places', () => {
  const rows = placeRows(base)
  const shown = (text: string, column: string, down: boolean, onlyLacking = false): string[] =>
    shownRows(rows, { text, onlyLacking, order: { column, down } }, 'vi').map((row) => row.id)

  it('is found without marks', () => {
    expect(shown('dao huu', 'name', false)).toEqual(['C'])
    expect(shown('o lam', 'name', false)).toEqual(['B'])
    expect(shown('không có', 'name', false)).toEqual([])
  })
  it('sorts, what has no value last either way', () => {
    expect(shown('', 'minutes', false)).toEqual(['A', 'C', 'B', 'D'])
    expect(shown('', 'minutes', true)).toEqual(['B', 'C', 'A', 'D'])
    expect(shown('', 'people', true, true)).toEqual(['B', 'C', 'D'])
  })
})

describe('figures of a year', () => {
  const { before, after } = base.scenarios[0] as (typeof base.scenarios)[number]
  const figures = new Map(figuresOf(before, after).map((one) => [one.key, one]))
  it('add rounds and fixed money, in millions', () => {
    expect(figures.get('total_dong')?.before).toBeCloseTo(900e-6)
    expect(figures.get('total_dong')?.after).toBeCloseTo(840e-6)
    expect(figures.get('late')?.after).toBeCloseTo(25)
  })
  it('say what is better', () => {
    const of = (before: number, after: number, lessIsBetter: boolean | null) =>
      verdict({ key: 'km', before, after, decimals: 0, lessIsBetter })
    expect(of(10, 5, true)).toBe('good')
    expect(of(10, 5, false)).toBe('bad')
    expect(of(10, 10.2, true)).toBeNull()
    expect(of(10, 5, null)).toBeNull()
  })
})

describe('charts', () => {
  it('have round ticks around the values, also around a single one', () => {
    expect(ticksOf(0, 24)).toEqual([0, 5, 10, 15, 20, 25])
    expect(ticksOf(5, 5)).toEqual([5, 6])
    const ticks = ticksOf(2_130_680, 2_489_884)
    expect(ticks[0]).toBeLessThanOrEqual(2_130_680)
    expect(ticks.at(-1)).toBeGreaterThanOrEqual(2_489_884)
  })
  it('put the least at the lower left', () => {
    const axes = new Axes(
      [
        [0, 0],
        [10, 100],
      ],
      { width: 200, height: 100, left: 20, right: 10, top: 5, bottom: 15 },
    )
    expect(axes.at([0, 0])).toEqual([20, 85])
    expect(axes.at([10, 100])).toEqual([190, 5])
  })
})

describe('what a study is asked for', () => {
  it('is said as scenarios.toml has it', () => {
    const asked = scenariosOf({ ...NOTHING_CHOSEN, desks: true, moves: 'QP-AP = BC-AP\n\n QP-TB=BC-TB ' })
    expect(asked.map((one) => one.key)).toEqual(['free-pickup', 'online-50', 'desks'])
    expect(asked[1]?.change).toEqual([{ kind: 'online', share: 0.5 }])
    expect(asked[2]?.change).toEqual([
      { kind: 'move_desks', desks: ['QP-AP', 'QP-TB'], to: ['BC-AP', 'BC-TB'] },
    ])
  })
  it('sends a line without a post for the server to refuse', () => {
    expect(movesOf('QP-AP')).toEqual([['QP-AP', '']])
  })
  it('draws no demands when it is to be quick', () => {
    expect(bodyOf({ ...NOTHING_CHOSEN, title: ' Thử ', quick: true })).toMatchObject({
      title: 'Thử',
      draws: 0,
    })
  })
})

describe('the address', () => {
  it('is read as it was written', () => {
    const named = { study: '01a', tab: 'choosing', place: 'DC-01' } as const
    expect(readAddress(writeAddress(named))).toEqual(named)
    expect(readAddress('#tab=other')).toEqual({ study: null, tab: 'overview', place: null })
  })
})

it('says everything in both languages', () => {
  const keys = (of: object): string[] =>
    Object.entries(of).flatMap(([key, value]) =>
      typeof value === 'object' && value !== null
        ? keys(value as object).map((inner) => `${key}.${inner}`)
        : [key],
    )
  expect(keys(en).sort()).toEqual(keys(vi).sort())
})
