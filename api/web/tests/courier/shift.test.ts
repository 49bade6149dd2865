import { expect, it } from 'vitest'
import type { MyRound } from '../../src/shared/api.gen'
import { isUnderWay } from '../../src/courier/model/shift'

const at = (time: string): number => Date.parse(`2026-11-25T${time}:00+07:00`)
const trip = (departs: string, returns: string): object => ({
  departs: `2026-11-25T${departs}:00+07:00`,
  returns: `2026-11-25T${returns}:00+07:00`,
})
const round = { route: { trips: [trip('08:00', '11:00'), trip('13:30', '16:00')] } } as unknown as MyRound

it('is under way from an hour before the first departure until two after the last return', () => {
  const times = ['06:59', '07:00', '12:00', '18:00', '18:01']
  expect(times.map((time) => isUnderWay(round, at(time)))).toEqual([false, true, true, true, false])
  expect(isUnderWay({ route: { trips: [] } } as unknown as MyRound, at('09:00'))).toBe(false)
})
