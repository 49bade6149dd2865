/** What the address of the planner's page names: a study, and what of it is looked at. */

export const TABS = ['overview', 'places', 'choosing', 'scenarios', 'grounds'] as const
export type Tab = (typeof TABS)[number]

export interface Named {
  study: string | null
  tab: Tab
  place: string | null
}

export function readAddress(hash: string): Named {
  const found = new URLSearchParams(hash.slice(1))
  return {
    study: found.get('study'),
    tab: TABS.find((one) => one === found.get('tab')) ?? 'overview',
    place: found.get('place'),
  }
}

export function writeAddress({ study, tab, place }: Named): string {
  return `#${new URLSearchParams({
    ...(study !== null && { study, ...(tab !== 'overview' && { tab }), ...(place !== null && { place }) }),
  })}`
}
