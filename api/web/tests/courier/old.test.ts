import { expect, it } from 'vitest'
import type { OutboxEntry } from '../../src/device/outbox'
import { daysBefore } from '../../src/device/old'
import { forgettable } from '../../src/courier/model/old'

let counter = 0
function told(type: string, shipments: string[], more: Partial<OutboxEntry['event']> = {}): OutboxEntry {
  counter += 1
  const event = {
    event_id: `e${counter}`, type, shipments, at: '2026-11-10T08:00:00+07:00', counter, device_id: 'd1', evidence: [],
    offline: false, data: {}, ...more,
  } // prettier-ignore
  return { event, state: 'answered' }
}
const whole = (): boolean => true
const ids = (entries: readonly OutboxEntry[]): string[] => entries.map(({ event }) => event.event_id)

it('forgets what was answered before, and neither the round, nor the young, nor what waits or was refused', () => {
  const old = told('DELIVER', ['A'])
  const kept = [
    { ...told('DELIVER', ['B']), state: 'parked' as const },
    { ...told('DELIVER', ['C']), state: 'waiting' as const },
    told('DELIVER', ['D'], { at: '2026-11-18T08:00:00+07:00' }),
    told('DELIVER', ['E'], { evidence: ['photo'] }),
  ]
  const since = counter + 1
  const round = told('DELIVER', ['F'])
  const isWhole = ({ event }: OutboxEntry): boolean => event.evidence.length === 0
  expect(ids(forgettable([old, ...kept, round], since, '2026-11-18', isWhole))).toEqual([old.event.event_id])
})

it('keeps everything that a parcel aboard hangs on, however far', () => {
  // B is aboard; the OUT names A too, so A's hand-over stays, else A would seem to be aboard; and so on to C.
  const linked = [told('OUT', ['A', 'B']), told('ARRIVE', ['A', 'C']), told('OUT', ['C'])]
  const apart = [told('OUT', ['X']), told('DELIVER', ['X'])]
  const found = forgettable([...linked.reverse(), ...apart], counter + 1, '2026-11-18', whole)
  expect(ids(found)).toEqual(ids(apart))
})

it('counts days back over the end of a month', () => {
  expect(daysBefore('2026-12-03', 7)).toBe('2026-11-26')
})
