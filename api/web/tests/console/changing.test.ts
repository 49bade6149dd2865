import { expect, it } from 'vitest'
import { PlanChanges } from '../../src/console/editing/changes.svelte'
import { Editing } from '../../src/console/editing/editing.svelte'
import type { Plan } from '../../src/shared/api.gen'

/** A server that knows one draft, and answers an edit only when it is told to. */
function draft() {
  const steps: string[] = []
  const shown = { plan: { version: 1, status: 'draft' } as Plan, progress: null }
  let answer: (refused?: boolean) => void = () => undefined
  const call = async (path: string): Promise<Response> => {
    const what = path.split(/[/?]/)[5] ?? ''
    const refused =
      what === 'edits' && (await new Promise<boolean>((resolve) => (answer = (no = false) => resolve(no))))
    if (refused) return Response.json({ code: 'edit', message: 'no', errors: [] }, { status: 422 })
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
  const editing = new Editing(call, new PlanChanges(call, 'P', page), page)
  return { steps, editing, answer: () => answer(), refuse: () => answer(true) }
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

it('does what keys ask for while a change is under way once that is done, each in its turn', async () => {
  const { steps, editing, answer } = draft()
  const asked: number[] = []
  const edit = editing.make({ kind: 'lock', shipments: ['A'] })
  editing.soon(() => asked.push(1))
  editing.soon(() => void editing.make({ kind: 'lock', shipments: ['B'] }))
  editing.soon(() => asked.push(2))
  expect(asked).toEqual([])
  answer()
  await edit
  expect([steps, asked]).toEqual([['edits'], [1]])
  answer()
  await expect.poll(() => asked).toEqual([1, 2])
  expect(steps).toEqual(['edits', 'edits'])
  editing.soon(() => asked.push(3))
  expect(asked).toEqual([1, 2, 3])
})

it('lets a key that is held down wait once, so that it stops when it is let go', async () => {
  const { editing, answer } = draft()
  const asked: number[] = []
  const edit = editing.make({ kind: 'lock', shipments: ['A'] })
  editing.soon(() => asked.push(1), true)
  editing.soon(() => asked.push(2), true)
  editing.soon(() => asked.push(3))
  answer()
  await edit
  expect(asked).toEqual([1, 3])
})

it('drops what waits for a change that is refused', async () => {
  const { editing, refuse } = draft()
  const asked: number[] = []
  const edit = editing.make({ kind: 'lock', shipments: ['A'] })
  editing.soon(() => asked.push(1))
  refuse()
  expect(await edit).toBe(false)
  expect([editing.busy, asked]).toEqual([false, []])
})

it('takes nothing back where nothing was done', async () => {
  const { steps, editing } = draft()
  expect(await editing.undo()).toBe(false)
  expect(steps).toEqual([])
})
