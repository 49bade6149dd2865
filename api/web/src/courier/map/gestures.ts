/** One finger moves, two pull, and one that did not move has tapped; a mouse does as one finger. */

import type { Spot } from './plane'

/** Pixels that a finger may slip in a tap. */
const SLIP = 8

export interface Hands {
  moved: (by: Spot) => void
  pulled: (before: readonly [Spot, Spot], now: readonly [Spot, Spot]) => void
  tapped: (at: Spot) => void
}

/** Returns what stops it. */
export function gestures(surface: Element, { moved, pulled, tapped }: Hands): () => void {
  const fingers = new Map<number, Spot>()
  let slipped = 0
  const at = (event: PointerEvent): Spot => {
    const { left, top } = surface.getBoundingClientRect()
    return [event.clientX - left, event.clientY - top]
  }

  function down(event: PointerEvent): void {
    if (event.button !== 0 || fingers.size === 2) return
    surface.setPointerCapture(event.pointerId)
    slipped = fingers.size === 0 ? 0 : Infinity // two fingers tap nothing
    fingers.set(event.pointerId, at(event))
  }
  function move(event: PointerEvent): void {
    const before = fingers.get(event.pointerId)
    if (!before) return
    const now = at(event)
    const [other] = [...fingers].filter(([id]) => id !== event.pointerId).map(([, spot]) => spot)
    fingers.set(event.pointerId, now)
    const by: Spot = [now[0] - before[0], now[1] - before[1]]
    slipped += Math.hypot(...by)
    if (other) pulled([before, other], [now, other])
    else moved(by)
  }
  function up(event: PointerEvent): void {
    if (fingers.delete(event.pointerId) && event.type === 'pointerup' && slipped <= SLIP) tapped(at(event))
  }

  const told: [string, (event: PointerEvent) => void][] = [
    ['pointerdown', down],
    ['pointermove', move],
    ['pointerup', up],
    ['pointercancel', up],
  ]
  for (const [name, listener] of told) surface.addEventListener(name, listener as EventListener)
  return () => {
    for (const [name, listener] of told) surface.removeEventListener(name, listener as EventListener)
  }
}
