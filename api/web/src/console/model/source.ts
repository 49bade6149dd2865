/** Where the console reads a plan from: a folder that a server shows, or a service with many plans. */

import type { DayTimes, Places, Plan, RoadMap } from '../../shared/api.gen'

/** How far the search for a plan is. */
export interface News {
  state: 'solving' | 'done'
  /** Spent searching so far. */
  seconds: number
  /** Of the plan that the source has now; null = as before. */
  version: number | null
  /** The content's name, where the source may come to show another plan; null = always the same one. */
  planId: string | null
}

export interface Follower {
  onNews(news: News): void
  /** False while nothing is heard; the source tries again by itself. */
  onConnection(connected: boolean): void
}

export interface Source {
  plan(): Promise<Plan>
  places(): Promise<Places>
  /** Windows of the stops and calls of the lines; may take a second. */
  times(): Promise<DayTimes>
  roads(): Promise<RoadMap>
  /** Tell what happens to the plan; returns what stops it. */
  follow(follower: Follower): () => void
}
