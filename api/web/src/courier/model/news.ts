import type { CourierChanges, MessageOut } from '../../shared/api.gen'

export type Change = CourierChanges['changes'][number]

/** Changes of one plan, the newest first; what the server says now stands in for what was kept. */
export function merged(
  kept: readonly Change[],
  told: readonly Change[],
  planId: string | undefined,
): Change[] {
  const ids = new Set(told.map((one) => one.change_id))
  const all = [...told, ...kept.filter((one) => !ids.has(one.change_id))]
  return all.filter((one) => one.plan_id === planId).sort((a, b) => b.change_id - a.change_id)
}

/** Which change to ask after: all that are open are asked for again, for another phone may have answered. */
export function askAfter(kept: readonly Change[], planId: string | undefined): number {
  const ofPlan = kept.filter((one) => one.plan_id === planId)
  const open = ofPlan.filter((one) => one.answer === null).map((one) => one.change_id)
  return open.length > 0 ? Math.min(...open) - 1 : Math.max(0, ...ofPlan.map((one) => one.change_id))
}

/** Messages with those that were just said, each once. */
export function withSaid(kept: readonly MessageOut[], said: readonly MessageOut[]): MessageOut[] {
  const known = new Set(kept.map((one) => one.message_id))
  return [...said.filter((one) => !known.has(one.message_id)), ...kept]
}
