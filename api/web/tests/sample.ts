import type { Places, Plan, PlannedStop, PlannedTrip } from '../src/shared/api.gen'

/** Clock time of the sample day, in its own zone. */
export const at = (clock: string): string => `2026-11-23T${clock}:00+07:00`

export function stop(part: Partial<PlannedStop>): PlannedStop {
  return {
    site_id: 'A',
    point: null,
    tasks: [{ shipment: 'S1', leg: 'deliver_round', action: 'deliver' }],
    arrives: at('08:00'),
    waits: 0,
    starts: at('08:00'),
    leaves: at('08:05'),
    slack: 3600,
    load: { pieces: 1, grams: 100, cash_dong: 0 },
    distance: 5000,
    duration: 900,
    locked: false,
    ...part,
  }
}

export function trip(part: Partial<PlannedTrip>): PlannedTrip {
  return {
    departs: at('07:30'),
    returns: at('09:00'),
    distance: 12000,
    load: { pieces: 2, grams: 200, cash_dong: 0 },
    breaks: [],
    stops: [stop({})],
    path: {
      type: 'LineString',
      coordinates: [
        [105, 10],
        [105.1, 10.1],
        [105, 10],
      ],
      stop_index: [1],
    },
    ...part,
  }
}

export const places: Places = {
  sites: [
    {
      site_id: 'B1',
      name: 'Bưu cục Châu Đốc',
      kind: 'post_office',
      commune_code: '1',
      point: [105, 10],
      opening_hours: '',
      is_base: true,
    },
    {
      site_id: 'A',
      name: 'UBND xã Đa Phước',
      kind: 'one_stop',
      commune_code: '2',
      point: [105.1, 10.1],
      opening_hours: '',
      is_base: false,
    },
  ],
  couriers: [
    {
      courier_id: 'C1',
      name: 'Đặng Thị Ánh',
      base_id: 'B1',
      vehicle: 'motorbike',
      capacity: { pieces: 10, grams: 1000, cash_dong: 0 },
      shift_starts: at('07:00'),
      shift_ends: at('17:00'),
      reserve: false,
    },
  ],
  communes: [
    { code: '1', name: 'Phường Châu Đốc', point: [105, 10], base_id: 'B1', outline: [] },
    { code: '2', name: 'Xã Đa Phước', point: [105.1, 10.1], base_id: 'B1', outline: [] },
  ],
  shipments: [
    {
      code: 'S1',
      kind: 'result',
      origin: { site_id: 'B1', commune_code: '1' },
      destination: { site_id: null, commune_code: '2' },
      due_on: '2026-11-23',
    },
    {
      code: 'S2',
      kind: 'intake',
      origin: { site_id: 'A', commune_code: '2' },
      destination: { site_id: 'B1', commune_code: '1' },
      due_on: '2026-11-24',
    },
  ],
}

/** As much of a plan as the logic of the pages reads. */
export function plan(trips: PlannedTrip[]): Plan {
  const cost = { fixed: 0, distance: 0, duration: 0, overtime: 0, total: 0 }
  const routes = [{ courier_id: 'C1', vehicle: 'motorbike', base_id: 'B1', cost, trips }]
  return { routes, unassigned: [], network: { valid_on: '2026-11-23' } } as unknown as Plan
}
