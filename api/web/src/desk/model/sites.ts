/** Sites of the network in force, as a desk speaks of them. */

import type { Me, NetworkRow } from '../../shared/api.gen'

export interface Site {
  id: string
  name: string
  kind: string
  commune: string
}

/** Where papers are decided on; all others belong to the post. */
const AGENCIES = new Set(['agency', 'one_stop'])

export const isAgency = (site: Site): boolean => AGENCIES.has(site.kind)

export function sitesOf(rows: readonly NetworkRow[]): Map<string, Site> {
  return new Map(
    rows.map(({ cells }) => {
      const id = String(cells['site_id'])
      const [name, kind] = [String(cells['name']), String(cells['kind'])]
      return [id, { id, name, kind, commune: String(cells['commune_code']) }]
    }),
  )
}

/** The clerk's own offices; who works for the whole province may speak for each of the post's. */
export function officesOf(sites: ReadonlyMap<string, Site>, me: Me | null): Site[] {
  if (!me) return []
  const own = me.offices.flatMap((id) => sites.get(id) ?? [])
  const found = me.offices.length > 0 ? own : [...sites.values()].filter((site) => !isAgency(site))
  return found.sort((a, b) => a.name.localeCompare(b.name, 'vi'))
}

export function agenciesOf(sites: ReadonlyMap<string, Site>): Site[] {
  return [...sites.values()].filter(isAgency).sort((a, b) => a.name.localeCompare(b.name, 'vi'))
}
