/** What a dispatcher says has happened, as the server takes it. */

import type { NewProposal } from '../../../shared/api.gen'
import { clock } from '../../../shared/format'
import type { Decide } from '../../words/decide.vi'

export type Fact = NewProposal['facts'][number]
/** A slow road is told by whom it holds up: the ways of a day's problem stand as they were measured. */
export type Kind = Fact['kind'] | 'road_slow' | 'nothing'

/** In the order in which they happen most often. */
export const KINDS: readonly Kind[] = [
  'courier_late',
  'road_slow',
  'courier_out',
  'new_shipment',
  'cancelled',
  'window_changed',
  'line_late',
  'nothing',
]

/** The fields of the form; those that the kind does not want are left alone. */
export interface Told {
  kind: Kind
  courierId: string
  /** Whom a slow road holds up. */
  heldUp: readonly string[]
  minutes: number
  codes: string
  mustGo: boolean
  /** Local clocks, "08:00". */
  start: string
  end: string
}

/** A clock of a day in the zone of its plan. */
export const momentOf = (day: string, time: string, zone: string): string => `${day}T${time}:00${zone}`

/** Null = something is still missing. */
export function factsOf(told: Told, day: string, zone: string): Fact[] | null {
  const codes = told.codes.split(/[\s,;]+/u).filter(Boolean)
  const [code] = codes
  const { kind, courierId, minutes, start, end } = told
  switch (kind) {
    case 'nothing':
      return []
    case 'courier_out':
      return courierId ? [{ kind, courier_id: courierId }] : null
    case 'courier_late':
      return courierId && isDelay(minutes) ? [{ kind, courier_id: courierId, minutes }] : null
    case 'road_slow':
      return told.heldUp.length > 0 && isDelay(minutes)
        ? told.heldUp.map((one) => ({ kind: 'courier_late', courier_id: one, minutes }))
        : null
    case 'new_shipment':
      return code ? codes.map((one) => ({ kind, code: one, must_go: told.mustGo })) : null
    case 'cancelled':
      return code ? codes.map((one) => ({ kind, code: one })) : null
    case 'line_late':
      return code && start ? [{ kind, codes, until: momentOf(day, start, zone) }] : null
    case 'window_changed':
      return code && start && end && start < end ? [{ kind, code, windows: [{ start, end }] }] : null
  }
}

/** As the server takes it. */
const isDelay = (minutes: number): boolean => minutes >= 1 && minutes <= 720

/** A fact in words; `name` names couriers. */
export function saidOf(fact: Fact, w: Decide['fact'], name: (id: string) => string): string {
  switch (fact.kind) {
    case 'courier_out':
      return w.courier_out(name(fact.courier_id))
    case 'courier_late':
      return w.courier_late(name(fact.courier_id), String(fact.minutes))
    case 'line_late':
      return w.line_late(String(fact.codes.length), clock(fact.until))
    case 'window_changed':
      return w.window_changed(
        fact.code,
        fact.windows.map((one) => `${one.start.slice(0, 5)}–${one.end.slice(0, 5)}`).join(', '),
      )
    case 'new_shipment':
      return w.new_shipment(fact.code)
    case 'cancelled':
      return w.cancelled(fact.code)
  }
}
