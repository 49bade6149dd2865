import { expect, it } from 'vitest'
import { PlanChanges } from '../../src/console/editing/changes.svelte'
import { Editing } from '../../src/console/editing/editing.svelte'
import type { Plan } from '../../src/shared/api.gen'

/** A server that knows one draft, and answers an edit only when it is told to. */
function draft() {
  const steps: string[] = []
  const shown = { plan: { version: 1, status: 'draft' } as Plan, progress: null }
  let answer = (): void => undefined
  const call = async (path: string): Promise<Response> => {
    const what = path.split(/[/?]/)[5] ?? ''
    if (what === 'edits') await new Promise<void>((resolve) => (answer = resolve))
    if (what === 'edits' || what === 'undo' || what === 'redo') steps.push(what)
    const history = {
      plan: {},
      changes: [],
      can_undo: steps.at(-1) === 'edits',
      can_redo: steps.at(-1) === 'undo',
    }
    return Response.json(
      what === 'history' ? history : { version: 1 + steps.length, edit: {}, violations: [] },
    )
  }
  const refresh = async (): Promise<void> => {
    shown.plan = { ...shown.plan, version: 1 + steps.length }
  }
  const page = Object.assign(shown, { refresh }) as unknown as ConstructorParameters<typeof Editing>[2]
  return { steps, editing: new Editing(call, new PlanChanges(call, 'P', page), page), answer: () => answer() }
}

it('takes an edit back that is still under way when the hand asks for it', async () => {
  const { steps, editing, answer } = draft()
  const edit = editing.make({ kind: 'lock', shipments: ['A'] })
  expect(await editing.undo()).toBe(false)
  answer()
  await edit
  await expect.poll(() => steps).toEqual(['edits', 'undo'])
  await expect.poll(() => editing.canRedo).toBe(true)
})

it('does what a key asks for while a change is under way once that is done', async () => {
  const { steps, editing, answer } = draft()
  const asked: number[] = []
  const edit = editing.make({ kind: 'lock', shipments: ['A'] })
  editing.soon(() => asked.push(1))
  editing.soon(() => asked.push(2))
  expect(asked).toEqual([])
  answer()
  await edit
  expect([steps, asked]).toEqual([['edits'], [2]])
  editing.soon(() => asked.push(3))
  expect(asked).toEqual([2, 3])
})

it('takes nothing back where nothing was done', async () => {
  const { steps, editing } = draft()
  expect(await editing.undo()).toBe(false)
  expect(steps).toEqual([])
})
