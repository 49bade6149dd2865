import type { Places, Plan, Progress, RoadMap } from './api.gen'

const PLAN = '/api/v1/plans/current'

/** What went wrong between page and server, by kind; the words are in the dictionaries. */
export type Trouble = { kind: 'offline' } | { kind: 'answer'; status: number } | { kind: 'malformed' }

export class HttpError extends Error {
  constructor(readonly trouble: Trouble) {
    super(`request failed: ${JSON.stringify(trouble)}`)
  }
}

async function get<T>(path: string): Promise<T> {
  let response: Response
  try {
    response = await fetch(path, { headers: { Accept: 'application/json' } })
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

export const getPlan = (): Promise<Plan> => get<Plan>(PLAN)
export const getPlaces = (): Promise<Places> => get<Places>(`${PLAN}/places`)
export const getRoads = (): Promise<RoadMap> => get<RoadMap>(`${PLAN}/roads`)

export interface Follower {
  onProgress(progress: Progress): void
  /** False while the stream is down; the browser or this module tries again. */
  onConnection(connected: boolean): void
}

const RETRY_MS = 3000

/** Follow the progress of the plan for ever; returns what stops it. */
export function followProgress(follower: Follower): () => void {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  function open(): void {
    source = new EventSource(`${PLAN}/progress`)
    source.onopen = () => follower.onConnection(true)
    source.onmessage = (event: MessageEvent<string>) =>
      follower.onProgress(JSON.parse(event.data) as Progress)
    source.onerror = () => {
      follower.onConnection(false)
      if (source?.readyState === EventSource.CLOSED) timer = setTimeout(open, RETRY_MS)
    }
  }

  open()
  return () => {
    clearTimeout(timer)
    source?.close()
  }
}
