import type { Caller } from '../../device/sender'
import type {
  JobAnswer,
  JobList,
  LeftOvers,
  NextDay,
  PlanAnswer,
  PlanList,
  Waiting,
} from '../../shared/api.gen'
import { ask } from '../../shared/asking'
import { PLANS } from '../model/stored'

/** All plans of a province's day, the newest first: nobody publishes over one that they cannot see. */
export async function readPlans(call: Caller, day: string, province: string): Promise<PlanAnswer[]> {
  const found: PlanAnswer[] = []
  let after: string | null = ''
  while (after !== null) {
    const query = new URLSearchParams({ day, limit: '200', ...(after && { after }) })
    const page: PlanList = await ask(call, `${PLANS}?${query}`)
    found.push(...page.plans.filter((one) => one.province_id === province))
    after = page.next_after
  }
  return found
}

/** The newest search for a plan of the day that is not over; only the latest jobs are looked at. */
export async function readSearch(call: Caller, day: string, province: string): Promise<JobAnswer | null> {
  const { jobs } = await ask<JobList>(call, '/api/v1/jobs?limit=50')
  const searches = jobs.filter((one) => one.kind === 'plan' || one.kind === 'replan')
  return (
    searches.find((one) => one.day === day && one.province_id === province && one.finished_at === null) ??
    null
  )
}

/** The day that a province plans next, and why it is that one. */
export const readNextDay = (call: Caller, province: string): Promise<NextDay> =>
  ask(call, `${PLANS}/next-day?${new URLSearchParams({ province })}`)

/** What waits from earlier days, one by one. */
export const readLeftOvers = (call: Caller, day: string, province: string): Promise<LeftOvers> =>
  ask(call, `${PLANS}/waiting/left-over?${new URLSearchParams({ day, province })}`)

/** What a plan of the day would find waiting. */
export const readWaiting = (call: Caller, day: string, province: string): Promise<Waiting> =>
  ask(call, `${PLANS}/waiting?${new URLSearchParams({ day, province })}`)
