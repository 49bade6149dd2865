import { describe, expect, it } from 'vitest'
import { factsOf, type Told } from '../../src/console/running/deciding/happening'
import { joined } from '../../src/console/running/queue/items'
import { Drafts } from '../../src/console/running/talking/drafts.svelte'
import { longest } from '../../src/console/timeline/draw'

const told: Told = {
  kind: 'road_slow',
  courierId: '',
  heldUp: ['A', 'B'],
  minutes: 20,
  codes: '',
  mustGo: true,
  start: '',
  end: '',
}

describe('a slow road', () => {
  it('is told by whom it holds up, each by the same minutes', () => {
    expect(factsOf(told, '2026-11-25', '+07:00')).toEqual([
      { kind: 'courier_late', courier_id: 'A', minutes: 20 },
      { kind: 'courier_late', courier_id: 'B', minutes: 20 },
    ])
    expect(factsOf({ ...told, heldUp: [] }, '2026-11-25', '+07:00')).toBeNull()
    expect(factsOf({ ...told, minutes: 0 }, '2026-11-25', '+07:00')).toBeNull()
  })
})

describe('a device that has not told everything', () => {
  it('stands in the queue by when it became known', () => {
    const device = {
      device_id: 'D1',
      name: 'Máy 1',
      user_name: 'Hoa',
      courier_id: 'BT-01',
      revoked_at: null,
      missing: 3,
      first: 2,
      last: 7,
      since: '2026-11-25T01:00:00Z',
    }
    const refused = {
      quarantine_id: 7,
      received_at: '2026-11-25T02:00:00Z',
      sent_by: 'x',
      device_id: null,
      pieces: [],
      content: null,
      settled_at: null,
      settled_by: null,
      note: null,
      told_by: null,
    }
    const items = joined([], [], [refused], [device])
    expect(items.map((one) => one.key)).toEqual(['gap-D1', 'refused-7'])
    expect(items[0]).toMatchObject({ origin: 'gap', courierId: 'BT-01', eventId: null, quarantineId: null })
  })
})

describe('what was begun to be written', () => {
  it('is kept by whom it is for, until it is empty', () => {
    const drafts = new Drafts()
    drafts.write('BT-01', 'về sớm')
    expect([drafts.of('BT-01'), drafts.of('BT-02')]).toEqual(['về sớm', ''])
    drafts.write('BT-01', '')
    expect(drafts.of('BT-01')).toBe('')
  })
})

describe('a label on the timeline', () => {
  it('is the longest that does not run into the next', () => {
    const width = (said: string): number => said.length * 6
    expect(longest(['L1/2 17:40', 'L1/2'], 60, width)).toBe('L1/2 17:40')
    expect(longest(['L1/2 17:40', 'L1/2'], 59, width)).toBe('L1/2')
    expect(longest(['L1/2 17:40', 'L1/2'], 10, width)).toBeUndefined()
  })
})
