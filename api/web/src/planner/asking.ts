/** What the planner's page asks the server. */

import type { Caller } from '../device/sender'
import type {
  CoverageStudy,
  JobAnswer,
  LandMap,
  Places,
  RoadMap,
  StudyAnswer,
  StudyList,
} from '../shared/api.gen'
import { ask, post } from '../shared/asking'
import { save } from '../shared/saving'

const STUDIES = '/api/v1/coverage/studies'
export const FORMS = ['pdf', 'docx', 'xlsx', 'gpkg', 'geojson'] as const
export type Form = (typeof FORMS)[number]

export interface Opened {
  study: CoverageStudy
  places: Places
  roads: RoadMap
}

export class Asking {
  constructor(
    private readonly call: Caller,
    private readonly province: string,
  ) {}

  list(after: string | null): Promise<StudyList> {
    const query = new URLSearchParams({ province: this.province, ...(after !== null && { after }) })
    return ask(this.call, `${STUDIES}?${query}`)
  }

  state(id: string): Promise<StudyAnswer> {
    return ask(this.call, `${STUDIES}/${id}/state`)
  }

  async open(id: string): Promise<Opened> {
    const [study, places, roads] = await Promise.all([
      ask<CoverageStudy>(this.call, `${STUDIES}/${id}`),
      ask<Places>(this.call, `${STUDIES}/${id}/places`),
      ask<RoadMap>(this.call, `${STUDIES}/${id}/roads`),
    ])
    return { study, places, roads }
  }

  land(id: string, means: string, minutes: number): Promise<LandMap> {
    const query = new URLSearchParams({ means, minutes: String(minutes) })
    return ask(this.call, `${STUDIES}/${id}/reach?${query}`)
  }

  start(body: object, once: string): Promise<StudyAnswer> {
    return post(this.call, STUDIES, { ...body, province_id: this.province }, once)
  }

  remove(id: string): Promise<void> {
    return ask(this.call, `${STUDIES}/${id}`, { method: 'DELETE' })
  }

  cancel(jobId: string): Promise<JobAnswer> {
    return post(this.call, `/api/v1/jobs/${jobId}/cancel`, { keep_best: false })
  }

  save(id: string, form: Form, language: string): Promise<string> {
    return save(this.call, `${STUDIES}/${id}/export?${new URLSearchParams({ format: form, lang: language })}`)
  }
}
