import { isoWithZone } from '../../device/outbox'

/** Of this computer's zone: "2026-11-30". */
export const today = (): string => isoWithZone(new Date()).slice(0, 10)

/** So many days later; negative = earlier. */
export function shifted(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + days)
  return date.toISOString().slice(0, 10)
}

/** What the address names, so that a reload shows the same; null = nothing that is a day. */
export function readAddress(hash: string): { day: string | null; plan: string | null } {
  const found = new URLSearchParams(hash.slice(1))
  const day = found.get('day')
  return { day: day !== null && /^\d{4}-\d\d-\d\d$/u.test(day) ? day : null, plan: found.get('plan') }
}

export function writeAddress(day: string, plan: string | null): string {
  return `#${new URLSearchParams({ day, ...(plan !== null && { plan }) })}`
}
