import { describe, expect, it } from 'vitest'
import { alertsOf } from '../../src/console/running/model/alerts'
import { progressLayers } from '../../src/console/running/model/progressLayers'
import { spread } from '../../src/console/running/model/spread'
import { initialsOf, sighted, watchedOf, type Watched } from '../../src/console/running/model/watched'
import type { CourierProgress, OpenEvent, PlannedStop, StopOut } from '../../src/shared/api.gen'
import type { Lookup } from '../../src/console/model/lookup'
import type { Round } from '../../src/console/model/rounds'

const at = (clock: string): string => `2026-11-25T${clock}:00+07:00`
const ms = (clock: string): number => Date.parse(at(clock))

/** Served in five minutes, so many metres after the one before. */
function planned(code: string, starts: string, leaves: string, cash = 0): PlannedStop {
  return {
    site_id: null,
    point: [105.4, 10.3],
    tasks: [{ shipment: code, leg: 'deliver_round', action: 'deliver' }],
    arrives: at(starts),
    waits: 0,
    starts: at(starts),
    leaves: at(leaves),
    slack: 600,
    load: { pieces: 1, grams: 1, cash_dong: cash },
    distance: 1000,
    duration: 600,
    locked: false,
  }
}

const STOPS = [
  planned('A', '08:00', '08:05', 95),
  planned('B', '08:30', '08:35'),
  planned('C', '09:00', '09:05'),
]

const ROUND = {
  id: 'TC-03',
  name: 'Nguyễn Văn An',
  baseName: 'Tân Châu',
  color: '#3c74fb',
  starts: at('07:30'),
  ends: at('10:00'),
  metres: 5000,
  route: {
    courier_id: 'TC-03',
    base_id: 'BC',
    trips: [
      {
        departs: at('07:30'),
        returns: at('10:00'),
        stops: STOPS,
        path: {
          type: 'LineString',
          coordinates: [
            [105, 10],
            [105.1, 10],
            [105.2, 10],
            [105.3, 10],
            [105, 10],
          ],
          stop_index: [1, 2, 3],
        },
      },
    ],
  },
} as unknown as Round

const LOOK = {
  sites: new Map(),
  couriers: new Map([['TC-03', { capacity: { pieces: 9, grams: 9, cash_dong: 100 } }]]),
  communes: new Map(),
  shipments: new Map(),
} as unknown as Lookup

function out(index: number, more: Partial<StopOut>): StopOut {
  const stop = STOPS[index] as PlannedStop
  return {
    trip: 0,
    stop: index,
    site_id: null,
    shipments: stop.tasks.map((one) => one.shipment),
    state: 'left',
    planned: stop.leaves,
    settled_at: null,
    expected: null,
    slack: 600,
    closes: null,
    cut_off: null,
    ...more,
  }
}

function courier(stops: StopOut[], more: Partial<CourierProgress> = {}): CourierProgress {
  return {
    courier_id: 'TC-03',
    base_id: 'BC',
    shift_begins: at('07:00'),
    shift_ends: at('17:00'),
    done: stops.filter((one) => one.state === 'done').length,
    failed: stops.filter((one) => one.state === 'failed').length,
    left: stops.filter((one) => one.state === 'left').length,
    late_minutes: 0,
    late_at_end_minutes: 0,
    expected_return: at('10:00'),
    planned_return: at('10:00'),
    consent: true,
    position: null,
    unseen_seconds: 60,
    delay: null,
    trip_returns: [at('10:00')],
    stops,
    ...more,
  }
}

const watched = (one: CourierProgress, now = '08:20'): Watched =>
  sighted(watchedOf(ROUND, one, LOOK, ms(now)), null, ms(now))

const A_DONE = out(0, { state: 'done', settled_at: at('08:15') })
/** Ten minutes behind: A left at 08:15, B will be at 08:45, C at 09:15. */
const TEN_LATE = [A_DONE, out(1, { expected: at('08:45') }), out(2, { expected: at('09:15') })]
const kinds = (who: Watched, open: OpenEvent[] = [], now = '08:20'): string[] =>
  alertsOf([who], open, LOOK, 'running', ms(now)).map((one) => `${one.kind} ${one.shipments.join('+')}`)

describe('a courier’s day', () => {
  it('has what is done, what is next, and how much each is behind its plan', () => {
    const who = watched(courier(TEN_LATE, { late_minutes: 10 }))
    expect(who.stops.map((one) => one.state)).toEqual(['done', 'next', 'left'])
    expect(who.stops.map((one) => one.late)).toEqual([10, 10, 10])
    expect([who.next?.number, who.settled, who.driven]).toEqual([2, 1, 1000])
    expect(who.next?.spare).toBe(0) // ten minutes of slack, all used
    expect(who.level).toBe('warn')
    expect(who.heardAt).toBe(ms('08:19'))
  })

  it('misses a window when service begins after it closes, not when it ends after it', () => {
    const stops = (closes: string) => [
      A_DONE,
      out(1, { expected: at('08:45'), closes: at(closes) }),
      TEN_LATE[2] as StopOut,
    ]
    expect(watched(courier(stops('08:40'))).misses).toBe(0) // begins at 08:40
    const who = watched(courier(stops('08:39')))
    expect([who.misses, who.level]).toEqual([1, 'bad'])
    expect(kinds(who)).toEqual(['window B', 'cash A'])
  })

  it('misses a line when the trip is back after its cut-off', () => {
    const collected = out(0, { state: 'done', settled_at: at('08:15'), cut_off: at('10:09') })
    const late = (back: string) =>
      watched(courier([collected, ...TEN_LATE.slice(1)], { trip_returns: [at(back)] }))
    expect(late('10:09').misses).toBe(0)
    expect(kinds(late('10:10'))).toContain('line A')
  })

  it('says whether a position may be shown, is fresh, is old, or is none', () => {
    const seen = { at: at('08:17'), lon: 105, lat: 10, accuracy: 5, clock_is_wrong: false }
    const sight = (consent: boolean | null, with_: typeof seen | null, now: string) =>
      sighted(watchedOf(ROUND, courier(TEN_LATE, { consent }), LOOK, ms(now)), with_, ms(now)).sight
    expect(sight(true, seen, '08:20')).toBe('fresh')
    expect(sight(true, seen, '08:21')).toBe('old')
    expect(sight(true, null, '08:20')).toBe('none')
    expect(sight(true, seen, '17:01')).toBe('off')
    expect([sight(false, null, '08:20'), sight(null, null, '08:20')]).toEqual(['refused', 'unasked'])
  })

  it('is no longer expected to do anything when the day is over', () => {
    const one = courier(TEN_LATE, { late_minutes: 500 })
    const who = watchedOf(ROUND, one, LOOK, ms('20:00'), true)
    expect(who.stops.map((stop) => stop.state)).toEqual(['done', 'undone', 'undone'])
    expect([who.next, who.misses, who.level]).toEqual([null, 0, 'warn'])
  })

  it.each([
    ['Nguyễn Văn An', 'NA'],
    ['Bưu tá mẫu Tân Châu 03', 'TC3'],
    ['Đỗ Ơn', 'ĐƠ'],
    ['An', 'A'],
    ['LX-01', 'L1'],
  ])('initials of %s', (name, expected) => expect(initialsOf(name)).toBe(expected))
})

describe('alerts', () => {
  it('name a stop that was passed by, one that failed, and a proof that lacks something', () => {
    const who = watched(
      courier([
        out(0, {}),
        out(1, { state: 'failed', settled_at: at('08:35') }),
        out(2, { expected: at('09:05') }),
      ]),
    )
    const open = { event_id: 'e', type: 'ATTEMPT', shipments: ['B'], recorded_at: at('08:36'), pieces: [] }
    const found = alertsOf([who], [open as unknown as OpenEvent], LOOK, 'running', ms('08:40'))
    expect(found.map((one) => [one.kind, one.stop?.number])).toEqual([
      ['skipped', 1],
      ['failed', 2],
      ['proof', 2],
    ])
  })

  it('say that a courier is silent after half an hour, only while something is ahead', () => {
    const silent = (unseen_seconds: number | null, stops = TEN_LATE) =>
      kinds(watched(courier(stops, { unseen_seconds })))
    expect(silent(29 * 60)).not.toContain('silent B')
    expect(silent(30 * 60)).toContain('silent B')
    expect(silent(null)).toContain('silent B') // 50 minutes after the planned start
    const over = STOPS.map((_, index) => out(index, { state: 'done', settled_at: at('08:15') }))
    expect(silent(3600, over)).toEqual([])
  })

  it('keep their names as long as the trouble is the same', () => {
    const key = (minute: string) =>
      alertsOf(
        [watched(courier(TEN_LATE, { unseen_seconds: null }), minute)],
        [],
        LOOK,
        'running',
        ms(minute),
      )
        .map((one) => one.key)
        .sort()
    expect(key('08:30')).toEqual(key('08:45'))
  })
})

describe('what the map draws', () => {
  it('cuts a trip at the stop settled last, and gives every stop a sign', () => {
    const drawn = progressLayers([watched(courier(TEN_LATE))])
    expect(drawn.driven.features.map((one) => one.geometry.coordinates.length)).toEqual([2])
    expect(drawn.rounds.features.map((one) => one.geometry.coordinates.length)).toEqual([4])
    expect(drawn.stops.features.map((one) => one.properties?.badge as string)).toEqual([
      'stop #1b6e3c ✓ disc',
      'stop #3c74fb 2 disc',
      'stop #3c74fb 3 disc',
    ])
  })

  it('moves marks apart that lie upon each other, and leaves the others', () => {
    const spots = Array.from({ length: 20 }, () => ({ x: 5, y: 5 })).concat({ x: 900, y: 900 })
    const moved = spread(spots, 40).map((by, index) => ({
      x: by.x + (spots[index]?.x ?? 0),
      y: by.y + (spots[index]?.y ?? 0),
    }))
    expect([moved[0], moved[20]]).toEqual([spots[0], spots[20]])
    const gaps = moved.flatMap((a, i) => moved.slice(i + 1).map((b) => Math.hypot(a.x - b.x, a.y - b.y)))
    expect(Math.min(...gaps)).toBeGreaterThan(39)
  })
})
