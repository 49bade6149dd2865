/** A dossier on its way in at a door: what the courier fills in, and what the server and the ledger are told of it. */

import { documentsOf, registrationOf, type NewShipment } from '../../device/accepting'
import type { OutboxEntry, Place } from '../../device/outbox'
import { missing, needsOf, type Document, type Pieces } from '../../device/pieces'
import type { EvidenceTable } from '../../shared/api.gen'
import { isMistyped } from '../../shared/s10'
import type { Stop } from '../model/day'
import type { Told } from '../recording'

/** Degrees, (lon, lat). */
export type Position = [number, number]

/** A new picture, or the hash of one that is kept. */
export type Picture = Blob | string

export interface Dossier {
  procedure: string
  /** The citizen keeps the papers: the scans are the dossier. */
  scansOnly: boolean
  agency: string
  name: string
  phone: string
  address: string
  commune: string
  /** Of the door, when the stop says it; else the phone's own place. */
  point: Position | null
  papers: Document[]
  code: string
  /** Part of the money in cash: all of it or nothing. */
  inCash: boolean
  stop: string | undefined
  given: Pieces
}

/** What the page knows besides: who asks, and by which table and price. */
export interface Round {
  courier: string
  table: EvidenceTable
  online: boolean
  /** đồng; null = the tariff is not known. */
  postage: number | null
}

/** Where the people of a stop live; null when it is an office. */
function pointAt(stop: Stop | null): Position | null {
  const point = stop?.site ? null : stop?.planned.point
  return point ? [point[0], point[1]] : null
}

export function emptyDossier(stop: Stop | null, communes: readonly string[]): Dossier {
  const [parcel] = stop?.site ? [] : (stop?.parcels ?? [])
  const [only, ...more] = communes
  return {
    procedure: '',
    scansOnly: false,
    agency: '',
    name: parcel?.name ?? '',
    phone: parcel?.phone ?? '',
    address: parcel?.address ?? '',
    commune: more.length === 0 ? (only ?? '') : '',
    point: pointAt(stop),
    papers: [{ name: '', kind: 'original', count: 1 }],
    code: '',
    inCash: true,
    stop: stop?.id,
    given: {},
  }
}

/** What the form does not ask for piece by piece. */
const APART = new Set(['documents', 'photos', 'courier_id', 'scans_only', 'cash_dong', 'postage_dong'])

/** What was refused, to be written anew; pictures that the phone still has come as such. */
export function dossierOf(
  { event, registration }: OutboxEntry,
  pictureOf: (hash: string) => Picture,
): Dossier {
  const { shipment } = registration ?? registrationOf({} as NewShipment)
  const { documents, photos, scans_only, cash_dong, fee_dong, postage_dong } = event.data
  const given = Object.fromEntries(
    Object.entries(event.data)
      .filter(([name]) => !APART.has(name))
      .map(([name, value]) => [name, name.startsWith('signature_') ? pictureOf(String(value)) : value]),
  )
  const { origin_lon: lon, origin_lat: lat } = shipment
  return {
    procedure: shipment.procedure_code ?? '',
    scansOnly: scans_only === true,
    agency: shipment.dest_site ?? '',
    name: shipment.contact_name ?? '',
    phone: shipment.contact_phone ?? '',
    address: shipment.origin_address ?? '',
    commune: shipment.origin_commune ?? '',
    point: typeof lon === 'number' && typeof lat === 'number' ? [lon, lat] : null,
    papers: [...((documents as Document[] | undefined) ?? [])],
    code: shipment.code,
    inCash: Number(cash_dong ?? 0) > 0 || Number(fee_dong ?? 0) + Number(postage_dong ?? 0) === 0,
    stop: event.stop,
    given: {
      ...given,
      ...(event.place && { place: event.place }),
      photo: ((photos as string[] | undefined) ?? []).map(pictureOf),
    },
  }
}

/** Lines of the table for it. */
export const needsFor = ({ scansOnly }: Dossier, { table, online }: Round): string[] =>
  needsOf(table, 'ACCEPT', { offline: !online, scansOnly })

export const feeOf = ({ given }: Dossier): number => Number(given['fee_dong'] ?? 0)

const pointOf = ({ point, given }: Dossier): Position | null => {
  const place = given['place'] as Place | undefined
  return point ?? (place ? [place.lon, place.lat] : null)
}

/** Names of what is still to be filled in, or not right. */
export function lacksOf(dossier: Dossier, round: Round): string[] {
  const texts = ['procedure', 'agency', 'name', 'phone', 'address', 'commune', 'code'] as const
  const empty: string[] = texts.filter((name) => dossier[name].trim() === '')
  const all = {
    ...dossier.given,
    documents: dossier.papers,
    postage_dong: round.postage ?? undefined,
    place: undefined,
  }
  return [
    ...empty,
    ...(isMistyped(dossier.code) ? ['code'] : []),
    ...(pointOf(dossier) ? [] : ['place']),
    ...(dossier.given['fee_dong'] === undefined ? ['fee_dong'] : []),
    ...missing(
      needsFor(dossier, round).filter((need) => need !== 'place'),
      all,
    ),
  ]
}

/** What the outbox takes down: the registration and the event as one. */
export function toldOf(dossier: Dossier, round: Round, at: string): Told {
  const { given, scansOnly } = dossier
  const point = pointOf(dossier)
  if (!point || round.postage === null) throw new TypeError('a dossier that lacks something')
  const { place, photo, seal, signature_theirs, signature_ours, ...texts } = given
  const total = feeOf(dossier) + round.postage
  const shipment: NewShipment = {
    code: dossier.code,
    kind: 'intake',
    procedure_code: dossier.procedure,
    origin_lon: point[0],
    origin_lat: point[1],
    origin_address: dossier.address.trim(),
    origin_commune: dossier.commune,
    dest_site: dossier.agency,
    contact_name: dossier.name.trim(),
    contact_phone: dossier.phone.trim(),
    ready_at: at,
    fee_dong: feeOf(dossier),
    postage_dong: round.postage,
  } as NewShipment
  const pictures = { signature_theirs, signature_ours, photo } as Record<
    string,
    Picture | Picture[] | undefined
  >
  return {
    type: 'ACCEPT',
    shipments: [dossier.code],
    data: {
      ...Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== undefined && value !== '')),
      courier_id: round.courier,
      documents: documentsOf(dossier.papers),
      postage_dong: round.postage,
      cash_dong: dossier.inCash ? total : 0,
      ...(scansOnly ? { scans_only: true } : seal ? { seal } : {}),
    },
    pictures: Object.fromEntries(
      Object.entries(pictures).filter(([, shown]) => shown !== undefined),
    ) as Record<string, Picture | Picture[]>,
    place: (place as Place | null | undefined) ?? undefined,
    stop: dossier.stop,
    registration: registrationOf(shipment),
  }
}
