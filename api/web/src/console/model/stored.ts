import type { Caller } from '../../device/sender'
import type { DayTimes, Places, Plan, RoadMap } from '../../shared/api.gen'
import { get } from '../../shared/http'
import type { JobWatch } from '../planning/watch.svelte'
import type { Follower, Source } from './source'

export const PLANS = '/api/v1/plans'

/** A plan of the service, which its job may still be improving. */
export class StoredSource implements Source {
  private readonly begun = new Map<string, Promise<unknown>>()

  constructor(
    readonly planId: string,
    private readonly call: Caller,
    public watch: JobWatch | null = null,
  ) {}

  plan = (): Promise<Plan> => this.take<Plan>('')
  places = (): Promise<Places> => this.take<Places>('/places')
  times = (): Promise<DayTimes> => this.get<DayTimes>('/times')
  roads = (): Promise<RoadMap> => this.get<RoadMap>('/roads')

  follow(follower: Follower): () => void {
    return this.watch?.subscribe(follower) ?? (() => undefined)
  }

  /** Ask for what a page shows first, while it is still being made ready. */
  begin(): this {
    for (const part of ['', '/places']) {
      const asked = this.get<unknown>(part)
      asked.catch(() => undefined) // told to whoever takes it
      this.begun.set(part, asked)
    }
    return this
  }

  private take<T>(part: string): Promise<T> {
    const asked = this.begun.get(part) as Promise<T> | undefined
    this.begun.delete(part)
    return asked ?? this.get<T>(part)
  }

  private get<T>(part: string): Promise<T> {
    return get<T>(`${PLANS}/${this.planId}${part}`, this.call)
  }
}
