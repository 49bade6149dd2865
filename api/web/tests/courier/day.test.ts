import { describe, expect, it } from 'vitest'
import type { OutboxEntry } from '../../src/device/outbox'
import { aboard, fateOf, money, standing, type Stop } from '../../src/courier/model/day'
import { maskedName } from '../../src/courier/model/masking'
import { askedFor } from '../../src/courier/model/outcomes'
import { missing } from '../../src/device/pieces'

let counter = 0
function told(type: string, code: string, more: Partial<OutboxEntry['event']> = {}): OutboxEntry {
  counter += 1
  const event = {
    event_id: `e${counter}`,
    type,
    shipments: [code],
    at: '2026-11-25T08:00:00+07:00',
    counter,
    device_id: 'd1',
    evidence: [],
    offline: false,
    data: {},
    ...more,
  }
  return { event, state: 'answered' }
}
const home = (...drops: string[]): Stop => ({
  id: '1/1',
  planned: {} as Stop['planned'],
  site: null,
  parcels: [],
  drops: new Set(drops),
})

describe('what stands', () => {
  it('puts an event that was told again where the first one stood', () => {
    const out = told('OUT', 'A')
    const given = told('DELIVER', 'A')
    const again = told('OUT', 'A', { replaces: out.event.event_id })
    const events = standing([out, given, again])
    expect(events.map(({ event }) => event.event_id)).toEqual([again.event.event_id, given.event.event_id])
    expect(aboard(events)).toEqual([])
  })

  it('leaves nothing in the place of what did not happen', () => {
    const out = told('OUT', 'A')
    const wrong = told('DELIVER', 'A')
    const undo = told('CORRECT', 'A', { replaces: wrong.event.event_id })
    expect(aboard(standing([out, wrong, undo]))).toEqual(['A'])
    expect(fateOf(home('A'), 'A', standing([out, wrong, undo]))).toBe('open')
  })
})

describe('the fate of a parcel', () => {
  it('follows the parcel when a plan counts its stops anew', () => {
    expect(fateOf(home('A'), 'A', [told('DELIVER', 'A', { stop: '1/7' })])).toBe('done')
  })

  it('is failed after an attempt, also when it is handed in at the base, and done when a later try succeeds', () => {
    const failed = [told('ATTEMPT', 'A'), told('ARRIVE', 'A')]
    expect(fateOf(home('A'), 'A', failed)).toBe('failed')
    expect(fateOf(home('A'), 'A', [...failed, told('DELIVER', 'A')])).toBe('done')
  })

  it('is fetched for good, whatever fails with it afterwards', () => {
    expect(fateOf(home(), 'A', [told('ACCEPT', 'A'), told('ATTEMPT', 'A')])).toBe('done')
  })

  it.each(['pin_wrong', 'pin_unreadable'])('is no success while its PIN is %s', (code) => {
    const given = told('DELIVER', 'A')
    const wrong: OutboxEntry = {
      ...given,
      verdict: 'incomplete',
      pieces: [{ code, message_vi: '', message_en: '' }],
    }
    expect(fateOf(home('A'), 'A', [wrong])).toBe('pin')
    const signed = told('DELIVER', 'A', { replaces: given.event.event_id })
    expect(fateOf(home('A'), 'A', standing([wrong, signed]))).toBe('done')
  })

  it('is refused while the server does not take it in', () => {
    expect(fateOf(home('A'), 'A', [{ ...told('DELIVER', 'A'), state: 'parked' }])).toBe('refused')
  })
})

describe('money', () => {
  it('counts what was taken less what was handed on, and of it the cash', () => {
    const accepted = told('ACCEPT', 'A', { data: { fee_dong: 50_000, postage_dong: 24_000 } })
    const paid = told('ACCEPT', 'B', { data: { fee_dong: 10_000, postage_dong: 24_000, cash_dong: 0 } })
    const handed = told('HAND_AGENCY', 'A', { data: { fee_dong: 50_000, postage_dong: 0 } })
    // The figures of test_a_day_is_summed_signed_once_and_corrected, which the server is held to.
    expect(money([accepted, paid, handed])).toEqual({ fee: 10_000, postage: 48_000, cash: 24_000 })
  })
})

describe('evidence', () => {
  const needs = ['party', 'seal', 'signature_theirs|pin_sealed', 'receipt_no|nothing_paid']

  it('misses a line only when none of its pieces is given in the right form', () => {
    const given = { seal: 'NP-1', pin_sealed: '123456', fee_dong: 0, postage_dong: 0 }
    expect(missing(needs, given)).toEqual([])
    expect(missing(needs, { ...given, seal: 'số 1' })).toEqual(['seal'])
    expect(missing(needs, { ...given, pin_sealed: '12' })).toEqual(['signature_theirs|pin_sealed'])
    expect(missing(needs, { ...given, fee_dong: 1 })).toEqual(['receipt_no|nothing_paid'])
    expect(missing(needs, { ...given, cash_dong: Number.NaN })).toEqual(['cash_dong'])
  })

  it('asks for money where something is due', () => {
    expect(askedFor(['recipient_name'], 'DELIVER', 0)).toEqual(['recipient_name'])
    expect(askedFor(['recipient_name'], 'DELIVER', 5)).toContain('cash_dong')
  })
})

it('covers a name, diacritics and all', () => {
  expect(maskedName(' Nguyễn  Đạt Ý ')).toBe('N*** Đ*** Ý')
})
