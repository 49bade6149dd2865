/** From what a form was given to what the outbox keeps: pictures by their hashes, a PIN sealed to its event. */

import { v7 } from 'uuid'
import type { Action, Place } from '../device/outbox'
import { hashesOf } from '../device/outbox'
import { sealPin } from '../device/seal'

/** One action of the courier, as a form says it. */
export interface Told {
  type: string
  shipments: string[]
  data: Record<string, unknown>
  /** By the piece that each shows; one picture may be of several actions. What is kept of before stands in `data`. */
  pictures?: Record<string, Blob>
  stop?: string | undefined
  place?: Place | undefined
  /** An event that the server has taken in, and that this one makes void. */
  replaces?: string | undefined
}

/** A PIN was typed, and the phone never had the key that it is sealed with. */
export class NoSealKeyError extends Error {}

export async function actionOf(told: Told, offline: boolean, sealKey: string): Promise<Action> {
  const { type, shipments, stop, place, replaces } = told
  const names = Object.keys(told.pictures ?? {})
  const files = Object.values(told.pictures ?? {})
  const hashes = await hashesOf(files)
  const { photo: kept, ...data } = told.data
  if (kept) data['photos'] = [kept]
  names.forEach((name, at) => {
    if (name === 'photo') data['photos'] = [hashes[at]]
    else data[name] = hashes[at]
  })
  const event_id = v7()
  if (typeof data['pin_sealed'] === 'string') {
    if (!sealKey) throw new NoSealKeyError()
    data['pin_sealed'] = await sealPin(data['pin_sealed'], event_id, sealKey)
  }
  const named = { ...(stop && { stop }), ...(place && { place }), ...(replaces && { replaces }) }
  return { draft: { type, shipments, data, offline, event_id, ...named }, files }
}
