import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openDatabase, type Database } from '../../src/device/database'
import { accept, ElsewhereError, finish, giveUp, interrupted } from '../../src/desk/accepting'
import type { Acceptance } from '../../src/desk/model/acceptance'

type Page = Parameters<typeof finish>[0]

const AT = '2026-03-02T08:15:00.000+07:00'
let database: Database
let drafts: Record<string, unknown>[]
let answers: () => Response

/** One tab; all of them have the same database. */
const tab = (): Page =>
  ({
    database,
    session: { call: () => Promise.resolve().then(() => answers()) },
    act: (draft: Record<string, unknown>) => Promise.resolve(drafts.push(draft)),
  }) as unknown as Page

const acceptance = (event_id: string, code: string): Acceptance =>
  ({ shipment: { code }, once: 'a', oncePin: 'b', event_id, at: AT, data: {}, files: {} }) as Acceptance

const A = acceptance('0195a000-0000-7000-8000-000000000001', 'A')
const B = acceptance('0195b000-0000-7000-8000-000000000002', 'B')
const lost = (): Response => {
  throw new TypeError('failed to fetch')
}

beforeEach(async () => {
  database = await openDatabase(crypto.randomUUID())
  drafts = []
  answers = lost
  let before: Promise<unknown> = Promise.resolve()
  const request = (_name: string, work: () => Promise<unknown>): Promise<unknown> =>
    (before = before.then(work, work))
  vi.stubGlobal('navigator', { locks: { request } })
})
afterEach(() => vi.unstubAllGlobals())

it('keeps what every tab was interrupted in, the oldest first', async () => {
  for (const one of [B, A]) await expect(accept(tab(), one)).rejects.toThrow()
  expect(await interrupted(tab())).toEqual(A)
  answers = () => Response.json({ code: 'A' })
  await finish(tab(), A)
  expect(drafts).toEqual([{ type: 'ACCEPT', shipments: ['A'], data: {}, event_id: A.event_id, at: AT }])
  expect(await interrupted(tab())).toEqual(B)
  await giveUp(tab(), B)
  expect(await interrupted(tab())).toBeNull()
})

it('is on disk, and flushed, before the server is asked', async () => {
  const transaction = vi.spyOn(database, 'transaction')
  await expect(accept(tab(), A)).rejects.toThrow()
  expect(transaction).toHaveBeenCalledWith('values', 'readwrite', { durability: 'strict' })
})

it('is taken down by one of two tabs that resume it', async () => {
  await expect(accept(tab(), A)).rejects.toThrow()
  answers = () => Response.json({ code: 'A' })
  const [one, other] = await Promise.allSettled([finish(tab(), A), finish(tab(), A)])
  expect(one.status).toBe('fulfilled')
  expect((other as PromiseRejectedResult).reason).toBeInstanceOf(ElsewhereError)
  expect(drafts).toHaveLength(1)
})

it('is not under way when the server would not have it', async () => {
  answers = () => Response.json({ error: { code: 'x', message_vi: 'x', message_en: 'x' } }, { status: 422 })
  await expect(accept(tab(), A)).rejects.toThrow()
  expect(await interrupted(tab())).toBeNull()
})
