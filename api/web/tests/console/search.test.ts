import { expect, it } from 'vitest'
import { readSearch } from '../../src/console/day/asking'
import type { JobAnswer } from '../../src/shared/api.gen'

const job = (job_id: string, more: Partial<JobAnswer>): Partial<JobAnswer> => ({
  job_id,
  kind: 'plan',
  province_id: '89',
  day: '2026-11-25',
  finished_at: null,
  ...more,
})

it('finds the newest search of the day that runs', async () => {
  const jobs = [
    job('other-day', { day: '2026-11-26' }),
    job('other-province', { province_id: '92' }),
    job('over', { finished_at: '2026-11-25T06:00:00Z' }),
    job('rest', { kind: 'rest_of_day' }),
    job('this', { kind: 'replan' }),
    job('older', {}),
  ]
  const call = () => Promise.resolve(Response.json({ jobs, next_after: null }))
  expect((await readSearch(call, '2026-11-25', '89'))?.job_id).toBe('this')
  expect(await readSearch(call, '2026-11-27', '89')).toBeNull()
})
