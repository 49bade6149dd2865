/** What a map shows: the way to the post from each place, as it is or after something was done. */

import type { CoverageStudy, Frontier, RemedyKind } from '../../shared/api.gen'

/** What was done. */
export type After =
  | { by: 'remedy'; placeId: string; kind: RemedyKind }
  | { by: 'scenario'; key: string }
  | { by: 'points'; means: string; minutes: number; k: number }
  | { by: 'efficient'; step: number }

type Point = readonly [number, number]

export interface Sight {
  /** By place; null = no way. */
  seconds: ReadonlyMap<string, number | null>
  posts: readonly Point[]
  /** Where something was added. */
  added: readonly Point[]
  /** Within a limit, and how many they were before. */
  people: number
  before: number
  means: string
  minutes: number
}

export function situation(study: CoverageStudy): Sight {
  const people = within(study, study.main_means, study.main_minutes)
  return {
    seconds: new Map(
      study.places.map((one) => [one.place_id, one.access[study.main_means]?.seconds ?? null] as const),
    ),
    posts: study.points.map((one) => one.position),
    added: [],
    people,
    before: people,
    means: study.main_means,
    minutes: study.main_minutes,
  }
}

/** Null = the study has nothing of the kind. */
export function sightAfter(study: CoverageStudy, after: After): Sight | null {
  if (after.by === 'remedy')
    return afterRemedies(study, [{ place_id: after.placeId, kind: after.kind }], null)
  if (after.by === 'efficient') {
    const step = study.efficient[after.step]
    return step ? afterRemedies(study, step.choices, step.people) : null
  }
  return after.by === 'points' ? afterPoints(study, after) : afterScenario(study, after.key)
}

export function frontierOf(
  study: CoverageStudy,
  wanted: { means: string; minutes: number },
): Frontier | undefined {
  return study.frontiers.find((one) => one.means === wanted.means && one.minutes === wanted.minutes)
}

function afterRemedies(
  study: CoverageStudy,
  choices: readonly { place_id: string; kind: RemedyKind }[],
  people: number | null,
): Sight | null {
  const now = situation(study)
  const prices = choices.map((choice) =>
    study.remedies.find((one) => one.place_id === choice.place_id && one.kind === choice.kind),
  )
  if (prices.some((one) => one === undefined)) return null
  const seconds = new Map(now.seconds)
  let gained = 0
  for (const price of prices) {
    if (!price || price.problem) continue
    seconds.set(price.place_id, price.access[study.main_means]?.seconds ?? null)
    gained += price.people_gained[study.main_means] ?? 0
  }
  const added = choices.flatMap((one) => positionOf(study, one.place_id))
  return { ...now, seconds, added, people: people ?? now.people + gained }
}

function afterPoints(study: CoverageStudy, after: After & { by: 'points' }): Sight | null {
  const step = frontierOf(study, after)?.steps.find((one) => one.k === after.k)
  if (!step) return null
  const now = situation(study)
  const seconds = new Map(now.seconds)
  // A post of its own lies at the place itself.
  for (const place of step.exact) {
    const price = study.remedies.find((one) => one.place_id === place && one.kind === 'new_point')
    seconds.set(place, price?.access[study.main_means]?.seconds ?? 0)
  }
  return {
    ...now,
    seconds,
    added: step.exact.flatMap((place) => positionOf(study, place)),
    people: step.exact_people,
    before: within(study, after.means, after.minutes),
    means: after.means,
    minutes: after.minutes,
  }
}

function afterScenario(study: CoverageStudy, key: string): Sight | null {
  const found = study.scenarios.find((one) => one.key === key)
  if (!found) return null
  const now = situation(study)
  const seconds = new Map(now.seconds)
  for (const [place, access] of Object.entries(found.access))
    seconds.set(place, access[study.main_means]?.seconds ?? null)
  const known = new Set(study.points.map((one) => one.point_id))
  return {
    ...now,
    seconds,
    posts: found.points.map((one) => one.position),
    added: found.points.filter((one) => !known.has(one.point_id)).map((one) => one.position),
    people: found.reached.people[study.main_means]?.[String(study.main_minutes)] ?? 0,
  }
}

function positionOf(study: CoverageStudy, placeId: string): Point[] {
  return study.places.filter((one) => one.place_id === placeId).map((one) => one.position)
}

function within(study: CoverageStudy, means: string, minutes: number): number {
  return study.reached.people[means]?.[String(minutes)] ?? 0
}
