/** What is typed of an agency's months and targets, read back. */

import type { AgencyShare } from '../../../shared/api.gen'

export interface MonthText {
  month: string
  received: string
  returned: string
}

export interface TargetText {
  quarter: string
  dossiers: string
  results: string
}

const text = (value: number | null | undefined): string => String(value ?? '')

export const monthTexts = (agency: AgencyShare, months: readonly string[]): MonthText[] =>
  months.map((month) => {
    const told = agency.months.find((one) => one.month === month)
    return { month, received: text(told?.received), returned: text(told?.returned) }
  })

export const targetTexts = (agency: AgencyShare, quarters: readonly string[]): TargetText[] =>
  quarters.map((quarter) => {
    const aimed = agency.targets.find((one) => one.quarter === quarter)
    return { quarter, dossiers: text(aimed?.dossier_percent), results: text(aimed?.result_percent) }
  })

const WHOLE = /^\d{1,9}$/u

/** Null = no two whole numbers. */
export function toldOf({ received, returned }: MonthText): { received: number; returned: number } | null {
  const [first, second] = [received, returned].map((one) => String(one).trim())
  if (!WHOLE.test(first ?? '') || !WHOLE.test(second ?? '')) return null
  return { received: Number(first), returned: Number(second) }
}

/** A percentage with comma or point; null = left empty, undefined = none that can be aimed at. */
function percentOf(typed: string): number | null | undefined {
  const said = typed.trim().replace(',', '.')
  if (said === '') return null
  const value = Number(said)
  return Number.isFinite(value) && value >= 0 && value <= 100 ? value : undefined
}

/** Null = one of them cannot be aimed at. */
export function aimedOf({
  dossiers,
  results,
}: TargetText): { dossier_percent: number | null; result_percent: number | null } | null {
  const [first, second] = [percentOf(dossiers), percentOf(results)]
  return first === undefined || second === undefined
    ? null
    : { dossier_percent: first, result_percent: second }
}

/** Whether it differs from what it was when the form was opened. */
export const differs = <T extends object>(one: T, before: T): boolean =>
  JSON.stringify(one) !== JSON.stringify(before)
