/** Where each file of a plan is asked for. */

import { PLANS } from '../model/stored'

export const KINDS = ['sheets', 'manifests', 'workbook', 'geojson', 'gpx'] as const
export type Kind = (typeof KINDS)[number]

export interface Wanted {
  kind: Kind
  /** Null = of all. */
  courier: string | null
  /** With citizens' names and addresses. */
  named: boolean
}

/** Only sheets name citizens; only a workbook is of the whole plan. */
export function addressOf(planId: string, { kind, courier, named }: Wanted): string {
  const what = kind === 'sheets' && named ? 'sheets' : `exports/${kind}`
  const whose = courier !== null && kind !== 'workbook' ? `?${new URLSearchParams({ courier })}` : ''
  return `${PLANS}/${planId}/${what}${whose}`
}
