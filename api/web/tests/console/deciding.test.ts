import { describe, expect, it } from 'vitest'
import { factsOf, momentOf, type Told } from '../../src/console/running/deciding/happening'
import {
  changesOf,
  ordered,
  standingOf,
  type CourierChange,
} from '../../src/console/running/deciding/standing'
import type { ProposalAnswer } from '../../src/shared/api.gen'

const TOLD: Told = {
  kind: 'courier_late',
  courierId: 'LX-01',
  heldUp: [],
  minutes: 30,
  codes: 'A1, A2\nA3',
  mustGo: false,
  start: '08:00',
  end: '09:30',
}

const facts = (more: Partial<Told>): unknown => factsOf({ ...TOLD, ...more }, '2026-11-25', '+07:00')

describe('what happened', () => {
  it('becomes facts as the server takes them', () => {
    expect(facts({})).toEqual([{ kind: 'courier_late', courier_id: 'LX-01', minutes: 30 }])
    expect(facts({ kind: 'courier_out' })).toEqual([{ kind: 'courier_out', courier_id: 'LX-01' }])
    expect(facts({ kind: 'cancelled', codes: 'A1' })).toEqual([{ kind: 'cancelled', code: 'A1' }])
    expect(facts({ kind: 'line_late' })).toEqual([
      { kind: 'line_late', codes: ['A1', 'A2', 'A3'], until: '2026-11-25T08:00:00+07:00' },
    ])
    expect(facts({ kind: 'window_changed', codes: 'A1' })).toEqual([
      { kind: 'window_changed', code: 'A1', windows: [{ start: '08:00', end: '09:30' }] },
    ])
    expect(facts({ kind: 'nothing' })).toEqual([])
  })

  it('makes one fact a shipment', () => {
    expect(facts({ kind: 'new_shipment', codes: 'A1 A2' })).toEqual([
      { kind: 'new_shipment', code: 'A1', must_go: false },
      { kind: 'new_shipment', code: 'A2', must_go: false },
    ])
  })

  it.each([
    { courierId: '' },
    { minutes: 0 },
    { minutes: 721 },
    { kind: 'courier_out', courierId: '' },
    { kind: 'cancelled', codes: ' , ' },
    { kind: 'line_late', start: '' },
    { kind: 'window_changed', start: '09:30', end: '08:00' },
  ] as Partial<Told>[])('is not sent as long as something is missing: %o', (more) => {
    expect(facts(more)).toBeNull()
  })

  it('happens at a clock of the plan’s zone', () => {
    expect(momentOf('2026-11-25', '05:00', '+07:00')).toBe('2026-11-25T05:00:00+07:00')
  })
})

const proposal = (id: string, status: ProposalAnswer['status'], version: number): ProposalAnswer =>
  ({ proposal_id: id, status, plan_version: version }) as ProposalAnswer

describe('proposals', () => {
  it('are out of date once the plan has another version', () => {
    expect(standingOf(proposal('a', 'open', 2), 2)).toBe('open')
    expect(standingOf(proposal('a', 'open', 2), 3)).toBe('outdated')
    expect(standingOf(proposal('a', 'accepted', 2), 3)).toBe('accepted')
  })

  it('stand first as long as they wait for a decision', () => {
    const all = [proposal('a', 'accepted', 1), proposal('b', 'open', 1), proposal('c', 'open', 2)]
    expect(ordered(all, 2).map((one) => one.proposal_id)).toEqual(['c', 'a', 'b'])
  })

  it('know what couriers were told with them', () => {
    const changes = [2, 3].map((version) => ({ version }) as CourierChange)
    expect(changesOf(proposal('a', 'accepted', 2), changes)).toEqual([{ version: 3 }])
    expect(changesOf(proposal('a', 'rejected', 2), changes)).toEqual([])
  })
})
