/** One job that makes a plan, watched until it is over; whoever subscribes hears what it has found so far. */

import type { Caller } from '../../device/sender'
import type { JobAnswer } from '../../shared/api.gen'
import { post } from '../../shared/asking'
import { followStream } from '../../shared/stream'
import type { Follower, News } from '../model/source'

const JOBS = '/api/v1/jobs'

export class JobWatch {
  job: JobAnswer = $state.raw() as JobAnswer
  readonly running: boolean = $derived(this.job.finished_at === null)
  private followers: readonly Follower[] = []
  private stopStream: () => void

  constructor(
    private readonly call: Caller,
    job: JobAnswer,
    private readonly onChange: (job: JobAnswer) => void,
  ) {
    this.job = job
    this.stopStream = followStream(call, `${JOBS}/${job.job_id}/progress`, {
      onData: (data) => this.receive(JSON.parse(data) as JobAnswer),
      onConnection: (connected) => this.followers.forEach((one) => one.onConnection(connected)),
    })
  }

  subscribe(follower: Follower): () => void {
    this.followers = [...this.followers, follower]
    follower.onNews(newsOf(this.job))
    return () => {
      this.followers = this.followers.filter((one) => one !== follower)
    }
  }

  /** Stop early and keep the best, or give it up. */
  async end(keepBest: boolean): Promise<void> {
    const job = await post<JobAnswer>(this.call, `${JOBS}/${this.job.job_id}/cancel`, { keep_best: keepBest })
    if (job.revision > this.job.revision) this.receive(job)
  }

  close(): void {
    this.stopStream()
  }

  private receive(job: JobAnswer): boolean {
    this.job = job
    this.followers.forEach((one) => one.onNews(newsOf(job)))
    this.onChange(job)
    return job.finished_at !== null
  }
}

export function newsOf(job: JobAnswer): News {
  return {
    state: job.finished_at === null ? 'solving' : 'done',
    seconds: job.progress?.seconds ?? 0,
    version: job.result?.version ?? null,
    planId: null,
  }
}
