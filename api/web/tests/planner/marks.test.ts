import { expect, it } from 'vitest'
import type { Opened } from '../../src/planner/asking'
import { radiusOf } from '../../src/planner/model/bands'
import { ADDED, marksOf, POST } from '../../src/planner/model/marks'
import { sightAfter, situation } from '../../src/planner/model/sight'
import { OpenStudy } from '../../src/planner/study.svelte'
import { study } from './study'

it('names stay clear of every place, every post and whatever was added', () => {
  const base = study()
  const after = sightAfter(base, { by: 'scenario', key: 'moved' }) ?? situation(base)
  const radii = base.places.map((one) => radiusOf(one.people, 1000))
  expect(marksOf(base, after).map((one) => one.radius)).toEqual([...radii, POST, POST, ADDED])
  expect(marksOf(base, situation(base)).at(-1)).toEqual({ position: [105.0, 10.4], radius: POST })
})

it('says that a network is a sample only where the study assumes one', () => {
  const open = (keys: string[]) =>
    new OpenStudy('1', {
      study: { ...study(), assumptions: keys.map((key) => ({ key })) },
    } as unknown as Opened)
  expect(open(['sample_network', 'k']).isSample).toBe(true)
  expect(open(['k']).isSample).toBe(false)
})
