import type { Caller } from '../../device/sender'
import type { DayTimes, Places, Plan, RoadMap } from '../../shared/api.gen'
import { get } from '../../shared/http'
import type { JobWatch } from '../planning/watch.svelte'
import type { Follower, Source } from './source'

export const PLANS = '/api/v1/plans'

/** A plan of the service, which its job may still be improving. */
export class StoredSource implements Source {
  constructor(
    readonly planId: string,
    private readonly call: Caller,
    private readonly watch: JobWatch | null,
  ) {}

  plan = (): Promise<Plan> => this.get<Plan>('')
  places = (): Promise<Places> => this.get<Places>('/places')
  times = (): Promise<DayTimes> => this.get<DayTimes>('/times')
  roads = (): Promise<RoadMap> => this.get<RoadMap>('/roads')

  follow(follower: Follower): () => void {
    return this.watch?.subscribe(follower) ?? (() => undefined)
  }

  private get<T>(part: string): Promise<T> {
    return get<T>(`${PLANS}/${this.planId}${part}`, this.call)
  }
}
