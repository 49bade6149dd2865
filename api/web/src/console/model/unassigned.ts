import type { ShipmentEnd, ShipmentFacts, UnassignedShipment } from '../../shared/api.gen'
import type { Lookup } from './lookup'

/** Must-go shipments first, then by code. */
export function ordered(unassigned: readonly UnassignedShipment[]): UnassignedShipment[] {
  return unassigned.toSorted(
    (a, b) => Number(b.must_go) - Number(a.must_go) || (a.shipment < b.shipment ? -1 : 1),
  )
}

/** What one cause, the first reason, holds back. */
export interface Cause {
  constraint: string
  mustGo: number
  shipments: UnassignedShipment[]
}

/** By cause: where must-go shipments stay behind first, then the largest; within each as in `ordered`. */
export function byCause(unassigned: readonly UnassignedShipment[]): Cause[] {
  const groups = new Map<string, UnassignedShipment[]>()
  for (const one of ordered(unassigned)) {
    const cause = one.reasons[0]?.constraint ?? ''
    groups.set(cause, [...(groups.get(cause) ?? []), one])
  }
  return [...groups.entries()]
    .map(([constraint, shipments]) => ({
      constraint,
      shipments,
      mustGo: shipments.filter((one) => one.must_go).length,
    }))
    .sort((a, b) => b.mustGo - a.mustGo || b.shipments.length - a.shipments.length)
}

/** How many shipments each constraint holds back, the most frequent first; one shipment may count for several. */
export function byConstraint(unassigned: readonly UnassignedShipment[]): [string, number][] {
  const counts = new Map<string, number>()
  for (const one of unassigned)
    for (const constraint of new Set(one.reasons.map((reason) => reason.constraint)))
      counts.set(constraint, (counts.get(constraint) ?? 0) + 1)
  return [...counts.entries()].sort((a, b) => b[1] - a[1])
}

/** Where shipments stay behind: one place with how many. */
export interface LeftBehind {
  point: [number, number]
  count: number
  mustGo: boolean
}

/** Gather what stays behind by place: a site, or the middle of the citizen's commune. */
export function leftBehind(unassigned: readonly UnassignedShipment[], look: Lookup): LeftBehind[] {
  const found = new Map<string, LeftBehind>()
  for (const one of unassigned) {
    const end = outerEnd(look.shipments.get(one.shipment))
    const place = (end?.site_id && look.sites.get(end.site_id)) || look.communes.get(end?.commune_code ?? '')
    if (!place) continue
    const key = place.point.join(' ')
    const before = found.get(key) ?? { point: place.point, count: 0, mustGo: false }
    found.set(key, { ...before, count: before.count + 1, mustGo: before.mustGo || one.must_go })
  }
  return [...found.values()]
}

/** The end that a courier would have gone to: the citizen's, or a transfer's destination. */
function outerEnd(facts: ShipmentFacts | undefined): ShipmentEnd | undefined {
  return facts?.kind === 'intake' ? facts.origin : facts?.destination
}

/** An end of a shipment in words, without the address. */
export function endName(end: ShipmentEnd | undefined, look: Lookup): string {
  if (!end) return '–'
  if (end.site_id !== null) return look.sites.get(end.site_id)?.name ?? end.site_id
  return (end.commune_code && look.communes.get(end.commune_code)?.name) || '–'
}
