/** The days that a report is about. All days are texts: "2026-11-30". */

export interface Days {
  first: string
  last: string
}

export type Preset = 'month' | 'lastMonth' | 'quarter' | 'lastQuarter' | 'year'

export const PRESETS: readonly Preset[] = ['month', 'lastMonth', 'quarter', 'lastQuarter', 'year']

/** Beyond so many days a line over time has a point for each month. */
const DAILY_UP_TO = 62

const iso = (date: Date): string => date.toISOString().slice(0, 10)
const at = (day: string): Date => new Date(`${day}T00:00:00Z`)

/** `months` whole ones from the month of a day shifted by `by`. */
function whole(day: string, by: number, months: number): Days {
  const date = at(day)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + by]
  return {
    first: iso(new Date(Date.UTC(year, month, 1))),
    last: iso(new Date(Date.UTC(year, month + months, 0))),
  }
}

export const monthOf = (day: string): Days => whole(day, 0, 1)

export function preset(name: Preset, today: string): Days {
  const month = at(today).getUTCMonth()
  switch (name) {
    case 'month':
      return monthOf(today)
    case 'lastMonth':
      return whole(today, -1, 1)
    case 'quarter':
      return whole(today, -(month % 3), 3)
    case 'lastQuarter':
      return whole(today, -(month % 3) - 3, 3)
    case 'year':
      return whole(today, -month, 12)
  }
}

/** The preset that these days are; null = some other days. */
export function presetOf(days: Days, today: string): Preset | null {
  const same = (one: Preset): boolean => {
    const meant = preset(one, today)
    return meant.first === days.first && meant.last === days.last
  }
  return PRESETS.find(same) ?? null
}

export const isPeriod = ({ first, last }: Days): boolean => first !== '' && last !== '' && first <= last

/** What has passed of it: all of it, some, or nothing yet. */
export function passed({ first, last }: Days, today: string): 'all' | 'some' | 'none' {
  if (first > today) return 'none'
  return last >= today ? 'some' : 'all'
}

export const lengthOf = ({ first, last }: Days): number =>
  Math.round((at(last).getTime() - at(first).getTime()) / 86_400_000) + 1

/** What a line over time has a point for. */
export const stepOf = (days: Days): 'day' | 'month' => (lengthOf(days) > DAILY_UP_TO ? 'month' : 'day')

/** The month that a period begins and ends with, when it is exactly one: "2026-11". */
export function onlyMonth(days: Days): string | null {
  const month = monthOf(days.first)
  return month.first === days.first && month.last === days.last ? days.first.slice(0, 7) : null
}

/** The days of a month ("2026-11") that lie in a period. */
export function within(month: string, { first, last }: Days): Days {
  const whole = monthOf(`${month}-01`)
  return { first: whole.first > first ? whole.first : first, last: whole.last < last ? whole.last : last }
}

/** Months that a period touches: "2026-11". */
export function monthsOf({ first, last }: Days): string[] {
  const found: string[] = []
  for (let day = monthOf(first).first; day <= last; day = whole(day, 1, 1).first) found.push(day.slice(0, 7))
  return found
}
