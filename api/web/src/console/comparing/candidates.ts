import type { PlanAnswer, PlanHistory } from '../../shared/api.gen'
import type { PlanRef } from './refs'

/** With what an open plan can be compared. */
export interface Candidate {
  ref: PlanRef
  kind: 'beforeHand' | 'earlier' | 'base' | 'published' | 'other'
  version: number
  plan: PlanAnswer
}

const NO_EDITS = new Set(['publish', 'unpublish', 'withdraw'])

/** The likeliest first: before the changes by hand, what it came from, what the day goes by, all others. */
export function candidates(history: PlanHistory, ofDay: readonly PlanAnswer[]): Candidate[] {
  const { plan, changes, kept_versions: kept } = history
  const edits = changes.filter((one) => !NO_EDITS.has(String(one.what.kind)))
  const first = edits.map((one) => one.version - 1).find((version) => kept.includes(version))
  const own = [...(first === undefined ? [] : [first]), ...kept.filter((one) => one !== first).toReversed()]
  return [
    ...own.slice(0, 1).map((version) => itself(plan, version, version === first ? 'beforeHand' : 'earlier')),
    ...ofDay
      .filter((one) => one.plan_id !== plan.plan_id)
      .map((one) => ({
        ref: { plan: one.plan_id, version: null },
        kind: kindOf(one, plan),
        version: one.version,
        plan: one,
      }))
      .sort((a, b) => RANK.indexOf(a.kind) - RANK.indexOf(b.kind)),
    ...own.slice(1).map((version) => itself(plan, version, 'earlier')),
  ]
}

const RANK: readonly Candidate['kind'][] = ['base', 'published', 'other']

function kindOf(one: PlanAnswer, open: PlanAnswer): Candidate['kind'] {
  if (one.plan_id === open.based_on) return 'base'
  return one.status === 'published' ? 'published' : 'other'
}

function itself(plan: PlanAnswer, version: number, kind: Candidate['kind']): Candidate {
  return { ref: { plan: plan.plan_id, version }, kind, version, plan }
}
