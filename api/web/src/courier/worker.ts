/**
 * The courier's page without a signal: its files as one version, its HTML from the network first.
 *
 * The data is none of its business: the round and the outbox lie in IndexedDB, and the API is never cached. But when the
 * browser wakes it, it sends the outbox.
 */

import { sendInBackground, TAG } from '../device/background'

declare const FILES: string[]
declare const VERSION: string

/** What a worker has besides a window; TypeScript's own types of the two cannot stand in one program. */
interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void
}
interface Waking extends Extendable {
  tag: string
}
interface Fetching extends Extendable {
  request: Request
  respondWith(answer: Promise<Response>): void
}

const PAGE = '/courier'
const PREFIX = 'courier-'
const CACHE = PREFIX + VERSION
/** Milliseconds: a signal that is too weak to answer is none. */
const PATIENCE = 2500

async function install(): Promise<void> {
  const cache = await caches.open(CACHE)
  await cache.addAll([new Request(PAGE, { cache: 'reload' }), ...FILES])
}

async function dropOlder(): Promise<void> {
  const older = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE)
  await Promise.all(older.map((name) => caches.delete(name)))
}

async function kept(path: string): Promise<Response | undefined> {
  return (await caches.open(CACHE)).match(path)
}

async function html(request: Request): Promise<Response> {
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) })
    if (answer.ok) return answer
    return (await kept(PAGE)) ?? answer
  } catch (error) {
    const found = await kept(PAGE)
    if (found) return found
    throw error
  }
}

async function file(request: Request, path: string): Promise<Response> {
  return (await kept(path)) ?? fetch(request)
}

addEventListener('install', (event) => (event as Extendable).waitUntil(install()))
addEventListener('activate', (event) => (event as Extendable).waitUntil(dropOlder()))
addEventListener('sync', (event) => {
  if ((event as Waking).tag === TAG) (event as Waking).waitUntil(sendInBackground())
})
addEventListener('fetch', (event) => {
  const { request } = event as Fetching
  const { origin, pathname } = new URL(request.url)
  if (origin !== location.origin || request.method !== 'GET') return
  if (request.mode === 'navigate') (event as Fetching).respondWith(html(request))
  else if (FILES.includes(pathname)) (event as Fetching).respondWith(file(request, pathname))
})
