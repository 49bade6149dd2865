import type { Caller } from '../../device/sender'
import type { NetworkRow } from '../../shared/api.gen'
import { fold } from '../../shared/fold'
import { readRows } from '../../shared/network'

export interface Mate {
  id: string
  name: string
  baseId: string
  base: string
}

/** Who works on a day, by base and name; reserves have no rounds of their own. */
export async function readCrew(call: Caller, day: string, province: string): Promise<Mate[]> {
  const [couriers, sites] = await Promise.all([
    readRows(call, 'couriers', day, province),
    readRows(call, 'sites', day, province),
  ])
  return crewOf(couriers, sites)
}

export function crewOf(couriers: readonly NetworkRow[], sites: readonly NetworkRow[]): Mate[] {
  const names = new Map(sites.map(({ cells }) => [text(cells['site_id']), text(cells['name'])]))
  const { compare } = new Intl.Collator('vi', { numeric: true })
  return couriers
    .filter(({ cells }) => text(cells['reserve']) !== 'yes')
    .map(({ cells }) => {
      const baseId = text(cells['base_id'])
      const base = names.get(baseId) ?? baseId
      return { id: text(cells['courier_id']), name: text(cells['name']), baseId, base }
    })
    .sort((a, b) => compare(a.base, b.base) || compare(a.name, b.name))
}

export interface Base {
  id: string
  name: string
}

/** Where the crew begins its rounds, by name. */
export const basesOf = (crew: readonly Mate[]): Base[] =>
  [...new Map(crew.map((one) => [one.baseId, one.base]))].map(([id, name]) => ({ id, name }))

/** Those whose name, id or base holds every word that was typed, with or without its marks. */
export function found(crew: readonly Mate[], query: string): Mate[] {
  const words = fold(query).split(' ').filter(Boolean)
  return crew.filter((one) => {
    const whole = fold(`${one.name} ${one.id} ${one.base}`)
    return words.every((word) => whole.includes(word))
  })
}

const text = (cell: unknown): string => (cell === undefined || cell === null ? '' : String(cell))
