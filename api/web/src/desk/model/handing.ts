/** What passes between an agency or a one-stop and a courier: which event tells it, and what it says. */

import { v7 } from 'uuid'
import type { Draft } from '../../device/outbox'
import { missing, needsOf, piecesOf, type Pieces } from '../../device/pieces'
import type { EvidenceTable, Found } from '../../shared/api.gen'
import type { Files } from '../drafting'

/** `in` = the courier brings it, `out` = the courier takes it along. */
export type Way = 'in' | 'out'
export type Hand = 'HAND_AGENCY' | 'ARRIVE' | 'COLLECT_RESULT' | 'OUT'
export type Signing = Omit<Draft, 'offline'> & { event_id: string; files: Files }

/** A result that is brought waits here for its citizen; a dossier that was accepted here is the post's already. */
export function handOf({ kind, holding }: Pick<Found, 'kind' | 'holding'>, way: Way): Hand {
  if (way === 'in') return kind === 'result' ? 'ARRIVE' : 'HAND_AGENCY'
  return holding === 'site' ? 'OUT' : 'COLLECT_RESULT'
}

const SIGNATURES = new Set(['signature_theirs', 'signature_ours'])

/** Lines of the table about one envelope; both sides sign once for all. */
export function needsOfEach(table: EvidenceTable, type: Hand, offline: boolean): string[] {
  const needs = needsOf(table, type, { offline })
  return missing(needs, {}).filter((need) => !need.split('|').some((name) => SIGNATURES.has(name)))
}

const WHY = 'no_slip_reason'

/** Why there is no slip is said last, by whoever has none. */
export function piecesOfEach(needs: readonly string[]): string[] {
  const pieces = piecesOf(needs)
  return [...pieces.filter((name) => name !== WHY), ...pieces.filter((name) => name === WHY)]
}

/** Signatures that the table asks for, of any of the envelopes. */
export function signaturesOf(table: EvidenceTable, types: readonly Hand[], offline: boolean): string[] {
  const needs = types.flatMap((type) => needsOf(table, type, { offline }))
  return [...SIGNATURES].filter((name) => needs.includes(name))
}

export interface Handed {
  type: Hand
  code: string
  follows: string | undefined
  /** Pieces of this envelope. */
  given: Pieces
}

/** One event for each envelope: each has its own count, slip and seal, and a receipt of its own. */
export function handed(one: Handed, siteId: string, courierId: string, files: Files): Signing {
  const { type, code, follows, given } = one
  const moves = type === 'ARRIVE' || type === 'OUT'
  return {
    type,
    event_id: v7(),
    shipments: [code],
    ...(follows && { follows }),
    data: { ...given, site_id: siteId, courier_id: courierId, ...(moves && { scanned: [code] }) },
    files,
  }
}

/** What does not fit is a fact of its own, for the dispatcher to look at. */
export function reports(siteId: string, found: readonly (readonly [readonly string[], string])[]): Signing[] {
  return found
    .filter(([shipments]) => shipments.length > 0)
    .map(([shipments, note]) => {
      const data = { site_id: siteId, trouble: 'mismatch', note }
      return { type: 'EXCEPTION', event_id: v7(), shipments: [...shipments], data, files: {} }
    })
}
