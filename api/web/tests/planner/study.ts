/** A small study for tests of the planner's models: four places, one of them an island. */

import type { CoverageStudy, RemedyPrice } from '../../src/shared/api.gen'

const YEAR = {
  dossiers: 100,
  results: 200,
  dong: 900,
  fixed_dong: 0,
  km: 10,
  courier_days: 5,
  hours: 40,
  most_couriers: 2,
  early: 0.5,
  on_the_day: 0.3,
  late: 0.2,
  unserved: 0,
  postage_dong: 70,
}

const access = (seconds: number | null) => ({
  walk: { seconds, point_id: seconds === null ? null : 'P1' },
})

function price(place_id: string, kind: RemedyPrice['kind'], added_dong: number, people: number): RemedyPrice {
  return {
    place_id,
    kind,
    weekday: null,
    hours_a_week: 8,
    year: YEAR,
    added_dong,
    added_km: 1,
    added_courier_days: 1,
    access: { walk: { seconds: 60, point_id: kind === 'nothing' ? 'P1' : `NEW-${place_id}` } },
    minutes_saved: { walk: 30 },
    people_gained: { walk: people },
    dossiers_won: 3,
    late_change: 0,
    problem: null,
  }
}

const place = (place_id: string, name: string, people: number, seconds: number | null, lon: number) => ({
  place_id,
  name,
  commune_code: '30292',
  commune: 'Tri Tôn',
  position: [lon, 10.4] as [number, number],
  people,
  people_estimated: true,
  has_post: seconds === 0,
  base_id: 'P1',
  access: access(seconds),
})

export function study(): CoverageStudy {
  const reached = {
    people: { walk: { 15: 1000, 30: 1000 } },
    mean_minutes: { walk: 20 },
    no_way: { walk: 50 },
  }
  const part = {
    limits_minutes: [30, 15],
    main_means: 'walk',
    main_minutes: 30,
    places: [
      place('A', 'Núi Tô', 1000, 0, 105.0),
      place('B', 'Ô Lâm', 400, 2400, 105.1),
      place('C', 'Đào Hữu Cảnh', 300, 1860, 105.2),
      place('D', 'Cù lao', 50, null, 105.3),
    ],
    points: [{ point_id: 'P1', name: 'Bưu điện Tri Tôn', position: [105.0, 10.4] }],
    without_post: ['B', 'C', 'D'],
    reached,
    base: YEAR,
    remedies: [
      price('B', 'new_point', 90, 400),
      price('B', 'weekly_visit', 20, 0),
      price('B', 'borrowed_desk', 50, 400),
      price('C', 'new_point', 80, 300),
      price('C', 'nothing', 0, 0),
      { ...price('D', 'new_point', 70, 50), problem: { vi: 'không có đường', en: 'no way' } },
    ],
    frontiers: [
      {
        means: 'walk',
        minutes: 30,
        seconds_taken: 1,
        nearer: { B: { B: 0, C: 1500, A: 900 }, C: { C: 60, B: 1200 }, D: { D: 0 } },
        steps: [
          { k: 0, exact: [], exact_people: 1000, greedy: [], greedy_people: 1000, proved: true },
          {
            k: 2,
            exact: ['B', 'C'],
            exact_people: 1700,
            greedy: ['B', 'C'],
            greedy_people: 1700,
            proved: true,
          },
        ],
      },
    ],
    efficient: [
      { added_dong: 0, people: 1000, postage_dong: 0, choices: [] },
      { added_dong: 50, people: 1400, postage_dong: -5, choices: [{ place_id: 'B', kind: 'borrowed_desk' }] },
    ],
    scenarios: [
      {
        key: 'moved',
        before: YEAR,
        after: { ...YEAR, dong: 800, fixed_dong: 40, late: 0.25 },
        access: { C: access(600) },
        points: [
          { point_id: 'P1', name: 'Bưu điện Tri Tôn', position: [105.0, 10.4] },
          { point_id: 'P2', name: 'Điểm mới', position: [105.2, 10.4] },
        ],
        reached: { ...reached, people: { walk: { 15: 1300, 30: 1300 } } },
        bands: {},
        change_bands: {},
        changes: [],
      },
    ],
  }
  return part as unknown as CoverageStudy
}
