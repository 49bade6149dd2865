/** Where couriers were last seen. */

import type { DayProgress, LiveItem, PositionOut } from '../../../shared/api.gen'

export type Seen = Pick<PositionOut, 'at' | 'lon' | 'lat' | 'accuracy' | 'clock_is_wrong'>
/** By courier. */
export type Positions = ReadonlyMap<string, Seen>

export const NOBODY: Positions = new Map()

/** What the stream tells of a position. */
export function positionOf({ body }: LiveItem): Seen {
  return {
    at: body.at as string,
    lon: body.lon as number,
    lat: body.lat as number,
    accuracy: body.accuracy as number,
    clock_is_wrong: body.clock_is_wrong as boolean,
  }
}

/** Of whom may be seen, the later of what the answer has and what the stream told while it was on its way. */
export function latest(found: DayProgress, known: Positions): Positions {
  const positions = new Map<string, Seen>()
  for (const { courier_id, position } of found.couriers) {
    if (!position) continue
    const told = known.get(courier_id)
    positions.set(courier_id, told && Date.parse(told.at) > Date.parse(position.at) ? told : position)
  }
  return positions
}

/** Gathers what the stream tells of positions, until they are drawn together. */
export class Moves {
  private readonly waiting = new Map<string, Seen | null>()

  /** null = not seen any more: they took their consent back. */
  add(courierId: string, seen: Seen | null): void {
    this.waiting.set(courierId, seen)
  }

  /** The positions after all of it. */
  onto(known: Positions): Positions {
    const moved = new Map(known)
    for (const [id, seen] of this.waiting) {
      if (seen) moved.set(id, seen)
      else moved.delete(id)
    }
    this.waiting.clear()
    return moved
  }

  forget(): void {
    this.waiting.clear()
  }
}
