import type { Feature, FeatureCollection } from 'geojson'
import { describe, expect, it } from 'vitest'
import { forward, isSame, NOBODY, ofRounds } from '../../src/console/map/forward'

const line = (round: string, trip: number): Feature => ({
  type: 'Feature',
  geometry: {
    type: 'LineString',
    coordinates: [
      [105, 10],
      [106, 10],
    ],
  },
  properties: { round, trip },
})
const stop = (round: string, number: number): Feature => ({
  type: 'Feature',
  geometry: { type: 'Point', coordinates: [105, 10] },
  properties: { round, number },
})
const all = (...features: Feature[]): FeatureCollection => ({ type: 'FeatureCollection', features })
const named = (of: FeatureCollection): string[] =>
  of.features.map(({ properties }) => [properties?.round, properties?.trip ?? properties?.number].join(' '))

const rounds = all(line('A', 0), line('A', 1), line('B', 0))
const stops = all(stop('A', 1), stop('A', 2), stop('B', 1))

describe('rounds brought forward', () => {
  it('are none while nobody is meant', () => {
    const found = forward(rounds, stops, NOBODY)
    expect(Object.values(found).flatMap(named)).toEqual([])
  })

  it('are every trip of the hovered round, and of the chosen one with its stops', () => {
    const found = forward(rounds, stops, { chosen: 'A', stop: null, hovered: 'B' })
    expect(named(found.hovered)).toEqual(['B 0'])
    expect(named(found.chosen)).toEqual(['A 0', 'A 1'])
    expect(named(found.stops)).toEqual(['A 1', 'A 2'])
    expect(named(found.focus)).toEqual([])
  })

  it('have the stop that is looked at, of the chosen round alone', () => {
    expect(named(forward(rounds, stops, { chosen: 'B', stop: 1, hovered: null }).focus)).toEqual(['B 1'])
    expect(named(forward(rounds, stops, { chosen: null, stop: 1, hovered: 'A' }).focus)).toEqual([])
  })

  it('are drawn anew only when other features come', () => {
    const one = ofRounds(rounds, ['A'])
    expect(isSame(one, ofRounds(rounds, ['A', null]))).toBe(true)
    expect(isSame(one, ofRounds(rounds, ['B']))).toBe(false)
    expect(isSame(ofRounds(rounds, ['B']), ofRounds(all(line('B', 0)), ['B']))).toBe(false)
    expect(isSame(one, undefined)).toBe(false)
  })
})
