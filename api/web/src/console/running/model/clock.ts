/** Hours of the day as its plan counts them: the service's times come in several zones, the page's own is any. */

const MINUTE = 60_000

/** Minutes east of Greenwich, as a time of the plan says it: "…+07:00" -> 420. */
export function zoneOf(iso: string): number {
  const found = /([+-])(\d\d):(\d\d)$/u.exec(iso)
  if (!found) return 0
  const minutes = Number(found[2]) * 60 + Number(found[3])
  return found[1] === '-' ? -minutes : minutes
}

/** "10:05" of a moment in milliseconds. */
export function clockAt(moment: number, zone: number): string {
  return new Date(moment + zone * MINUTE).toISOString().slice(11, 16)
}

/** Whole minutes; positive = later. */
export const minutesBetween = (from: number, to: number): number => Math.round((to - from) / MINUTE)
