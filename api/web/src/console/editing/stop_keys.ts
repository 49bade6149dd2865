/** What keys do with the stop of a round that has the focus. */

import { tick } from 'svelte'
import type { Plan, PlannedRoute, PlannedStop } from '../../shared/api.gen'
import type { ConsoleState } from '../state.svelte'
import { codesOf, meant, numberOf, oneFurther, places } from './edits'
import type { Editing } from './editing.svelte'

interface Found {
  route: PlannedRoute
  trip: number
  position: number
  number: number
  stop: PlannedStop
}

type Act = (page: ConsoleState, editing: Editing, found: Found) => void

export function stopKeys(
  event: KeyboardEvent,
  page: ConsoleState,
  editing: Editing,
  stop: PlannedStop,
): void {
  const act = actionOf(event)
  if (!act || editing.off !== null) return
  event.preventDefault()
  editing.soon(() => {
    const found = whereNow(page.plan, stop)
    if (found) act(page, editing, found)
  }, event.repeat)
}

function actionOf(event: KeyboardEvent): Act | null {
  if (event.ctrlKey || event.metaKey) return null
  if (event.altKey) {
    if (event.key === 'ArrowUp') return (...at) => void shift(...at, -1)
    return event.key === 'ArrowDown' ? (...at) => void shift(...at, 1) : null
  }
  if (event.repeat) return null // a key held down carries a stop on, and does nothing else twice
  if (event.key === 'Delete') return takeOut
  if (event.key.toLowerCase() === 'm') return askWhere
  return event.key.toLowerCase() === 'l' ? lock : null
}

const takeOut: Act = (page, editing, { stop }) =>
  void editing.make({ kind: 'unassign', shipments: meant(page, codesOf(stop)) })

const askWhere: Act = (page, editing, { stop }) => (editing.asking = meant(page, codesOf(stop)))

const lock: Act = (page, editing, { stop }) =>
  void editing.make({ kind: stop.locked ? 'unlock' : 'lock', shipments: meant(page, codesOf(stop)) })

/** A change that was under way may have moved it: it is known by what is done there. Null = nobody goes there. */
function whereNow(plan: Plan | null, stop: PlannedStop): Found | null {
  const first = stop.tasks[0]
  for (const route of plan?.routes ?? []) {
    const found = places(route).find((one) =>
      one.stop.tasks.some((task) => task.shipment === first?.shipment && task.action === first.action),
    )
    if (found) return { route, ...found }
  }
  return null
}

/** One place earlier or later; the focus goes with the stop. */
async function shift(page: ConsoleState, editing: Editing, found: Found, step: -1 | 1): Promise<void> {
  const edit = oneFurther(found.route, found.trip, found.position, step)
  const code = edit?.shipments[0]
  const open = page.chosenStop === found.number
  if (!edit || code === undefined || !(await editing.make(edit))) return
  const route = page.plan?.routes.find((one) => one.courier_id === found.route.courier_id)
  const number = numberOf(route, code)
  if (number === null || page.chosenId !== found.route.courier_id) return
  if (open) page.chosenStop = number
  await tick()
  document.querySelector<HTMLElement>(`[data-stop='${number}']`)?.focus()
}
