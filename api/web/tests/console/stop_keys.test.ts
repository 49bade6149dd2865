import { expect, it } from 'vitest'
import type { Editing } from '../../src/console/editing/editing.svelte'
import { stopKeys } from '../../src/console/editing/stop_keys'
import type { ConsoleState } from '../../src/console/state.svelte'
import type { PlannedRoute, PlannedStop } from '../../src/shared/api.gen'

const stop = (shipment: string, locked = false) => ({ locked, tasks: [{ shipment, action: 'deliver' }] })
const route = (...stops: object[]) => ({ courier_id: 'BT-01', trips: [{ stops }] }) as unknown as PlannedRoute

/** A page whose service is slow: what is asked for meanwhile is done when `answer` is called. */
function slow(shown: PlannedRoute) {
  const made: object[] = []
  let wish = (): void => undefined
  const page = { plan: { routes: [shown] }, marked: new Set<string>(), chosenStop: null }
  const editing = {
    off: null,
    soon: (act: () => void) => (wish = act),
    make: async (edit: object) => made.push(edit) < 0,
  }
  const press = (key: string, more: Partial<KeyboardEvent> = {}): void => {
    const event = { key, preventDefault: () => undefined, ...more } as KeyboardEvent
    const first = shown.trips[0]?.stops[0] as PlannedStop
    stopKeys(event, page as unknown as ConsoleState, editing as unknown as Editing, first)
  }
  const answer = (routes: PlannedRoute[]): void => {
    page.plan = { routes: routes as [PlannedRoute] }
    wish()
  }
  return { made, press, answer }
}

it('means the stop that had the focus, wherever the change under way has put it', () => {
  const { made, press, answer } = slow(route(stop('A'), stop('B')))
  press('l')
  answer([route(stop('B')), route(stop('C'), stop('A', true))])
  press('ArrowDown', { altKey: true })
  answer([route(stop('A'), stop('B'))])
  expect(made).toEqual([
    { kind: 'unlock', shipments: ['A'] },
    { kind: 'move', shipments: ['A'], courier_id: 'BT-01', trip: 0, position: 2 },
  ])
})

it('does nothing to a stop that the change under way has taken out', () => {
  const { made, press, answer } = slow(route(stop('A'), stop('B')))
  press('Delete')
  answer([route(stop('B'))])
  expect(made).toEqual([])
})

it('takes out once however long the key is held', () => {
  const { made, press, answer } = slow(route(stop('A')))
  press('Delete', { repeat: true })
  answer([route(stop('A'))])
  expect(made).toEqual([])
})
