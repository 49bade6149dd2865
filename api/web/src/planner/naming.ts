/** What was done, in a few words. */

import { said } from './figures'
import type { After } from './model/sight'
import type { OpenStudy } from './study.svelte'
import { words } from './words'

export function afterName(open: OpenStudy, after: After): string {
  const w = words()
  if (after.by === 'remedy')
    return w.map.remedy(w.kinds[after.kind] ?? after.kind, open.nameOf(after.placeId))
  if (after.by === 'points') return w.map.points(after.k)
  if (after.by === 'efficient') return w.map.efficient(open.study.efficient[after.step]?.choices.length ?? 0)
  const found = open.study.scenarios.find((one) => one.key === after.key)
  return found ? said(found.title) : after.key
}

export function postName(open: OpenStudy, pointId: string | null | undefined): string | null {
  if (!pointId) return null
  return open.study.points.find((one) => one.point_id === pointId)?.name ?? pointId
}
