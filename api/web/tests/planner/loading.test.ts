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
