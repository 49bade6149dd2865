import { isoWithZone } from '../../device/outbox'

/** Of this computer's zone: "2026-11-30". */
export const today = (): string => isoWithZone(new Date()).slice(0, 10)

/** So many days later; negative = earlier. */
export function shifted(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + days)
  return date.toISOString().slice(0, 10)
}
