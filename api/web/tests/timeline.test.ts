import { describe, expect, it } from 'vitest'
import { timeline } from '../src/console/model/timeline'
import { at, plan, stop, trip } from './sample'

const route = (trips: Parameters<typeof plan>[0]) => {
  const [first] = plan(trips).routes
  if (!first) throw new Error('no route')
  return first
}
const kinds = (trips: Parameters<typeof plan>[0]): string[] => timeline(route(trips)).map((row) => row.kind)

describe('the timeline of a round', () => {
  it('goes from base to base', () => {
    expect(kinds([trip({})])).toEqual(['depart', 'stop', 'return'])
  })

  it('says how long reloading takes between two trips', () => {
    const rows = timeline(route([trip({}), trip({ departs: at('09:20'), returns: at('10:00') })]))
    const returns = rows.filter((row) => row.kind === 'return')
    expect(returns.map((row) => row.reload)).toEqual([20 * 60, null])
    expect(rows.filter((row) => row.kind === 'stop').map((row) => row.number)).toEqual([1, 2])
  })

  it('puts a break before the service that it delays, and does not call it waiting', () => {
    const later = stop({ arrives: at('11:00'), waits: 3900, starts: at('12:05'), leaves: at('12:10') })
    const trips = [
      trip({
        stops: [stop({}), later],
        returns: at('13:00'),
        breaks: [{ starts: at('11:00'), ends: at('12:00') }],
      }),
    ]
    expect(kinds(trips)).toEqual(['depart', 'stop', 'break', 'stop', 'return'])
    const waits = timeline(route(trips)).flatMap((row) => (row.kind === 'stop' ? [row.waits] : []))
    expect(waits).toEqual([0, 300])
  })

  it('puts a break after the last stop before the return, and one at the base before leaving', () => {
    const after = [trip({ returns: at('10:00'), breaks: [{ starts: at('08:30'), ends: at('09:30') }] })]
    expect(kinds(after)).toEqual(['depart', 'stop', 'break', 'return'])
    const before = [trip({ breaks: [{ starts: at('06:30'), ends: at('07:30') }] })]
    expect(kinds(before)).toEqual(['break', 'depart', 'stop', 'return'])
  })

  it('gives the way back its own length', () => {
    const back = timeline(route([trip({})])).find((row) => row.kind === 'return')
    expect(back?.kind === 'return' && back.metres).toBe(7000)
  })
})
