/** What lies under the rounds, as the page knows it: which base map is wished for, and whether it is there. */

import { getContext, setContext } from 'svelte'
import type { BaseMap } from '../../shared/api.gen'

export class Ground {
  /** Of the settings; null = our own roads and communes alone. */
  wanted = $state.raw<BaseMap | null>(null)
  /** Said by the settings, or by the tiles themselves. */
  attribution = $state('')
  /** Why tiles do not come: then our own map is shown. */
  broken = $state<string | null>(null)
}

const KEY = Symbol('ground')

/** By the outermost component, before it knows what the server says. */
export const provideGround = (): Ground => setContext(KEY, new Ground())
export const ground = (): Ground => getContext<Ground | undefined>(KEY) ?? new Ground()
