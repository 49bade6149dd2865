import { describe, expect, it } from 'vitest'
import { coming, handedHere, owed, toFetch, toGive } from '../../src/desk/model/agency'
import { tabsOf } from '../../src/desk/model/desks'
import { handed, handOf, needsOfEach, reports, signaturesOf } from '../../src/desk/model/handing'
import type { EvidenceTable, Found } from '../../src/shared/api.gen'

const TABLE: EvidenceTable = {
  outcomes: {
    HAND_AGENCY: [
      'party',
      'count',
      'signature_theirs',
      'signature_ours',
      'fee_dong',
      'slip_no|no_slip_reason',
    ],
    OUT: ['courier_id', 'scanned'],
    ARRIVE: ['site_id', 'scanned|manifest_no|seal_intact'],
  },
  reasons: {},
  offline: {},
  scans_only: [],
}

const found = (code: string, more: Partial<Found>): Found =>
  ({
    code,
    kind: 'intake',
    holding: 'courier',
    holder: 'BT-1',
    origin_site: null,
    dest_site: 'CQ',
    due_on: '2026-12-01',
    appointment_on: null,
    ...more,
  }) as Found

const result = (code: string, more: Partial<Found> = {}): Found =>
  found(code, {
    kind: 'result',
    holding: 'nobody',
    holder: null,
    origin_site: 'CQ',
    dest_site: null,
    ...more,
  })

describe('what passes between a desk and a courier', () => {
  it('is told as what it is', () => {
    expect(handOf(found('A', {}), 'in')).toBe('HAND_AGENCY')
    expect(handOf(found('A', { kind: 'transfer' }), 'in')).toBe('HAND_AGENCY')
    expect(handOf(found('A', { kind: 'result' }), 'in')).toBe('ARRIVE')
    expect(handOf(result('A'), 'out')).toBe('COLLECT_RESULT')
    expect(handOf(found('A', { holding: 'site' }), 'out')).toBe('OUT')
  })

  it('asks of each envelope what is its own, and of both sides their signatures once', () => {
    expect(needsOfEach(TABLE, 'HAND_AGENCY', false)).toEqual(['count', 'fee_dong', 'slip_no|no_slip_reason'])
    expect(needsOfEach(TABLE, 'ARRIVE', false)).toEqual([])
    expect(signaturesOf(TABLE, ['OUT'], false)).toEqual([])
    expect(signaturesOf(TABLE, ['OUT', 'HAND_AGENCY'], false)).toEqual(['signature_theirs', 'signature_ours'])
  })

  it('names both hands, and the scan only where papers move', () => {
    const one = { code: 'A', follows: 'e1', given: { count: 3 } }
    const agency = handed({ ...one, type: 'HAND_AGENCY' }, 'CQ', 'BT-1', {})
    expect(agency).toMatchObject({ type: 'HAND_AGENCY', shipments: ['A'], follows: 'e1' })
    expect(agency.data).toEqual({ count: 3, site_id: 'CQ', courier_id: 'BT-1' })
    const out = handed({ ...one, type: 'OUT', follows: undefined }, 'CQ', 'BT-1', {})
    expect(out.data['scanned']).toEqual(['A'])
    expect(out).not.toHaveProperty('follows')
  })

  it('reports only what there is', () => {
    const told = reports('CQ', [
      [['A', 'B'], 'thiếu'],
      [[], 'thừa'],
    ])
    expect(told.map(({ type, shipments, data }) => [type, shipments, data['note']])).toEqual([
      ['EXCEPTION', ['A', 'B'], 'thiếu'],
    ])
  })
})

describe('the day of an agency', () => {
  it('is what is on its way here, the soonest first', () => {
    const all = [
      found('late', { due_on: '2026-12-02' }),
      found('soon', {}),
      found('elsewhere', { dest_site: 'CQ2' }),
      found('done', { holding: 'done' }),
      found('unaccepted', { holding: 'nobody' }),
      found('lies here', { holding: 'site', holder: 'CQ' }),
    ]
    expect(coming(all, 'CQ').map(({ code }) => code)).toEqual(['soon', 'late'])
    expect(handedHere(all, 'CQ').map(({ code }) => code)).toEqual(['done'])
  })

  it('is what it promised for today, and what waits for a courier', () => {
    const all = [
      result('undated'),
      result('tomorrow', { appointment_on: '2026-12-02' }),
      result('today', { appointment_on: '2026-12-01' }),
      result('fetched', { holding: 'courier' }),
      found('accepted here', { holding: 'site', holder: 'CQ', dest_site: 'CQ2' }),
    ]
    const results = toFetch(all, 'CQ')
    expect(results.map(({ code }) => code)).toEqual(['today', 'tomorrow', 'undated'])
    expect(owed(results, '2026-12-01').map(({ code }) => code)).toEqual(['today'])
    expect(toGive(all, 'CQ').at(-1)?.code).toBe('accepted here')
  })
})

it('shows each kind of desk what it does', () => {
  const site = (kind: string) => ({ id: 'X', name: 'X', kind, commune: '1' })
  expect(tabsOf(site('agency'))).not.toContain('accept')
  expect(tabsOf(site('one_stop'))).toEqual(expect.arrayContaining(['accept', 'handout', 'give']))
  expect(tabsOf(site('post_office'))).not.toContain('give')
})
