import type { DayProgress } from '../../../shared/api.gen'

/** Of a day with rounds: nobody has begun, they drive, or all shifts are over. */
export type Phase = 'before' | 'running' | 'over'

/** `now` in milliseconds, by the server's clock. */
export function phaseOf({ couriers }: DayProgress, now: number): Phase {
  const begins = Math.min(...couriers.map((one) => Date.parse(one.shift_begins)))
  const ends = Math.max(...couriers.map((one) => Date.parse(one.shift_ends)))
  if (now < begins) return 'before'
  return now > ends ? 'over' : 'running'
}
