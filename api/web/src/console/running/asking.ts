import type { Caller } from '../../device/sender'
import type {
  DayProgress,
  MessageList,
  OpenEvent,
  OpenEvents,
  PlanAnswer,
  ProposalList,
  QueueCounts,
} from '../../shared/api.gen'
import { ask } from '../../shared/asking'
import { readPlans } from '../day/asking'

const LIVE = '/api/v1/live'
/** So many are counted; beyond it the figure says "at least". */
const MOST = 200

/** The plan that couriers drive on a day; null = none was published. */
export async function readPublished(call: Caller, day: string, province: string): Promise<PlanAnswer | null> {
  const plans = await readPlans(call, day, province)
  return plans.find((one) => one.status === 'published') ?? null
}

export const readProgress = (call: Caller, day: string): Promise<DayProgress> =>
  ask(call, `${LIVE}/progress?${new URLSearchParams({ day })}`)

/** Messages of couriers that no dispatcher has read. */
export async function countUnread(call: Caller): Promise<number> {
  const { messages } = await ask<MessageList>(call, `${LIVE}/messages?unread=true&limit=${MOST}`)
  return messages.length
}

export async function countProposals(call: Caller, planId: string, version: number): Promise<number> {
  const { proposals } = await ask<ProposalList>(call, `${LIVE}/plans/${planId}/proposals?limit=${MOST}`)
  return proposals.filter((one) => one.status === 'open' && one.plan_version === version).length
}

/** Events that lack a piece of proof or contradict others, and those that were refused. */
export const readQueue = (call: Caller): Promise<QueueCounts> =>
  ask(call, '/api/v1/custody/incomplete/counts')

/** The oldest of the queue. */
export async function readOpen(call: Caller): Promise<readonly OpenEvent[]> {
  return (await ask<OpenEvents>(call, `/api/v1/custody/incomplete?limit=${MOST}`)).events
}
