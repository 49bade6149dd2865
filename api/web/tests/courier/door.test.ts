import { beforeAll, describe, expect, it } from 'vitest'
import {
  dossierOf,
  emptyDossier,
  lacksOf,
  toldOf,
  type Dossier,
  type Round,
} from '../../src/courier/door/dossier'
import { postageOf } from '../../src/courier/door/postage'
import { en } from '../../src/courier/door/words/en'
import { vi } from '../../src/courier/door/words/vi'
import { aboard } from '../../src/courier/model/day'
import { actionOf } from '../../src/courier/recording'
import type { OutboxEntry } from '../../src/device/outbox'
import { findProcedures, folded } from '../../src/device/procedures'

const ACCEPT = ['party', 'documents', 'seal', 'signature_theirs', 'signature_ours', 'receipt_no|nothing_paid']
const SCANS = ['party', 'documents', 'signature_theirs', 'signature_ours', 'receipt_no|nothing_paid', 'scan']
const ROUND: Round = {
  courier: 'BT-01',
  table: { outcomes: { ACCEPT }, reasons: {}, offline: {}, scans_only: SCANS },
  online: true,
  postage: 25_000,
}
const AT = '2026-11-27T09:00:00.000+07:00'
let ink: Blob
let page: Blob
beforeAll(() => {
  ;[ink, page] = [new Blob(['ink']), new Blob(['page'])]
})
const whole = (): Dossier => ({
  procedure: '1.001120',
  scansOnly: false,
  agency: 'CQ1',
  name: ' Trần Thị Bưởi ',
  phone: '0909123456',
  address: 'Tổ 4',
  commune: '30307',
  point: [105.43, 10.38],
  papers: [{ name: 'Căn cước ', kind: 'copy', count: 2 }],
  code: 'RR000000028VN', // 2*7 = 14, 14 mod 11 = 3, 11 - 3 = 8
  inCash: true,
  stop: undefined,
  given: {
    fee_dong: 200_000,
    seal: 'NP-1',
    receipt_no: 'BL-1',
    signature_theirs: ink,
    signature_ours: ink,
    photo: [page],
  },
})

describe('a price', () => {
  const tariffs = [
    { level: null, commune: null, procedure: null, dong: 30_000 },
    { level: null, commune: '30316', procedure: null, dong: 0 },
    { level: 'province' as const, commune: null, procedure: '1.001120', dong: 25_000 },
    { level: 'commune' as const, commune: '30316', procedure: null, dong: 7_000 },
  ]
  it.each([
    ['province', '30307', '1.001120', 25_000], // by procedure
    ['province', '30316', '1.001120', 25_000], // the procedure wins over the commune
    ['commune', '30307', '1.001120', 30_000], // the row of the procedure is of another level
    ['province', '30316', '2.0', 0], // by commune
    ['commune', '30316', '2.0', 7_000], // by commune and level
    [null, '30307', '2.0', 30_000], // any
  ] as const)('of %s, %s, %s is %d', (level, commune, procedure, dong) => {
    expect(postageOf(tariffs, level, commune, procedure)).toBe(dong)
  })
  it('is nothing without a row', () => {
    expect(postageOf([], 'province', '30307', '1.0')).toBe(0)
  })
})

describe('what is lacking', () => {
  it('is nothing of a whole dossier', () => expect(lacksOf(whole(), ROUND)).toEqual([]))
  it.each([
    [{ procedure: '' }, 'procedure'],
    [{ agency: '' }, 'agency'],
    [{ name: ' ' }, 'name'],
    [{ phone: '' }, 'phone'],
    [{ address: '' }, 'address'],
    [{ commune: '' }, 'commune'],
    [{ code: '' }, 'code'],
    [{ code: 'RR000000029VN' }, 'code'],
    [{ point: null }, 'place'],
    [{ papers: [] }, 'documents'],
  ] as [Partial<Dossier>, string][])('after %j is %s', (change, name) => {
    expect(lacksOf({ ...whole(), ...change }, ROUND)).toEqual([name])
  })
  it.each(['fee_dong', 'seal', 'signature_theirs', 'signature_ours'])('without %s is that', (name) => {
    const { given } = whole()
    expect(lacksOf({ ...whole(), given: { ...given, [name]: undefined } }, ROUND)).toEqual([name])
  })
  it('is no receipt where nothing is paid', () => {
    const given = { ...whole().given, fee_dong: 0, receipt_no: undefined }
    expect(lacksOf({ ...whole(), given }, ROUND)).toEqual(['receipt_no|nothing_paid'])
    expect(lacksOf({ ...whole(), given }, { ...ROUND, postage: 0 })).toEqual([])
  })
  it('is a scan and no seal when the citizen keeps the papers', () => {
    const given = { ...whole().given, seal: undefined, photo: [] }
    expect(lacksOf({ ...whole(), scansOnly: true, given }, ROUND)).toEqual(['photo'])
  })
})

describe('what is told', () => {
  it('is one action: the shipment to be registered, and the event', () => {
    const told = toldOf(whole(), ROUND, AT)
    expect(told.data).toEqual({
      courier_id: 'BT-01', documents: [{ name: 'Căn cước', kind: 'copy', count: 2 }], fee_dong: 200_000,
      postage_dong: 25_000, cash_dong: 225_000, seal: 'NP-1', receipt_no: 'BL-1',
    }) // prettier-ignore
    expect(told.registration?.shipment).toEqual({
      code: 'RR000000028VN', kind: 'intake', procedure_code: '1.001120', origin_lon: 105.43, origin_lat: 10.38,
      origin_address: 'Tổ 4', origin_commune: '30307', dest_site: 'CQ1', contact_name: 'Trần Thị Bưởi',
      contact_phone: '0909123456', ready_at: AT, fee_dong: 200_000, postage_dong: 25_000,
    }) // prettier-ignore
  })
  it('names no cash that came by transfer, and no seal of what stays', () => {
    const { data } = toldOf({ ...whole(), inCash: false, scansOnly: true }, ROUND, AT)
    expect([data['cash_dong'], data['scans_only'], 'seal' in data]).toEqual([0, true, false])
  })

  async function refused(): Promise<OutboxEntry> {
    const { draft, files } = await actionOf(toldOf(whole(), ROUND, AT), true, '')
    expect(files).toEqual([ink, ink, page])
    const { registration, ...event } = draft
    return {
      event: { ...event, event_id: 'e', at: AT, counter: 1, device_id: 'd', evidence: [] },
      state: 'parked',
      ...(registration && { registration }),
    }
  }
  it('comes back to be mended as it was, with its pictures', async () => {
    const entry = await refused()
    const hashes = [entry.event.data['signature_theirs'], ...(entry.event.data['photos'] as string[])]
    const back = dossierOf(entry, (hash) => (hash === hashes[0] ? ink : page))
    expect(back).toEqual({
      ...whole(),
      name: 'Trần Thị Bưởi',
      papers: [{ name: 'Căn cước', kind: 'copy', count: 2 }],
    })
  })
  it('keeps hashes of pictures that the phone sent already', async () => {
    const entry = await refused()
    const { draft, files } = await actionOf(
      toldOf(
        dossierOf(entry, (hash) => hash),
        ROUND,
        AT,
      ),
      true,
      '',
    )
    expect(files).toEqual([])
    expect(draft.data).toEqual(entry.event.data)
    expect(draft.registration?.once).not.toBe(entry.registration?.once)
  })
  it('is aboard at once, and is not when the papers stay', async () => {
    const entry = await refused()
    expect(aboard([entry])).toEqual(['RR000000028VN'])
    const stays = { ...entry, event: { ...entry.event, data: { ...entry.event.data, scans_only: true } } }
    expect(aboard([stays])).toEqual([])
  })
})

it('begins with the people of the door, and with the only commune of the base', () => {
  const parcel = { name: 'An', phone: '09', address: '3 Bình Đức' }
  const stop = { id: '1/2', site: null, parcels: [parcel], planned: { point: [105.4, 10.3] } } as never
  expect(emptyDossier(stop, ['30307'])).toMatchObject({ ...parcel, commune: '30307', point: [105.4, 10.3] })
  expect(emptyDossier(null, ['30307', '30316'])).toMatchObject({ name: '', commune: '', point: null })
})

it('finds a procedure without diacritics, in any order of words, and by its code', () => {
  const of = (code: string, title: string): { code: string; title: string; folded: string } => ({
    code,
    title,
    folded: folded(code, title),
  })
  const all = [of('1.1', 'Cấp đổi giấy phép lái xe'), of('2.7', 'Đăng ký khai sinh')]
  expect(findProcedures(all, 'lai xe cap', 5).map((one) => one.code)).toEqual(['1.1'])
  expect(findProcedures(all, 'ĐĂNG', 5).map((one) => one.code)).toEqual(['2.7'])
  expect(findProcedures(all, '2.7', 5).map((one) => one.code)).toEqual(['2.7'])
})

it('has its words in both languages', () => {
  expect(Object.keys(en)).toEqual(Object.keys(vi))
  expect(Object.keys(en.lacks)).toEqual(Object.keys(vi.lacks))
})
