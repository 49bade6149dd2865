/** What a map shows: the way to the post from each place, as it is or after something was done. */

import type { CoverageStudy, Frontier, Means, RemedyKind, RemedyPrice } from '../../shared/api.gen'

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
  means: Means
  minutes: number
  /** Whose land is reached besides today's: places that get a post. */
  opened: readonly string[]
  /** The scenario whose land is reached instead of today's, where its posts stand elsewhere. */
  scenario: string | null
}

export function situation(
  study: CoverageStudy,
  means: Means = study.main_means,
  minutes: number = study.main_minutes,
): Sight {
  const people = within(study, means, minutes)
  return {
    seconds: new Map(study.places.map((one) => [one.place_id, one.access[means]?.seconds ?? null] as const)),
    posts: study.points.map((one) => one.position),
    added: [],
    people,
    before: people,
    means,
    minutes,
    opened: [],
    scenario: null,
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
  const had = prices.filter((one) => one !== undefined && !one.problem) as RemedyPrice[]
  const opened = had.filter((one) => opensPoint(study, one)).map((one) => one.place_id)
  const frontier = study.frontiers.find((one) => one.means === study.main_means)
  const seconds = frontier ? withPosts(now.seconds, frontier, opened) : new Map(now.seconds)
  let gained = 0
  for (const price of had) {
    seconds.set(price.place_id, price.access[study.main_means]?.seconds ?? null)
    gained += price.people_gained[study.main_means] ?? 0
  }
  const added = choices.flatMap((one) => positionOf(study, one.place_id))
  return { ...now, seconds, added, opened, people: people ?? now.people + gained }
}

/** Whether somebody takes papers in at the place itself, and often enough to count. */
function opensPoint(study: CoverageStudy, price: RemedyPrice): boolean {
  const point = price.access[study.main_means]?.point_id ?? null
  return point !== null && study.points.every((one) => one.point_id !== point)
}

function afterPoints(study: CoverageStudy, after: After & { by: 'points' }): Sight | null {
  const frontier = frontierOf(study, after)
  const step = frontier?.steps.find((one) => one.k === after.k)
  if (!frontier || !step) return null
  const now = situation(study, frontier.means, frontier.minutes)
  return {
    ...now,
    seconds: withPosts(now.seconds, frontier, step.exact),
    added: step.exact.flatMap((place) => positionOf(study, place)),
    opened: step.exact,
    people: step.exact_people,
  }
}

/** Every way to the nearest of today's posts and the new ones, together. */
function withPosts(
  today: ReadonlyMap<string, number | null>,
  frontier: Frontier,
  opened: readonly string[],
): Map<string, number | null> {
  const found = new Map(today)
  for (const post of opened)
    for (const [place, seconds] of Object.entries(frontier.nearer[post] ?? {}))
      found.set(place, Math.min(seconds, found.get(place) ?? Infinity))
  return found
}

function afterScenario(study: CoverageStudy, key: string): Sight | null {
  const found = study.scenarios.find((one) => one.key === key)
  if (!found) return null
  const now = situation(study)
  const seconds = new Map(now.seconds)
  for (const [place, access] of Object.entries(found.access))
    seconds.set(place, access[study.main_means]?.seconds ?? null)
  const known = new Set(study.points.map((one) => one.point_id))
  const stands = (posts: readonly { position: Point }[]): string =>
    [...new Set(posts.map((one) => one.position.join(' ')))].toSorted().join()
  return {
    ...now,
    seconds,
    posts: found.points.map((one) => one.position),
    added: found.points.filter((one) => !known.has(one.point_id)).map((one) => one.position),
    people: found.reached.people[study.main_means]?.[String(study.main_minutes)] ?? 0,
    scenario: stands(study.points) === stands(found.points) ? null : key,
  }
}

function positionOf(study: CoverageStudy, placeId: string): Point[] {
  return study.places.filter((one) => one.place_id === placeId).map((one) => one.position)
}

function within(study: CoverageStudy, means: string, minutes: number): number {
  return study.reached.people[means]?.[String(minutes)] ?? 0
}
