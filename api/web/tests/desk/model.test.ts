import { describe, expect, it } from 'vitest'
import { documentsOf, emptyDossier, sheets, unfilled } from '../../src/desk/model/acceptance'
import { bringers, byLast, heldAt, missingOf } from '../../src/desk/model/batch'
import { askedAnew, begun, keptAsTold } from '../../src/desk/model/mending'
import type { DeviceEvent } from '../../src/device/outbox'
import { relationsFor } from '../../src/desk/model/takers'
import { missing, needsOf, piecesOf } from '../../src/device/pieces'
import { codeOf, left, rollOf } from '../../src/desk/model/labels'
import { findProcedures, proceduresOf } from '../../src/desk/model/procedures'
import type { EvidenceTable, Found, NetworkRow } from '../../src/shared/api.gen'
import { isMistyped } from '../../src/shared/s10'

const TABLE: EvidenceTable = {
  outcomes: {
    ACCEPT: ['party', 'documents', 'seal', 'receipt_no|nothing_paid'],
    DELIVER: ['party', 'id_digits', 'signature_theirs|pin_sealed'],
  },
  reasons: {},
  scans_only: [],
  offline: { DELIVER: ['signature_theirs'] },
}

describe('what an outcome still lacks', () => {
  it('is one of the alternatives of each line', () => {
    const needs = needsOf(TABLE, 'DELIVER', { offline: false })
    expect(missing(needs, {})).toEqual(['id_digits', 'signature_theirs|pin_sealed'])
    expect(missing(needs, { id_digits: '12', pin_sealed: '12345' })).toEqual(needs.slice(1))
    expect(missing(needs, { id_digits: '1234', pin_sealed: '123456' })).toEqual([])
  })

  it('is a signature besides, without a connection', () => {
    const needs = needsOf(TABLE, 'DELIVER', { offline: true })
    expect(missing(needs, { id_digits: '1234', pin_sealed: '123456' })).toEqual(['signature_theirs'])
  })

  it('is no receipt only when nothing at all is paid', () => {
    const needs = needsOf(TABLE, 'ACCEPT', { offline: false })
    const given = { documents: [{ name: 'Đơn', kind: 'copy', count: 1 }], seal: 'N1', fee_dong: 0 }
    expect(missing(needs, { ...given, postage_dong: 5000 })).toEqual(['receipt_no|nothing_paid'])
    expect(missing(needs, { ...given, postage_dong: 0 })).toEqual([])
    expect(missing(needs, { ...given, documents: [], postage_dong: 0 })).toEqual(['documents'])
    expect(piecesOf(needs)).toEqual(['documents', 'seal', 'receipt_no'])
  })

  it('lets a result go to nobody whom its procedure does not name', () => {
    expect(relationsFor('self')).toEqual(['self', 'legal_representative'])
    expect(relationsFor('authorised')).toContain('authorised')
    expect(relationsFor('household')).toContain('household')
    expect(relationsFor('unheard of')).toEqual(relationsFor('self'))
  })
})

describe('a dossier', () => {
  it('names what is not filled in, and a code with a wrong check digit', () => {
    expect(unfilled(emptyDossier())).toEqual(['procedure', 'agency', 'name', 'phone', 'address', 'code'])
    const filled = { procedure: 'P', agency: 'A', name: 'N', phone: '1', address: 'B', papers: [] }
    expect(unfilled({ ...filled, code: 'RR000000028VN' })).toEqual([])
    expect(unfilled({ ...filled, code: 'RR000000029VN' })).toEqual(['code'])
  })

  it('counts the sheets of papers that have a name', () => {
    const papers = [
      { name: ' Giấy khai sinh ', kind: 'original' as const, count: 1 },
      { name: 'Sổ hộ khẩu', kind: 'copy' as const, count: 3 },
      { name: ' ', kind: 'copy' as const, count: 9 },
    ]
    expect(sheets(papers)).toBe(4)
    expect(documentsOf(papers)[0]).toEqual({ name: 'Giấy khai sinh', kind: 'original', count: 1 })
  })
})

const found = (code: string, holding: Found['holding'], holder: string | null): Found =>
  ({ code, holding, holder }) as Found

describe('a batch', () => {
  const all = [
    found('A', 'courier', 'BT-02'),
    found('B', 'site', 'BC-1'),
    found('C', 'courier', 'BT-02'),
    found('D', 'line', 'L/1'),
    found('E', 'nobody', null),
    found('F', 'site', 'BC-2'),
  ]

  it('belongs to whoever holds it', () => {
    expect(bringers(all)).toEqual([
      { holding: 'courier', name: 'BT-02', codes: ['A', 'C'] },
      { holding: 'line', name: 'L/1', codes: ['D'] },
    ])
    expect(heldAt(all, 'BC-1').map(({ code }) => code)).toEqual(['B'])
  })

  it('misses what was not read', () => {
    expect(missingOf(['A', 'C'], ['C', 'X'])).toEqual(['A'])
  })

  it('is told by as many events as it follows', () => {
    expect(byLast(['A', 'B', 'C'], ['e1', undefined, 'e1'])).toEqual([
      ['e1', ['A', 'C']],
      [undefined, ['B']],
    ])
  })
})

describe('what was refused', () => {
  const event = (type: string, data: Record<string, unknown>): DeviceEvent =>
    ({ type, data, shipments: ['A'] }) as unknown as DeviceEvent

  it('is asked anew but for pictures, and a PIN is typed again', () => {
    const told = event('DELIVER', {
      site_id: 'BC-1', recipient_name: 'An', id_digits: '1', signature_theirs: 'ab12', pin_sealed: 'sealed', fee_dong: 5,
      postage_dong: 7,
    }) // prettier-ignore
    const asked = askedAnew(told, TABLE.outcomes['DELIVER'] ?? [])
    expect(asked).toEqual(['id_digits', 'pin_sealed', 'recipient_name', 'fee_dong'])
    expect(keptAsTold(told, asked)).toEqual({ signature_theirs: 'ab12', postage_dong: 7 })
    expect(begun(told, asked)).toEqual({ recipient_name: 'An', id_digits: '1', fee_dong: 5 })
  })

  it('keeps what was seen of a batch', () => {
    const data = { courier_id: 'BT-02', scanned: ['A'], count: 1, seal_intact: false }
    const told = event('ARRIVE', { site_id: 'BC-1', ...data })
    const asked = askedAnew(told, ['site_id', 'scanned|manifest_no|seal_intact'])
    expect(asked).toEqual([])
    expect(keptAsTold(told, asked)).toEqual(data)
  })
})

describe('label numbers', () => {
  it('carry a right check digit', () => {
    expect(codeOf('RR', 12345678)).toBe('RR123456785VN') // UPU S10, the example of its annex
    for (let number = 0; number < 50; number += 1) expect(isMistyped(codeOf('RR', number))).toBe(false)
  })

  it('come from a roll with two ends', () => {
    expect(rollOf('RR', '10', '12')).toEqual({ service: 'RR', next: 10, last: 12 })
    for (const [service, first, last] of [
      ['R', '1', '2'],
      ['RR', '3', '2'],
      ['RR', '', '2'],
      ['RR', '1', '123456789'],
    ] as const)
      expect(rollOf(service, first, last)).toBeNull()
    expect(left({ service: 'RR', next: 12, last: 12 })).toBe(1)
    expect(left({ service: 'RR', next: 13, last: 12 })).toBe(0)
  })
})

describe('procedures', () => {
  const row = (procedure_code: string, title: string, postal: string): NetworkRow =>
    ({ cells: { procedure_code, title, postal } }) as unknown as NetworkRow
  const all = proceduresOf([
    row('1.1', 'Đăng ký đất đai lần đầu', 'yes'),
    row('1.2', 'Đăng ký khai sinh', 'no'),
    row('2.3', 'Cấp phiếu lý lịch', 'yes'),
  ])

  it('are found without diacritics, by words in any order, or by code', () => {
    expect(findProcedures(all, 'dat dai dang', 8).map(({ code }) => code)).toEqual(['1.1'])
    expect(findProcedures(all, 'ĐĂNG KÝ', 8).map(({ code }) => code)).toEqual(['1.2', '1.1'])
    expect(findProcedures(all, '2.3', 8).map(({ title }) => title)).toEqual(['Cấp phiếu lý lịch'])
    expect(findProcedures(all, ' ', 8)).toEqual([])
    expect(findProcedures(all, 'dang', 1)).toHaveLength(1)
  })

  it('say which may not go by post', () => {
    expect(all.map(({ postal }) => postal)).toEqual([true, false, true])
  })
})
