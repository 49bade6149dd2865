import { describe, expect, it } from 'vitest'
import { CLASSES, paints, type ColorBy, type Paint } from '../../src/console/model/paint'
import { lookup } from '../../src/console/model/lookup'
import { contrast, distance, luminance, linear, oklab, seen, VISIONS } from '../seeing'
import { places, plan, stop, trip } from '../sample'

const look = lookup(places)
const task = (shipment: string) => [{ shipment, leg: 'deliver_round', action: 'deliver' } as const]
const day = plan([
  trip({ stops: [stop({ slack: 3600, tasks: task('S1') }), stop({ slack: 1200, tasks: task('S2') })] }),
  trip({ stops: [stop({ slack: 60, tasks: [...task('S1'), ...task('S2')] })] }),
])
const painted = (by: ColorBy): [Paint, Paint[]] => {
  const found = paints(day, look, by).get('C1')
  if (!found) throw new Error('not painted')
  return [found.round, found.stops]
}

describe('colours by what they mean', () => {
  it('by slack: a round is as tight as its tightest stop', () => {
    const { tight, close, ample } = CLASSES.slack
    expect(painted('slack')).toEqual([tight, [ample, close, tight]])
  })

  it('by due date: a stop is as pressing as what is due first', () => {
    // The plan's day is the 23rd; S1 is due on it, S2 on the 24th.
    const { today, tomorrow } = CLASSES.due
    expect(painted('due')).toEqual([today, [today, tomorrow, today]])
  })

  it('by kind: several kinds are a class of their own', () => {
    const { intake, result, mixed } = CLASSES.kind
    expect(painted('kind')).toEqual([mixed, [result, intake, mixed]])
  })

  it('by courier and by base: every stop as its round', () => {
    for (const by of ['courier', 'base'] as const) {
      const [round, stops] = painted(by)
      expect(stops).toEqual([round, round, round])
    }
  })

  for (const [by, classes] of Object.entries(CLASSES)) {
    const all = Object.values(classes) as Paint[]
    it(`${by}: every class has a form of its own`, () => {
      expect(new Set(all.map((one) => one.form)).size).toBe(all.length)
    })

    it.each(Object.entries(VISIONS))(`${by}: classes are told apart (%s)`, (_, vision) => {
      const colors = all.map((one) => oklab(seen(linear(one.color), vision)))
      colors.forEach((one, i) => {
        for (const other of colors.slice(i + 1)) expect(distance(one, other)).toBeGreaterThan(0.09)
      })
    })

    it(`${by}: white numbers can be read on them`, () => {
      for (const one of all) expect(contrast(1, luminance(linear(one.color)))).toBeGreaterThan(4.5)
    })
  }
})
