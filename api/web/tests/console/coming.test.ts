import { describe, expect, it, vi as fake } from 'vitest'
import { clockAt, zoneOf } from '../../src/console/running/model/clock'
import { phaseOf } from '../../src/console/running/model/phase'
import { latest, Moves } from '../../src/console/running/model/seen'
import { Soon } from '../../src/console/running/soon'
import type { DayProgress } from '../../src/shared/api.gen'

const at = (clock: string): string => `2026-11-25T${clock}:00+07:00`
const ms = (clock: string): number => Date.parse(at(clock))

describe('what comes in', () => {
  const fix = (clock: string) => ({ at: at(clock), lon: 105, lat: 10, accuracy: 5, clock_is_wrong: false })
  const day = (position: ReturnType<typeof fix> | null) =>
    ({ couriers: [{ courier_id: 'X', position }] }) as unknown as DayProgress

  it('never replaces a position by an earlier one, nor keeps one that may not be shown', () => {
    expect(latest(day(fix('08:00')), new Map([['X', fix('08:01')]])).get('X')?.at).toBe(at('08:01'))
    expect(latest(day(fix('08:02')), new Map([['X', fix('08:01')]])).get('X')?.at).toBe(at('08:02'))
    expect(latest(day(null), new Map([['X', fix('08:01')]])).size).toBe(0)
  })

  it('is drawn together, the last of each courier', () => {
    const moves = new Moves()
    moves.add('X', fix('08:00'))
    moves.add('X', fix('08:01'))
    moves.add('Y', null)
    const after = moves.onto(new Map([['Y', fix('07:00')]]))
    expect([...after].map(([id, one]) => [id, one.at])).toEqual([['X', at('08:01')]])
    expect(moves.onto(after)).toEqual(after)
  })

  it('is asked for at most once in a pause, however often something happens', async () => {
    fake.useFakeTimers()
    let asked = 0
    const soon = new Soon(() => Promise.resolve((asked += 1)), 1000)
    for (let tick = 0; tick < 100; tick += 1) {
      soon.ask()
      await fake.advanceTimersByTimeAsync(50)
    }
    expect(asked).toBe(6) // at 0, 1, … 5 seconds
    soon.close()
    fake.useRealTimers()
  })
})

describe('the clock', () => {
  it('is that of the plan, whatever zone a moment comes in', () => {
    expect(zoneOf(at('08:00'))).toBe(420)
    expect(clockAt(Date.parse('2026-11-25T01:05:00Z'), 420)).toBe('08:05')
  })

  it('says whether the day has begun and is over', () => {
    const day = {
      couriers: [{ shift_begins: at('07:00'), shift_ends: at('17:00') }],
    } as unknown as DayProgress
    expect([ms('06:59'), ms('07:00'), ms('17:00'), ms('17:01')].map((now) => phaseOf(day, now))).toEqual([
      'before',
      'running',
      'running',
      'over',
    ])
  })
})
