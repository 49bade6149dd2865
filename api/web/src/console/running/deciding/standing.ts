/** How a proposal stands, and what was answered to it. */

import type { CourierChanges, ProposalAnswer } from '../../../shared/api.gen'

export type CourierChange = CourierChanges['changes'][number]

export type Standing = ProposalAnswer['status'] | 'outdated'

/** An open one can be accepted only as long as the plan has the version from which it starts. */
export function standingOf(proposal: ProposalAnswer, version: number): Standing {
  return proposal.status === 'open' && proposal.plan_version < version ? 'outdated' : proposal.status
}

/** What waits for a decision comes first; all others stay in their order, the newest first. */
export function ordered(proposals: readonly ProposalAnswer[], version: number): ProposalAnswer[] {
  const waits = (one: ProposalAnswer): boolean => standingOf(one, version) === 'open'
  return [...proposals.filter(waits), ...proposals.filter((one) => !waits(one))]
}

/** Of an accepted proposal: what each courier was told with it, and answered. */
export function changesOf(proposal: ProposalAnswer, changes: readonly CourierChange[]): CourierChange[] {
  if (proposal.status !== 'accepted') return []
  return changes.filter((one) => one.version === proposal.plan_version + 1)
}
