/** How far a shipment is on its way, as one of a few stages. */

import type { Track } from '../shared/api.gen'

export type Stage = 'waiting' | 'moving' | 'near' | 'done'
export const STAGES: readonly Stage[] = ['waiting', 'moving', 'near', 'done']

const OF: Partial<Record<Track['state'], Stage>> = {
  announced: 'waiting',
  collected: 'moving',
  at_site: 'moving',
  travelling: 'moving',
  out: 'near',
  invited: 'near',
  held: 'near',
  delivered: 'done',
  at_agency: 'done',
  scanned: 'done',
}

/** null = it goes back, which is no stage of this way. */
export function stageOf(state: Track['state']): Stage | null {
  return OF[state] ?? null
}
