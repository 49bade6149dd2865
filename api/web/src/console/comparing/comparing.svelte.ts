/** Two plans side by side; every figure comes from the server, the plans themselves are for the map. */

import type { Caller } from '../../device/sender'
import type { PlanAnswer, PlanComparison, PlanHistory, Places, Plan, RoadMap } from '../../shared/api.gen'
import { ask } from '../../shared/asking'
import { PLANS } from '../model/stored'
import { namesOf } from './names'
import { written, type Query } from './query'
import type { Pair, PlanRef } from './refs'

/** One of the two. */
export interface Side {
  ref: PlanRef
  answer: PlanAnswer
  plan: Plan
}

export interface Compared {
  comparison: PlanComparison
  before: Side
  after: Side
  /** Names of couriers, of either plan. */
  names: ReadonlyMap<string, string>
  roads: RoadMap
}

export class Comparing {
  /** Null = not there yet. */
  found = $state.raw<Compared | null>(null)
  /** Whose round is on the map. */
  courier = $state<string | null>(null)

  constructor(
    private readonly call: Caller,
    readonly pair: Pair,
  ) {}

  async load(): Promise<void> {
    const { before, after } = this.pair
    const [comparison, first, second] = await Promise.all([
      this.ask<PlanComparison>(`${before.plan}/comparison/${after.plan}`, {
        version: before.version,
        other_version: after.version,
      }),
      this.side(before),
      this.side(after),
    ])
    const [places, others, roads] = await Promise.all([
      this.ask<Places>(`${after.plan}/places`),
      first.answer.inputs_sha256 === second.answer.inputs_sha256
        ? null
        : this.ask<Places>(`${before.plan}/places`),
      this.ask<RoadMap>(`${after.plan}/roads`),
    ])
    const names = namesOf(others, places)
    this.found = { comparison, before: first, after: second, names, roads }
    this.courier = comparison.couriers.find((one) => one.kind !== 'same')?.courier_id ?? null
  }

  nameOf = (courier: string): string => this.found?.names.get(courier) ?? courier

  private async side(ref: PlanRef): Promise<Side> {
    const [{ plan: answer }, plan] = await Promise.all([
      this.ask<PlanHistory>(`${ref.plan}/history`),
      this.ask<Plan>(ref.plan, { version: ref.version }),
    ])
    return { ref, answer, plan }
  }

  private ask<T>(what: string, query: Query = {}): Promise<T> {
    return ask<T>(this.call, `${PLANS}/${what}${written(query)}`)
  }
}
