/** Why a shipment was left over, in a sentence. */

import type { LeftOver } from '../../shared/api.gen'
import { shortDay } from '../../shared/format'
import type { Language } from '../../shared/i18n/language.svelte'
import type { Dictionary } from '../words/vi'

export function whyLeft(one: LeftOver, words: Dictionary, language: Language): string {
  const w = words.morning.leftOvers
  const day = one.on === null ? '' : shortDay(one.on, language)
  switch (one.cause) {
    case 'attempted':
      return one.reason === null
        ? w.attemptedBare(day)
        : w.attempted(words.decide.queue.trouble[one.reason] ?? one.reason, day)
    case 'no_room':
      return w.noRoom(one.detail?.[language] ?? '', day)
    case 'not_done':
      return w.notDone(one.courier ?? '', day)
    case 'not_planned':
      return w.notPlanned
  }
}
