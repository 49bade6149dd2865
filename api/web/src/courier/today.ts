import { isoWithZone } from '../device/outbox'

/** A moment in milliseconds since 1970, in this phone's zone, ISO 8601. */
export function isoAt(moment: number): string {
  return isoWithZone(new Date(moment))
}

/** A time of the server in this phone's zone, ISO 8601. */
export function isoLocal(moment: string): string {
  return isoWithZone(new Date(moment))
}
