/** What kinds of desks do: what one cannot do is not shown to it. */

import type { Tab } from '../state.svelte'
import type { Site } from './sites'

const POST: readonly Tab[] = ['accept', 'handout', 'batch', 'today', 'outbox']
/** An agency's own people speak for it: they take dossiers from a courier and give results along. */
const AGENCY: readonly Tab[] = ['batch', 'give', 'today', 'outbox']
/** It does so too, and besides stands before citizens. */
const ONE_STOP: readonly Tab[] = ['accept', 'handout', 'batch', 'give', 'today', 'outbox']

export function tabsOf(site: Site | null): readonly Tab[] {
  if (site?.kind === 'agency') return AGENCY
  return site?.kind === 'one_stop' ? ONE_STOP : POST
}
