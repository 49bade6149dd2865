import { describe, expect, it } from 'vitest'
import { countsBy, joined, matching, nextOf } from '../../src/console/running/queue/items'
import type { Incident, OpenEvent, RefusedEvent } from '../../src/shared/api.gen'

const open = (id: string, at: string, courier: string | null): OpenEvent =>
  ({ event_id: id, recorded_at: at, courier_id: courier, office: 'BC-LX', type: 'DELIVER' }) as OpenEvent
const incident = (id: string, at: string, settled: string | null = null): Incident =>
  ({ event_id: id, recorded_at: at, courier_id: 'LX-01', settled_at: settled }) as Incident
const refused = (id: number, at: string): RefusedEvent =>
  ({ quarantine_id: id, received_at: at }) as RefusedEvent

const ITEMS = joined(
  [open('a', '2026-11-25T03:00:00Z', 'LX-01'), open('b', '2026-11-25T01:00:00Z', null)],
  [
    incident('a', '2026-11-25T03:00:00Z'),
    incident('c', '2026-11-25T02:00:00Z'),
    incident('d', '2026-11-25T02:30:00Z', '2026-11-25T04:00:00Z'),
  ],
  [refused(7, '2026-11-25T01:30:00Z')],
  [],
)

describe('the queue', () => {
  it('has the oldest first, each event once, and nothing that is settled', () => {
    expect(ITEMS.map((one) => one.key)).toEqual(['b', 'refused-7', 'c', 'a'])
    expect(ITEMS.map((one) => one.origin)).toEqual(['incomplete', 'refused', 'incident', 'incomplete'])
  })

  it('is filtered by what it is, courier and office together', () => {
    const all = { origin: '', courierId: '', office: '' } as const
    expect(matching(ITEMS, all)).toEqual(ITEMS)
    expect(matching(ITEMS, { ...all, courierId: 'LX-01' }).map((one) => one.key)).toEqual(['c', 'a'])
    expect(matching(ITEMS, { ...all, courierId: 'LX-01', office: 'BC-LX' }).map((one) => one.key)).toEqual([
      'a',
    ])
    expect(matching(ITEMS, { ...all, origin: 'refused' }).map((one) => one.key)).toEqual(['refused-7'])
  })

  it('counts what a filter would show', () => {
    expect(countsBy(ITEMS, (one) => one.courierId)).toEqual([['LX-01', 2]])
  })

  it('opens the next one, and at its end the one before', () => {
    expect(nextOf(ITEMS, 'b')).toBe('refused-7')
    expect(nextOf(ITEMS, 'a')).toBe('c')
    expect(nextOf(ITEMS.slice(0, 1), 'b')).toBeNull()
  })
})
