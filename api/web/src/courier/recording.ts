/** From what a form was given to what the outbox keeps: pictures by their hashes, a PIN sealed to its event. */

import { v7 } from 'uuid'
import type { Registration } from '../device/accepting'
import type { Action, Place } from '../device/outbox'
import { sha256 } from '../device/signing'
import { sealPin } from '../device/seal'

/** One action of the courier, as a form says it. */
export interface Told {
  type: string
  shipments: string[]
  data: Record<string, unknown>
  /**
   * By the piece that each shows; one picture may be of several actions. What is kept of before stands in `data`, or as
   * its hash among new ones.
   */
  pictures?: Record<string, Blob | string | (Blob | string)[]>
  /** Of a shipment that nobody has registered. */
  registration?: Registration | undefined
  stop?: string | undefined
  place?: Place | undefined
  /** An event that the server has taken in, and that this one makes void. */
  replaces?: string | undefined
}

/** A PIN was typed, and the phone never had the key that it is sealed with. */
export class NoSealKeyError extends Error {}

export async function actionOf(told: Told, offline: boolean, sealKey: string): Promise<Action> {
  const { type, shipments, stop, place, replaces, registration } = told
  const shown = Object.entries(told.pictures ?? {})
  const { photo: kept, ...data } = told.data
  if (kept) data['photos'] ??= [kept]
  for (const [name, pictures] of shown) {
    const hashes = await Promise.all([pictures].flat().map(hashOf))
    if (name === 'photo') data['photos'] = hashes
    else data[name] = hashes[0]
  }
  const files = shown.flatMap(([, pictures]) => pictures).filter((one) => one instanceof Blob)
  const event_id = v7()
  if (typeof data['pin_sealed'] === 'string') {
    if (!sealKey) throw new NoSealKeyError()
    data['pin_sealed'] = await sealPin(data['pin_sealed'], event_id, sealKey)
  }
  const named = {
    ...(stop && { stop }),
    ...(place && { place }),
    ...(replaces && { replaces }),
    ...(registration && { registration }),
  }
  return { draft: { type, shipments, data, offline, event_id, ...named }, files }
}

const hashOf = (picture: Blob | string): string | Promise<string> =>
  typeof picture === 'string' ? picture : sha256(picture)
