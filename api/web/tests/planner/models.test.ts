import { describe, expect, it } from 'vitest'
import { bodyOf, NOTHING_CHOSEN, pairsOf, scenariosOf, shareOf } from '../../src/planner/list/asked'
import { readAddress, writeAddress } from '../../src/planner/address'
import { Axes, ticksOf } from '../../src/planner/model/axes'
import { faultsOf } from '../../src/planner/list/faults'
import { bandOf, lookOf, pathOf } from '../../src/planner/model/bands'
import { drawnLand, placing } from '../../src/planner/model/land'
import { placeRows, shownRows } from '../../src/planner/model/rows'
import { sightAfter, situation, type Sight } from '../../src/planner/model/sight'
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
    expect(then?.seconds.get('C')).toBe(1500) // a neighbour gains too
    expect(then?.opened).toEqual(['B'])
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

  it('has every way after k points, to old and new posts together', () => {
    const then = sightAfter(base, { by: 'points', means: 'walk', minutes: 30, k: 2 })
    expect([...(then?.seconds ?? [])]).toEqual([
      ['A', 0],
      ['B', 0],
      ['C', 60],
      ['D', null],
    ])
  })

  it('draws the land of today, what chosen places add, or a scenario’s own', () => {
    const square = (of: 'today' | 'place' | 'scenario', id: string | null, km2: number) => ({
      type: 'Feature' as const,
      properties: { of, id, name: '', means: 'walk' as const, minutes: 30, km2 },
      geometry: {
        type: 'MultiPolygon' as const,
        coordinates: [
          [[[105, 10] as [number, number], [106, 10] as [number, number], [106, 11] as [number, number]]],
        ],
      },
    })
    const features = [square('today', null, 5), square('place', 'B', 2), square('place', 'C', 1)]
    const map = { type: 'FeatureCollection' as const, synthetic_roads: true, features }
    const bounds: [number, number, number, number] = [105, 10, 106, 11]
    const then = sightAfter(base, { by: 'remedy', placeId: 'B', kind: 'new_point' }) as Sight
    expect(drawnLand(map, then, bounds).km2).toBe(7)
    expect(drawnLand(map, then, bounds).added).toHaveLength(1)
    expect(drawnLand(map, situation(base), bounds).reached).toMatch(/^M0 0L1000 0L1000 -10\d\d\.\d+Z$/)
    const moved = sightAfter(base, { by: 'scenario', key: 'moved' }) as Sight
    expect(moved.scenario).toBe('moved')
    const own = { ...map, features: [...features, square('scenario', 'moved', 9)] }
    expect(drawnLand(own, moved, bounds).km2).toBe(9)
    const placed = placing(bounds, ([lon, lat]) => [(lon - 105) * 500, (11 - lat) * 600])
    const [across, , , down, x, y] = placed.slice(7, -1).split(' ').map(Number)
    expect([across, x, y]).toEqual([0.5, 0, 600])
    expect((down ?? 0) * -1000).toBeLessThan(-580)
  })

  it('shows nothing of what the study has not', () => {
    expect(sightAfter(base, { by: 'scenario', key: 'other' })).toBeNull()
    expect(sightAfter(base, { by: 'points', means: 'walk', minutes: 30, k: 9 })).toBeNull()
    expect(sightAfter(base, { by: 'efficient', step: 9 })).toBeNull()
    expect(sightAfter(base, { by: 'remedy', placeId: 'C', kind: 'daily_visit' })).toBeNull()
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
  it('spends a sum, merges communes, and looks at targets today and in every scenario', () => {
    const asked = scenariosOf({
      ...NOTHING_CHOSEN,
      online: false,
      spend: true,
      spendMillions: 0.5,
      merge: true,
      communes: '30337, 30340;30337',
      mergeBase: ' BC-AP ',
      targets: true,
      shares: 'QP-AP = 12,5 %\n* = 30',
    })
    expect(asked.map((one) => one.key)).toEqual(['today', 'free-pickup', 'spend', 'merge'])
    expect(asked[0]?.change).toEqual([])
    expect(asked[2]?.change).toEqual([{ kind: 'spend', dong: 500_000 }])
    expect(asked[2]?.title_vi).toBe('Chi không quá 0,5 triệu đồng một năm')
    expect(asked[2]?.title_en).toBe('Spend at most 0.5 million đồng a year')
    expect(asked[3]?.change).toEqual([{ kind: 'merge', communes: ['30337', '30340'], base: 'BC-AP' }])
    expect(asked.map((one) => one.targets)).toEqual(Array(4).fill({ 'QP-AP': 0.125, '*': 0.3 }))
  })
  it('keeps the number of a line that is no pair', () => {
    expect(pairsOf('\nQP-AP\nA = 1')).toEqual([
      { line: 2, left: 'QP-AP', right: '' },
      { line: 3, left: 'A', right: '1' },
    ])
    expect([shareOf(''), shareOf('30'), shareOf('12,5%'), shareOf('x')]).toEqual([NaN, 0.3, 0.125, NaN])
  })
  it('is refused where it makes no sense, each field by its name', () => {
    const sound = { ...NOTHING_CHOSEN, title: 'Thử', day: '2026-11-25' }
    expect(faultsOf(sound)).toEqual({})
    expect(Object.keys(faultsOf(NOTHING_CHOSEN)).sort()).toEqual(['day', 'title'])
    const all = {
      ...sound,
      draws: null,
      onlinePercent: 101,
      budget: true,
      k: 1.5,
      spend: true,
      spendMillions: 0,
      fuel: true,
      fuelFactor: 11,
      courier: true,
      base: 'BC LX',
      merge: true,
      communes: '30337 3034',
      mergeBase: '',
      desks: true,
      moves: 'QP-AP = BC-AP\nQP-AP = BC-TB',
      targets: true,
      shares: '* = 20\nQP-AP = 120',
    }
    const faults = faultsOf(all)
    expect(Object.keys(faults).sort()).toEqual(
      ['base', 'communes', 'draws', 'fuelFactor', 'k', 'mergeBase', 'moves', 'onlinePercent', 'shares']
        .concat('spendMillions')
        .sort(),
    )
    expect(faults.communes).toContain('3034')
    expect(faults.moves).toContain('2: QP-AP')
    expect(faults.shares).toContain('2:')
    expect(faultsOf({ ...all, online: false, quick: true }).draws).toBeUndefined()
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
