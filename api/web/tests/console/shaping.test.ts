import { describe, expect, it } from 'vitest'
import { lookup } from '../../src/console/model/lookup'
import { rounds } from '../../src/console/model/rounds'
import { cuts } from '../../src/console/shaping/cuts'
import { codesInside, codesOfCommune, countOf } from '../../src/console/shaping/marking'
import { nearest, StopForm } from '../../src/console/shaping/stopform.svelte'
import { inside, type Pixel, type Surface } from '../../src/console/shaping/surface'
import { drawn, isSamePlace, targetAt } from '../../src/console/shaping/target'
import { boundsOf, project, unproject } from '../../src/shared/geometry'
import { frame } from '../../src/console/map/picture'
import { at, places, plan, stop, trip } from '../sample'

/** A thousand pixels a degree, the base at 0, 0. */
const surface: Surface = {
  toScreen: ([lon, lat]) => [(lon - 105) * 1000, (10 - lat) * 1000],
  toEarth: ([x, y]) => [105 + x / 1000, 10 - y / 1000],
}

const task = (shipment: string) => [{ shipment, leg: 'deliver_round' as const, action: 'deliver' as const }]
/** East from the base, a stop every 100 pixels, and back 100 pixels further north. */
const long = trip({
  stops: [1, 2, 3].map((n) => stop({ tasks: task(`S${n}`), arrives: at(`0${7 + n}:00`) })),
  path: {
    type: 'LineString',
    coordinates: [
      [105, 10],
      [105.1, 10],
      [105.15, 10],
      [105.2, 10],
      [105.3, 10],
      [105.3, 10.1],
      [105, 10.1],
      [105, 10],
    ],
    stop_index: [1, 3, 4],
  },
})
const look = lookup(places)

describe('a line around stops', () => {
  it('tells inside from outside, also where it is hollow', () => {
    const hollow: Pixel[] = [
      [0, 0],
      [10, 0],
      [10, 10],
      [5, 2],
      [0, 10],
    ]
    expect(inside([1, 1], hollow)).toBe(true)
    expect(inside([5, 5], hollow)).toBe(false)
    expect(inside([11, 1], hollow)).toBe(false)
  })

  it('marks what is carried to the stops in it, and what is left behind there', () => {
    const whole = plan([long])
    const ring: Pixel[] = [
      [150, -20],
      [250, -20],
      [250, 20],
      [150, 20],
    ]
    expect(codesInside(whole, look, ring, surface)).toEqual(['S2'])
    expect(codesInside(whole, look, ring.slice(0, 2), surface)).toEqual([])
    expect(countOf(whole, new Set(['S1', 'S2', 'nobody carries it']))).toEqual({ stops: 2, shipments: 3 })
  })

  it('marks a commune by the sites and citizens in it', () => {
    expect(codesOfCommune(plan([long]), look, '2')).toEqual(expect.arrayContaining(['S1', 'S2', 'S3']))
    expect(codesOfCommune(plan([long]), look, 'elsewhere')).toEqual([])
  })
})

describe('where a held stop would go', () => {
  const trips = drawn(rounds(plan([long, long]), look), surface)
  const first = trips.slice(0, 1)

  it('lies between the stops that the nearest piece of the way joins', () => {
    const position = (pixel: Pixel) => targetAt(pixel, first)?.position
    expect(position([50, 5])).toBe(0)
    expect(position([130, 5])).toBe(1)
    expect(position([170, 5])).toBe(1)
    expect(position([250, -5])).toBe(2)
    expect(position([200, -95])).toBe(3)
    expect(targetAt([150, -50], first)).toBeNull()
  })

  it('is nothing where the stop lies already', () => {
    const held = { courierId: 'C1', trip: 0, position: 1 }
    expect([0, 1, 2, 3].map((position) => isSamePlace({ ...held, position }, held))).toEqual([
      false,
      true,
      true,
      false,
    ])
    expect(isSamePlace({ ...held, trip: 1 }, held)).toBe(false)
  })

  it('is found in a province of sixty rounds within a frame', () => {
    const many = Array.from({ length: 60 }, () => ({
      ...(first[0] as (typeof first)[0]),
      corners: Float64Array.from({ length: 4000 }, (_, n) => (n * 7919) % 2000),
    }))
    const began = performance.now()
    for (let n = 0; n < 10; n += 1) targetAt([n * 50, n * 50], many)
    expect((performance.now() - began) / 10).toBeLessThan(100)
  })
})

describe('the picture of the map', () => {
  it('gives back the point of the earth that it was asked for', () => {
    const back = unproject(project([105.3, 10.4]))
    expect(back[0]).toBeCloseTo(105.3, 9)
    expect(back[1]).toBeCloseTo(10.4, 9)
    const view = frame(
      boundsOf([
        [105, 10],
        [106, 11],
      ]) as [number, number, number, number],
    )
    const [lon, lat] = view.from(view.at([105.25, 10.75]))
    expect(lon).toBeCloseTo(105.25, 3)
    expect(lat).toBeCloseTo(10.75, 3)
  })
})

describe('a stop that nobody registered', () => {
  it('lies in the commune whose middle is nearest, until somebody says otherwise', () => {
    const form = new StopForm()
    form.putAt([105.08, 10.09], places)
    expect(form.commune).toBe('2')
    expect(nearest([], [105, 10])).toBeNull()
    expect(form.isWhole).toBe(false) // fetched, but brought nowhere
    form.other = 'A'
    expect(form.isWhole).toBe(true)
    expect(form.wanted).toMatchObject({ point: [105.08, 10.09], commune_code: '2', other_site: 'A' })
  })

  it('at a site has no citizen', () => {
    const form = new StopForm()
    form.name = 'Ai đó'
    form.putIn({ kind: 'site', id: 'A', label: '', detail: '', roundId: null, folded: '' }, places)
    form.other = 'A'
    expect(form.isWhole).toBe(false) // from and to the same site
    form.other = 'B1'
    expect(form.wanted).toMatchObject({ site_id: 'A', other_site: 'B1', contact_name: '' })
    expect(form.wanted.point).toBeUndefined()
  })
})

describe('splitting a round', () => {
  it('is possible before each stop but the first', () => {
    const [round] = rounds(plan([long, long]), look)
    if (!round) throw new Error('there is no round')
    expect(cuts(round).map(({ trip, position, number }) => [trip, position, number])).toEqual([
      [0, 1, 2],
      [0, 2, 3],
      [1, 0, 4],
      [1, 1, 5],
      [1, 2, 6],
    ])
  })
})
