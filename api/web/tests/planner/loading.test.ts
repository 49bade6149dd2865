/** Loads that fail, and looks at what is being computed, against a server that is made up here. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Account } from '../../src/console/account/account.svelte'
import type { Opened } from '../../src/planner/asking'
import { Opening } from '../../src/planner/opening.svelte'
import { Studies } from '../../src/planner/studies.svelte'
import { AskError } from '../../src/shared/asking'
import { study } from './study'

const NAMED = { study: '01a', tab: 'choosing', place: 'B' } as const
const GONE = { error: { code: 'not_found', message_vi: 'Không có nghiên cứu.', message_en: 'No study.' } }

const state = (study_id: string, finished_at: string | null) => ({ study_id, job: { finished_at } })
const opened = (): Opened => ({ study: study() }) as Opened

/** Answers by the end of the path; 0 = the server cannot be reached. */
const answers = new Map<string, [status: number, body: unknown]>()

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('fetch', (path: string) => {
    const [status, body] = [...answers].find(([end]) => path.endsWith(end))?.[1] ?? [404, GONE]
    return status === 0
      ? Promise.reject(new TypeError('offline'))
      : Promise.resolve(Response.json(body, { status }))
  })
})
afterEach(() => {
  answers.clear()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('opens what the address names as it names it, and says why it could not', async () => {
  let isThere = false
  const opening = new Opening(
    () => (isThere ? Promise.resolve(opened()) : Promise.reject(new Error('gone'))),
    NAMED,
  )
  await opening.load()
  expect([opening.study, String(opening.fault)]).toEqual([null, 'Error: gone'])
  isThere = true
  await opening.load()
  expect([opening.fault, opening.study?.tab, opening.study?.placeId]).toEqual([null, 'choosing', 'B'])
  opening.want('02b')
  await opening.load()
  expect([opening.study?.id, opening.study?.tab]).toEqual(['02b', 'overview'])
})

it('forgets an answer that nobody waits for any more', async () => {
  let answer: (found: Opened) => void = () => undefined
  const opening = new Opening(() => new Promise((resolve) => (answer = resolve)), NAMED)
  const loading = opening.load()
  opening.want(null)
  answer(opened())
  await loading
  expect(opening.study).toBeNull()
})

it('says why there is no list, until there is one', async () => {
  const studies = new Studies(new Account())
  answers.set('?province=', [0, null])
  await studies.load()
  expect([studies.list, (studies.fault as AskError).code]).toEqual([null, 'offline'])
  answers.set('?province=', [200, { studies: [], next_after: null }])
  await studies.load()
  expect([studies.list, studies.fault]).toEqual([[], null])
})

async function computing(...ids: string[]): Promise<{ account: Account; studies: Studies }> {
  const account = new Account()
  const studies = new Studies(account)
  answers.set('?province=', [200, { studies: ids.map((id) => state(id, null)), next_after: null }])
  await studies.load()
  return { account, studies }
}

/** One look at what is being computed. */
const look = (): Promise<unknown> => vi.advanceTimersByTimeAsync(1500)

it('leaves what somebody was told while it looks how far studies are', async () => {
  const { account, studies } = await computing('01a', '02b')
  answers.set('/01a/state', [200, state('01a', null)]).set('/02b/state', [200, state('02b', 'now')])
  await account.attempt(() => Promise.reject(new Error('refused')))
  await look()
  expect(studies.find('02b')?.job.finished_at).toBe('now')
  expect(String(account.trouble)).toBe('Error: refused')
  studies.close()
})

it('says once that it cannot be seen how far they are, and takes it back when it can', async () => {
  const { account, studies } = await computing('01a')
  answers.set('/01a/state', [0, null])
  await look()
  expect([(studies.unseen as AskError).code, account.trouble]).toEqual(['offline', null])
  studies.unseen = null // it was read
  await look()
  expect(studies.unseen).toBeNull()
  answers.set('/01a/state', [200, state('01a', null)])
  await look()
  answers.set('/01a/state', [500, {}])
  await look()
  expect((studies.unseen as AskError).status).toBe(500)
  answers.set('/01a/state', [200, state('01a', 'now')])
  await look()
  expect(studies.unseen).toBeNull()
  expect(vi.getTimerCount()).toBe(0) // nothing is computed any more
})

it('drops a study that somebody else has deleted', async () => {
  const { studies } = await computing('01a', '02b')
  answers.set('/02b/state', [200, state('02b', null)])
  await look()
  expect([studies.list?.map((one) => one.study_id), studies.unseen]).toEqual([['02b'], null])
  studies.close()
})
