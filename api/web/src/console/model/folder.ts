import type { DayTimes, Places, Plan, Progress, RoadMap } from '../../shared/api.gen'
import { get } from '../../shared/http'
import type { Follower, Source } from './source'

const PLAN = '/api/v1/plans/current'
const RETRY_MS = 3000

/** The one plan that `duongthu serve DIR` shows; nobody logs in. */
export class FolderSource implements Source {
  plan = (): Promise<Plan> => get<Plan>(PLAN)
  places = (): Promise<Places> => get<Places>(`${PLAN}/places`)
  times = (): Promise<DayTimes> => get<DayTimes>(`${PLAN}/times`)
  roads = (): Promise<RoadMap> => get<RoadMap>(`${PLAN}/roads`)

  /** For ever: the browser or this module tries again. */
  follow(follower: Follower): () => void {
    let source: EventSource | undefined
    let timer: ReturnType<typeof setTimeout> | undefined

    function open(): void {
      source = new EventSource(`${PLAN}/progress`)
      source.onopen = () => follower.onConnection(true)
      source.onmessage = (event: MessageEvent<string>) => {
        const { state, seconds, plan_version, plan_id } = JSON.parse(event.data) as Progress
        follower.onNews({ state, seconds, version: plan_version, planId: plan_id })
      }
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
}
