import { describe, expect, it } from 'vitest'
import { lookup } from '../../src/console/model/lookup'
import { byBase, rounds } from '../../src/console/model/rounds'
import { hit, isHere, moved, targetAt } from '../../src/console/timeline/hitting'
import { lane, lateness, secondsOf, taskLookup, type Lane } from '../../src/console/timeline/lanes'
import { heightOf, layout, rowsOfWindows, visible } from '../../src/console/timeline/layout'
import { clockOf, dayOf, scaleOf, ticks, timeAt, xOf } from '../../src/console/timeline/scale'
import type { DayTimes, PlannedTrip } from '../../src/shared/api.gen'
import { at, places, plan, stop, trip } from '../sample'

const DAY = '2026-11-23'
const look = lookup(places)
const clock = (text: string): number => secondsOf(at(text), DAY)
const deliver = (shipment: string) => [{ shipment, leg: 'deliver_round', action: 'deliver' } as const]
const collect = (shipment: string) => [{ shipment, leg: 'collect_round', action: 'collect' } as const]

/** 07:30 away; A 08:00-08:05; break 10:30-11:00 on the way; B waits 11:10-11:20, until 11:30; back 12:00; 12:20-13:30. */
const TRIPS: PlannedTrip[] = [
  trip({
    stops: [
      stop({ tasks: deliver('S1') }),
      stop({
        arrives: at('11:10'),
        waits: 600,
        starts: at('11:20'),
        leaves: at('11:30'),
        slack: 300,
        tasks: collect('S2'),
      }),
    ],
    breaks: [{ starts: at('10:30'), ends: at('11:00') }],
    returns: at('12:00'),
  }),
  trip({
    departs: at('12:20'),
    stops: [stop({ arrives: at('13:00'), starts: at('13:00'), leaves: at('13:04'), tasks: deliver('S1') })],
    returns: at('13:30'),
  }),
]
const TIMES: DayTimes = {
  tasks: [
    {
      shipment: 'S1',
      windows: [
        { opens: at('07:00'), closes: at('11:00') },
        { opens: at('14:00'), closes: at('16:00') },
      ],
      ready: null,
      back_by: null,
    },
    { shipment: 'S2', windows: [], ready: null, back_by: at('11:45') },
  ],
  lines: [],
}

function laneOf(trips: PlannedTrip[], times: DayTimes | null = TIMES): Lane {
  const [round] = rounds(plan(trips), look)
  if (!round) throw new Error('no round')
  return lane(round, look, taskLookup(times), DAY)
}
const found = laneOf(TRIPS)

describe('a round in time', () => {
  it('is a chain of what the courier does, with the break cut out of the way', () => {
    const chain = found.bars.map((bar) => `${bar.doing} ${clockOf(bar.from)}-${clockOf(bar.to)}`)
    expect(chain).toEqual([
      'travel 07:30-08:00',
      'service 08:00-08:05',
      'travel 08:05-10:30',
      'break 10:30-11:00',
      'travel 11:00-11:10',
      'wait 11:10-11:20',
      'service 11:20-11:30',
      'travel 11:30-12:00',
      'reload 12:00-12:20',
      'travel 12:20-13:00',
      'service 13:00-13:04',
      'travel 13:04-13:30',
    ])
  })

  it('numbers its stops through the day and knows their latest begin', () => {
    expect(found.marks.map((mark) => [mark.number, mark.trip, mark.position])).toEqual([
      [1, 0, 0],
      [2, 0, 1],
      [3, 1, 0],
    ])
    expect(clockOf(found.marks[1]?.latest ?? 0)).toBe('11:25')
  })

  it('is late where service begins between two windows', () => {
    expect(found.marks.map((mark) => mark.late)).toEqual([0, 0, 2 * 3600])
    const windows = [{ from: 100, to: 200 }]
    expect([50, 100, 200, 260].map((begins) => lateness(begins, windows))).toEqual([0, 0, 0, 60])
  })

  it('must be back for the line that something fetched must catch', () => {
    expect(found.trips.map((one) => one.backBy)).toEqual([clock('11:45'), null])
  })

  it('has windows that all of the shipments at a stop share', () => {
    const both = laneOf([trip({ stops: [stop({ tasks: [...deliver('S1'), ...deliver('S2')] })] })], {
      tasks: [
        { ...(TIMES.tasks[0] as DayTimes['tasks'][0]) },
        {
          shipment: 'S2',
          windows: [{ opens: at('09:00'), closes: at('15:00') }],
          ready: null,
          back_by: null,
        },
      ],
      lines: [],
    })
    expect(both.marks[0]?.windows.map((span) => `${clockOf(span.from)}-${clockOf(span.to)}`)).toEqual([
      '09:00-11:00',
      '14:00-15:00',
    ])
  })

  it('is drawn before its windows have come', () => {
    expect(laneOf(TRIPS, null).marks.map((mark) => mark.windows)).toEqual([[], [], []])
  })
})

describe('the layout', () => {
  const groups = byBase([found.round], 'vi')
  const lanes = new Map([[found.round.id, found]])

  it('puts rounds under their base, the chosen one taller by its different windows', () => {
    expect(layout(groups, lanes, [], null).map((row) => [row.kind, row.top, row.height])).toEqual([
      ['base', 0, 32],
      ['round', 32, 36],
    ])
    expect(rowsOfWindows(found.marks).map((row) => row.marks.map((mark) => mark.number))).toEqual([[1, 3]])
    expect(heightOf(layout(groups, lanes, [], 'C1'))).toBe(32 + 36 + 10 + 8)
  })

  it('names the rows that touch the window', () => {
    const rows = layout(groups, lanes, [], null)
    expect(visible(rows, 0, 32).map((row) => row.kind)).toEqual(['base'])
    expect(visible(rows, 31, 33).map((row) => row.kind)).toEqual(['base', 'round'])
  })
})

describe('the axis', () => {
  it('begins and ends with whole hours around the shift', () => {
    // The shift is 07:00-17:00.
    expect(dayOf([found])).toEqual({ from: 6 * 3600, to: 18 * 3600 })
  })

  it('keeps its labels apart, however far one zooms', () => {
    const day = { from: 6 * 3600, to: 18 * 3600 }
    const steps = [1, 4, 24].map((zoom) => ticks(scaleOf(day, 720, zoom)).step / 60)
    expect(steps).toEqual([60, 15, 5])
    const scale = scaleOf(day, 720, 3)
    expect(timeAt(scale, xOf(scale, clock('09:17')))).toBeCloseTo(clock('09:17'))
  })
})

describe('what is pointed at', () => {
  const rows = layout(byBase([found.round], 'vi'), new Map([[found.round.id, found]]), [], null)
  const scale = scaleOf({ from: 6 * 3600, to: 18 * 3600 }, 720, 1) // a pixel a minute
  const x = (text: string): number => xOf(scale, clock(text))

  it('is a stop when it is near, else the round', () => {
    expect(hit(rows, scale, x('08:09'), 40)?.mark?.number).toBe(1)
    expect(hit(rows, scale, x('09:00'), 40)).toMatchObject({ mark: null })
    expect(hit(rows, scale, x('08:00'), 10)).toBeNull()
  })

  it.each([
    ['07:00', { trip: 0, position: 0 }],
    ['08:01', { trip: 0, position: 0 }],
    ['09:00', { trip: 0, position: 1 }],
    ['11:50', { trip: 0, position: 2 }],
    ['12:30', { trip: 1, position: 0 }],
    ['13:20', { trip: 1, position: 1 }],
    ['15:00', { trip: 2, position: 0 }],
  ])('let go at %s a stop comes to its place', (time, place) => {
    expect(targetAt(rows, scale, x(time), 40)).toEqual({ kind: 'spot', courierId: 'C1', ...place })
  })

  it('changes nothing right before and right after itself', () => {
    const [first] = found.marks
    const here = [0, 1, 2].map((position) =>
      isHere({ kind: 'spot', courierId: 'C1', trip: 0, position }, 'C1', first as Lane['marks'][0]),
    )
    expect(here).toEqual([true, true, false])
  })

  it('is walked through with the arrow keys', () => {
    const other = { ...found, round: { ...found.round, id: 'C2' } }
    const walk = (from: { id: string; stop: number } | null, key: string) => moved([found, other], from, key)
    expect(walk(null, 'ArrowRight')).toEqual({ id: 'C1', stop: 1 })
    expect(walk({ id: 'C1', stop: 3 }, 'ArrowRight')).toEqual({ id: 'C1', stop: 3 })
    expect(walk({ id: 'C1', stop: 3 }, 'ArrowDown')).toEqual({ id: 'C2', stop: 3 })
    expect(walk({ id: 'C2', stop: 2 }, 'ArrowUp')).toEqual({ id: 'C1', stop: 2 })
    expect(walk({ id: 'C1', stop: 2 }, 'ArrowUp')).toEqual({ id: 'C1', stop: 2 })
    expect(walk({ id: 'C1', stop: 2 }, 'End')).toEqual({ id: 'C1', stop: 3 })
  })
})
