/** What keys do with the stop of a round that has the focus. */

import { tick } from 'svelte'
import type { PlannedRoute } from '../../shared/api.gen'
import type { ConsoleState } from '../state.svelte'
import { codesOf, meant, numberOf, oneFurther } from './edits'
import type { Editing } from './editing.svelte'

interface Place {
  route: PlannedRoute
  trip: number
  position: number
  number: number
}

export function stopKeys(event: KeyboardEvent, page: ConsoleState, editing: Editing, place: Place): void {
  const act = actionOf(event, page, editing, place)
  if (!act || !editing.ready) return
  event.preventDefault()
  act()
}

function actionOf(
  event: KeyboardEvent,
  page: ConsoleState,
  editing: Editing,
  place: Place,
): (() => void) | null {
  const stop = place.route.trips[place.trip]?.stops[place.position]
  if (!stop || event.ctrlKey || event.metaKey) return null
  const shipments = meant(page, codesOf(stop))
  if (event.altKey) {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return null
    return () => void shift(page, editing, place, event.key === 'ArrowUp' ? -1 : 1)
  }
  if (event.key === 'Delete') return () => void editing.make({ kind: 'unassign', shipments })
  if (event.key.toLowerCase() === 'm') return () => (editing.asking = shipments)
  if (event.key.toLowerCase() !== 'l') return null
  return () => void editing.make({ kind: stop.locked ? 'unlock' : 'lock', shipments })
}

/** One place earlier or later; the focus goes with the stop. */
async function shift(page: ConsoleState, editing: Editing, place: Place, step: -1 | 1): Promise<void> {
  const edit = oneFurther(place.route, place.trip, place.position, step)
  const code = edit?.shipments[0]
  const open = page.chosenStop === place.number
  if (!edit || code === undefined || !(await editing.make(edit))) return
  const route = page.plan?.routes.find((one) => one.courier_id === place.route.courier_id)
  const number = numberOf(route, code)
  if (number === null || page.chosenId !== place.route.courier_id) return
  if (open) page.chosenStop = number
  await tick()
  document.querySelector<HTMLElement>(`[data-stop='${number}']`)?.focus()
}
