import { describe, expect, it } from 'vitest'
import { couriersFor, gaps } from '../../src/console/editing/destinations'
import { editTo, locks, numberOf, oneFurther } from '../../src/console/editing/edits'
import { outcome } from '../../src/console/editing/outcome'
import { lookup } from '../../src/console/model/lookup'
import { edit as en } from '../../src/console/words/edit.en'
import { edit as vi } from '../../src/console/words/edit.vi'
import type {
  CourierFacts,
  EditAnswer,
  Places,
  Plan,
  PlannedRoute,
  PlannedStop,
} from '../../src/shared/api.gen'

const at = (time: string): string => `2026-11-25T${time}:00+07:00`

const stop = (code: string, arrives: string, locked = false): PlannedStop => ({
  site_id: code,
  point: null,
  arrives: at(arrives),
  starts: at(arrives),
  leaves: at(arrives),
  waits: 0,
  slack: 0,
  distance: 0,
  duration: 0,
  load: { pieces: 0, grams: 0, cash_dong: 0 },
  locked,
  tasks: [{ shipment: code, leg: 'deliver_round', action: 'deliver' }],
})

function round(id: string, ...trips: PlannedStop[][]): PlannedRoute {
  return {
    courier_id: id,
    base_id: 'B',
    trips: trips.map((stops) => ({
      departs: at('08:00'),
      returns: stops.at(-1)?.leaves ?? at('08:00'),
      stops,
      breaks: [],
    })),
  } as unknown as PlannedRoute
}

const DAY = round('A', [stop('a', '08:10'), stop('b', '08:20'), stop('c', '08:30')], [stop('d', '09:00')])

/** The order after a move, by hand: a place is counted as it was before. */
function moved(route: PlannedRoute, trip: number, position: number, step: -1 | 1): string[][] | null {
  const edit = oneFurther(route, trip, position, step)
  if (!edit) return null
  const kept = route.trips.map((one) => one.stops.map((each) => each.site_id ?? ''))
  const code = edit.shipments[0] ?? ''
  const marked = kept.map((stops) => stops.map((one) => (one === code ? '' : one)))
  marked[edit.trip]?.splice(edit.position, 0, code)
  return marked.map((stops) => stops.filter(Boolean))
}

describe('a stop moved by one', () => {
  it.each([
    [0, 0, 1, [['b', 'a', 'c'], ['d']]],
    [0, 1, 1, [['a', 'c', 'b'], ['d']]],
    [0, 1, -1, [['b', 'a', 'c'], ['d']]],
    [
      0,
      2,
      1,
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [1, 0, -1, [['a', 'b', 'c', 'd'], []]],
  ] as const)('of trip %i, place %i, by %i', (trip, position, step, expected) => {
    expect(moved(DAY, trip, position, step)).toEqual(expected)
  })

  it('has nowhere to go at both ends of the day', () => {
    expect(oneFurther(DAY, 0, 0, -1)).toBeNull()
    expect(oneFurther(DAY, 1, 0, 1)).toBeNull()
  })
})

describe('where something goes', () => {
  it('is an edit for every target', () => {
    expect(editTo(['x'], { kind: 'left' })).toEqual({ kind: 'unassign', shipments: ['x'] })
    expect(editTo(['x'], { kind: 'best' })).toMatchObject({ kind: 'assign_all', courier_id: null })
    expect(editTo(['x'], { kind: 'round', courierId: 'A' })).toMatchObject({ courier_id: 'A' })
    expect(editTo(['x'], { kind: 'spot', courierId: 'A', trip: 1, position: 2 })).toEqual({
      kind: 'move',
      shipments: ['x'],
      courier_id: 'A',
      trip: 1,
      position: 2,
    })
  })

  const courier = (courier_id: string, name: string, base_id: string) =>
    ({ courier_id, name, base_id }) as CourierFacts
  const look = lookup({
    sites: [{ site_id: 'B', name: 'Châu Đốc' }],
    couriers: [courier('1', 'Đỗ Ánh', 'Z'), courier('2', 'Lê Tú', 'B')],
    communes: [],
    shipments: [],
  } as unknown as Places)

  it('is found without marks, near bases first', () => {
    const ids = (wanted: string) =>
      couriersFor(look, wanted, new Set(['B']), 'vi').map((one) => one.courier_id)
    expect(ids('')).toEqual(['2', '1'])
    expect(ids('do anh')).toEqual(['1'])
    expect(ids('chau doc')).toEqual(['2'])
  })

  it('is every gap of the round, and a trip of its own', () => {
    expect(gaps(DAY, look).map((one) => [one.trip, one.position, one.after?.number ?? null])).toEqual([
      [0, 0, null],
      [0, 1, 1],
      [0, 2, 2],
      [0, 3, 3],
      [1, 0, null],
      [1, 1, 4],
      [2, 0, null],
    ])
    expect(gaps(undefined, look)).toEqual([{ trip: 0, position: 0, after: null, isNew: true }])
  })
})

it('numbers stops through the day', () => {
  expect([numberOf(DAY, 'd'), numberOf(DAY, 'x'), numberOf(undefined, 'a')]).toEqual([4, null, null])
})

it('counts locked stops, and rounds that are locked as a whole', () => {
  const all = round('L', [stop('x', '08:00', true)])
  const some = round('S', [stop('y', '08:00', true), stop('z', '09:00')])
  expect(locks([all, some, DAY])).toEqual({ stops: 2, rounds: 1 })
})

it('tells which stops are reached at another time, and how much longer the day gets', () => {
  const after = round('A', [stop('b', '08:10'), stop('c', '08:30'), stop('e', '08:50')], [stop('d', '09:15')])
  const answer = { routes: [after], emptied: ['E'] } as unknown as EditAnswer
  const before = { routes: [DAY, round('E', [stop('e', '08:40')])] } as unknown as Plan
  const found = outcome(before, answer)
  expect(found.longer).toBe((15 - 40) * 60) // A ends 09:15 instead of 09:00; E had 40 minutes
  expect(found.shifted.map((one) => [one.code, one.number, one.before, one.after])).toEqual([
    ['b', 1, at('08:20'), at('08:10')],
    ['e', 3, null, at('08:50')],
    ['d', 4, at('09:00'), at('09:15')],
  ])
})

it('has words in both languages for every kind of change', () => {
  expect(Object.keys(en.change)).toEqual(Object.keys(vi.change))
})
