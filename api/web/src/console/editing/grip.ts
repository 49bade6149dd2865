/**
 * Things that a pointer picks up and carries: a Svelte attachment for what can be held.
 *
 * A mouse drags the thing itself; a finger, which scrolls with the thing, drags its handle (`data-grip`). Where it can be
 * let go, elements say by `data-drop`: `spot` (its upper half = before it, its lower = after), `round`, or `left`. Over an
 * element with `data-spring` it rests a moment, and the element is pressed: so a hand gets to a list that is not on show.
 */

import type { Target } from './edits'
import type { Held, Holding } from './holding.svelte'

const FAR = 6
const REST_MS = 600
const EDGE = 48
const STEP = 14
const TICK_MS = 40

export function grip(holding: Holding, held: () => Held | null) {
  return (element: HTMLElement): (() => void) => {
    const onDown = (event: PointerEvent): void => {
      const byHandle = event.target instanceof Element && event.target.closest('[data-grip]') !== null
      if (event.button !== 0 || !event.isPrimary || !(byHandle || event.pointerType === 'mouse')) return
      if (byHandle) event.preventDefault()
      const taken = held()
      if (taken) carry(holding, taken, [event.clientX, event.clientY], event.pointerId)
    }
    element.addEventListener('pointerdown', onDown)
    return () => element.removeEventListener('pointerdown', onDown)
  }
}

function carry(holding: Holding, taken: Held, from: readonly [number, number], pointer: number): void {
  let at = from
  const over = new AbortController()
  const spring = new Spring()
  const listen = <Name extends keyof WindowEventMap>(
    name: Name,
    act: (event: WindowEventMap[Name]) => void,
  ): void => window.addEventListener(name, act, { signal: over.signal, capture: true })

  /** Pulled away it is held, once a change that is under way is done: until then places are not what they seem. */
  function follow(): void {
    if (!holding.held) {
      if (!holding.free || Math.hypot(at[0] - from[0], at[1] - from[1]) < FAR) return
      holding.take(taken)
    }
    holding.at = at
    const under = document.elementFromPoint(...at)
    holding.over(targetAt(under, at[1]))
    spring.over(under?.closest<HTMLElement>('[data-spring]') ?? null)
  }
  /** A hand may rest while that change is done, or while the list moves under it. */
  const ticking = setInterval(() => {
    if (!holding.held || scrollAtEdge(at)) follow()
  }, TICK_MS)

  function end(drop: boolean): void {
    over.abort()
    clearInterval(ticking)
    spring.leave()
    if (!holding.held) return
    swallowClick()
    if (drop) holding.drop()
    else holding.cancel()
  }

  listen('pointermove', (event) => {
    if (event.pointerId !== pointer) return
    at = [event.clientX, event.clientY]
    follow()
    if (holding.held) event.preventDefault()
  })
  listen('pointerup', (event) => {
    if (event.pointerId === pointer) end(true)
  })
  listen('pointercancel', (event) => {
    if (event.pointerId === pointer) end(false)
  })
  listen('keydown', (event) => {
    if (event.key !== 'Escape' || !holding.held) return
    event.preventDefault()
    event.stopPropagation()
    end(false)
  })
}

export function targetAt(under: Element | null, y: number): Target | null {
  const place = under?.closest<HTMLElement>('[data-drop]')
  if (!place) return null
  const { drop, round = '', trip, position } = place.dataset
  if (drop === 'left') return { kind: 'left' }
  if (drop === 'round') return { kind: 'round', courierId: round }
  const box = place.getBoundingClientRect()
  const after = y > box.top + box.height / 2 ? 1 : 0
  return { kind: 'spot', courierId: round, trip: Number(trip), position: Number(position) + after }
}

/** Letting go over what was picked up is no press of it. */
function swallowClick(): void {
  const stop = (event: Event): void => {
    event.preventDefault()
    event.stopPropagation()
  }
  window.addEventListener('click', stop, { capture: true, once: true })
  setTimeout(() => window.removeEventListener('click', stop, { capture: true }))
}

/** A list longer than its window moves on while something is held at its edge; tells whether it moved. */
function scrollAtEdge([x, y]: readonly [number, number]): boolean {
  const list = document.elementFromPoint(x, y)?.closest('[role=tabpanel]')
  if (!list) return false
  const { top, bottom } = list.getBoundingClientRect()
  const before = list.scrollTop
  if (y < top + EDGE) list.scrollBy(0, -STEP)
  else if (y > bottom - EDGE) list.scrollBy(0, STEP)
  return list.scrollTop !== before
}

class Spring {
  private at: HTMLElement | null = null
  private timer: ReturnType<typeof setTimeout> | undefined

  over(element: HTMLElement | null): void {
    if (element === this.at) return
    this.leave()
    this.at = element
    if (element) this.timer = setTimeout(() => element.click(), REST_MS)
  }

  leave(): void {
    clearTimeout(this.timer)
    this.at = null
  }
}
