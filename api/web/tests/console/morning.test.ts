import { describe, expect, it } from 'vitest'
import { rightsOf } from '../../src/console/account/rights'
import { readAddress, writeAddress } from '../../src/console/address'
import { shifted } from '../../src/console/day/days'
import { crewOf, found } from '../../src/console/planning/crew'
import { newsOf } from '../../src/console/planning/watch.svelte'
import { en } from '../../src/console/words/en'
import { vi } from '../../src/console/words/vi'
import type { JobAnswer, Me, NetworkRow } from '../../src/shared/api.gen'
import { complete } from '../../src/shared/stream'

const me = (role: Me['role'], offices: string[] = []): Me => ({
  user_id: 'u',
  name: 'Lan',
  role,
  province_id: '89',
  offices,
  courier_id: null,
  device_id: null,
})

describe('what somebody may do', () => {
  it.each([
    ['admin', [true, true, true, true]],
    ['dispatcher', [true, true, true, true]],
    ['planner', [true, false, true, false]],
    ['auditor', [true, false, false, false]],
    ['desk', [false, false, false, false]],
    ['courier', [false, false, false, false]],
  ] as const)('%s', (role, expected) => {
    const { see, takeIn, plan, publish } = rightsOf(me(role))
    expect([see, takeIn, plan, publish]).toEqual(expected)
  })

  it('of the running day is the dispatcher alone', () => {
    const roles = ['admin', 'dispatcher', 'planner', 'auditor', 'desk', 'courier'] as const
    expect(roles.filter((role) => rightsOf(me(role)).watch)).toEqual(['dispatcher'])
  })

  it('is nothing for who works in one office: plans are made for provinces', () => {
    expect(Object.values(rightsOf(me('dispatcher', ['BC-LX']))).some(Boolean)).toBe(false)
  })
})

describe('days', () => {
  it('are counted over months and years', () => {
    expect(shifted('2026-12-31', 1)).toBe('2027-01-01')
    expect(shifted('2028-03-01', -1)).toBe('2028-02-29')
  })

  it('stand in the address with the plan that is open', () => {
    for (const hash of [
      '#day=2026-11-25&plan=p-1',
      '#section=running&day=2026-11-25',
      '#day=2026-11-25',
      '#plan=p-1&compare=a..b',
    ])
      expect(writeAddress(readAddress(hash))).toBe(hash)
    expect(readAddress('#day=hôm-nay&section=other')).toEqual({
      section: 'plans',
      day: null,
      plan: null,
      compare: null,
    })
  })
})

describe('the crew', () => {
  const row = (cells: Record<string, string>): NetworkRow => ({
    sheet: 'couriers',
    key: 'k',
    valid_from: null,
    valid_to: null,
    cells,
  })
  const crew = crewOf(
    [
      row({ courier_id: 'BT-10', name: 'Đỗ Văn Ánh', base_id: 'LX' }),
      row({ courier_id: 'BT-2', name: 'An Thị Bé', base_id: 'LX' }),
      row({ courier_id: 'BT-3', name: 'Dự phòng', base_id: 'LX', reserve: 'yes' }),
      row({ courier_id: 'BT-4', name: 'Lê Tú', base_id: 'CD' }),
    ],
    [row({ site_id: 'LX', name: 'Long Xuyên' }), row({ site_id: 'CD', name: 'Châu Đốc' })],
  )

  it('stands by base and name, without reserves', () => {
    expect(crew.map((one) => one.id)).toEqual(['BT-4', 'BT-2', 'BT-10'])
  })

  it('is found without marks, by name, id or base', () => {
    expect(found(crew, 'do anh').map((one) => one.id)).toEqual(['BT-10'])
    expect(found(crew, 'chau doc').map((one) => one.id)).toEqual(['BT-4'])
    expect(found(crew, '')).toHaveLength(3)
  })
})

describe('a search', () => {
  const job = (finished_at: string | null): JobAnswer =>
    ({
      finished_at,
      progress: { stage: 'solving', seconds: 6, of_seconds: 60 },
      result: { plan_id: 'p', version: 3, proposal_id: null, cost_dong: 1, carried: 2, unassigned: 0 },
    }) as JobAnswer

  it('tells the version that its plan has by now', () => {
    expect(newsOf(job(null))).toEqual({ state: 'solving', seconds: 6, version: 3, planId: null })
    expect(newsOf(job('2026-11-25T00:00:00Z')).state).toBe('done')
  })

  it('is read from a stream however it is cut', () => {
    const text = 'id: 1\ndata: {"a":1}\n\n: still here\n\nid: 2\ndata: {"a":2}\n\n'
    for (let cut = 0; cut <= text.length; cut += 1) {
      const [first, open] = complete(text.slice(0, cut))
      const [second, rest] = complete(open + text.slice(cut))
      expect([...first, ...second, rest]).toEqual(['{"a":1}', '{"a":2}', ''])
    }
  })
})

describe('the words of the console on a service', () => {
  type Tree = Record<string, unknown>
  const paths = (tree: Tree, before = ''): string[] =>
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === 'object' ? paths(value as Tree, `${before}${key}.`) : [`${before}${key}`],
    )

  it('are the same in both languages', () => {
    expect(paths(en)).toEqual(paths(vi))
  })
})
