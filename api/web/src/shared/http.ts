import type { Caller } from '../device/sender'

/** What went wrong between page and server, by kind; the words are in the dictionaries. */
export type Trouble = { kind: 'offline' } | { kind: 'answer'; status: number } | { kind: 'malformed' }

export class HttpError extends Error {
  constructor(readonly trouble: Trouble) {
    super(`request failed: ${JSON.stringify(trouble)}`)
  }
}

export async function get<T>(path: string, call: Caller = fetch): Promise<T> {
  let response: Response
  try {
    response = await call(path, { headers: { Accept: 'application/json' } })
  } catch {
    throw new HttpError({ kind: 'offline' })
  }
  if (!response.ok) throw new HttpError({ kind: 'answer', status: response.status })
  try {
    return (await response.json()) as T
  } catch {
    throw new HttpError({ kind: 'malformed' })
  }
}
