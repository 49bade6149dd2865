/**
 * Server-sent events of an endpoint that wants a log-in, which `EventSource` cannot give.
 *
 * Only what our own server sends is read: `id` and one line of `data` an event (WHATWG HTML §9.2).
 */

import type { Caller } from '../device/sender'

const RETRY_MS = 3000

export interface Listener {
  /** Returns whether that was the last. */
  onData(data: string): boolean
  onConnection(connected: boolean): void
}

/** Follow until the listener has heard the last; a lost connection is opened again. Returns what stops it. */
export function followStream(call: Caller, path: string, listener: Listener): () => void {
  const stopped = new AbortController()
  void keepReading(call, path, listener, stopped.signal)
  return () => stopped.abort()
}

async function keepReading(
  call: Caller,
  path: string,
  listener: Listener,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      if (await readOnce(call, path, listener, signal)) return
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof TypeError)) throw error // `fetch` and its stream throw this when the line breaks
    }
    listener.onConnection(false)
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
  }
}

/** Returns whether the last event came. */
async function readOnce(
  call: Caller,
  path: string,
  listener: Listener,
  signal: AbortSignal,
): Promise<boolean> {
  const answer = await call(path, { signal, headers: { Accept: 'text/event-stream' } })
  if (!answer.ok || !answer.body) return false
  listener.onConnection(true)
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return false
    const [whole, open] = complete(rest + value)
    rest = open
    for (const data of whole) {
      if (!listener.onData(data)) continue
      await reader.cancel()
      return true
    }
  }
}

/** The data of the events that have come whole, and what has not yet. */
export function complete(text: string): [string[], string] {
  const parts = text.split('\n\n')
  const open = parts.pop() ?? ''
  const data = parts.flatMap((part) =>
    part.split('\n').flatMap((line) => (line.startsWith('data: ') ? [line.slice('data: '.length)] : [])),
  )
  return [data, open]
}
