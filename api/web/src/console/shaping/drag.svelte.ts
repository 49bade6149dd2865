/** A stop of the chosen round that a hand drags over the map onto another place. */

import type { Editing } from '../editing/editing.svelte'
import { placeName } from '../model/rounds'
import type { ConsoleState } from '../state.svelte'
import type { Pixel, Surface } from './surface'
import { drawn, isSamePlace, targetAt, type Drawn, type Target } from './target'

/** CSS pixels around a stop in which a hand takes hold of it, and further than which it drags rather than clicks. */
const GRIP = 14
const SHAKE = 5

interface Held {
  from: Target
  /** In the round, counted from 1, as on the map. */
  number: number
  place: string
  shipments: string[]
  color: string
  start: Pixel
}

export class StopDrag {
  held = $state.raw<Held | null>(null)
  at = $state.raw<Pixel>([0, 0])
  private pressed: Held | null = null
  /** The pointer went down on a stop: what it does until it goes down again is no business of the map. */
  private gripped = false
  private trips: Drawn[] = []

  constructor(
    private readonly page: ConsoleState,
    private readonly editing: Editing,
    private readonly surface: Surface,
    private readonly board: HTMLElement,
  ) {}

  /** Listen to the map before it does itself; returns what ends it. */
  listen(): () => void {
    const ends = new AbortController()
    const early = { capture: true, signal: ends.signal }
    this.board.addEventListener('pointerdown', this.press, early)
    for (const kind of ['mousedown', 'touchstart', 'mousemove', 'touchmove'] as const)
      this.board.addEventListener(kind, (event) => this.pressed && event.stopPropagation(), early)
    this.board.addEventListener('click', this.click, early)
    addEventListener('pointermove', this.move, early)
    addEventListener('pointerup', this.drop, early)
    addEventListener('pointercancel', this.cancel, early)
    addEventListener('keydown', this.key, early)
    return () => ends.abort()
  }

  private readonly press = (event: PointerEvent): void => {
    this.gripped = false
    const onMap =
      event.target instanceof Element && event.target.closest('button, details, [data-tool]') === null
    if (event.button !== 0 || !onMap || !this.editing.ready) return
    this.pressed = this.stopAt(this.pixel(event))
    this.gripped = this.pressed !== null
    if (this.gripped) event.stopPropagation() // else the map would move along
  }

  /** Of a stop let go, or held back by Escape: else the round under the pointer would be chosen. Keys have detail 0. */
  private readonly click = (event: MouseEvent): void => {
    if (this.gripped && event.detail > 0) event.stopPropagation()
  }

  private readonly move = (event: PointerEvent): void => {
    if (!this.pressed) return
    this.at = this.pixel(event)
    const [x, y] = this.pressed.start
    if (!this.held && Math.hypot(this.at[0] - x, this.at[1] - y) < SHAKE) return
    if (!this.held) this.lift(this.pressed)
    this.editing.holding.at = [event.clientX, event.clientY]
    this.aim()
  }

  private readonly drop = (): void => {
    const { pressed, held } = this
    if (held) this.editing.holding.drop()
    this.end()
    if (pressed && !held) this.page.choose(pressed.from.courierId, pressed.number)
  }

  private readonly key = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !this.held) return
    event.stopPropagation()
    this.cancel()
  }

  private readonly cancel = (): void => {
    if (this.held) this.editing.holding.cancel()
    this.end()
  }

  private lift(held: Held): void {
    this.held = held
    this.editing.holding.take({ codes: held.shipments, name: held.place })
    this.trips = drawn(this.page.rounds, this.surface) // the map stands still while something is held
  }

  private aim(): void {
    const found = targetAt(this.at, this.trips)
    const target = found && this.held && isSamePlace(found, this.held.from) ? null : found
    this.page.hoveredId = target?.courierId ?? null
    this.editing.holding.over(target && { kind: 'spot', ...target })
  }

  private end(): void {
    this.pressed = this.held = null
    this.trips = []
    this.page.hoveredId = null
  }

  private stopAt(start: Pixel): Held | null {
    const { chosen: round, look } = this.page
    if (!round || !look) return null
    let number = 0
    let best = GRIP
    let found: Held | null = null
    round.route.trips.forEach((trip, index) =>
      trip.stops.forEach((stop, position) => {
        number += 1
        const point = trip.path.coordinates[trip.path.stop_index[position] ?? -1]
        if (!point) return
        const [x, y] = this.surface.toScreen(point)
        const far = Math.hypot(x - start[0], y - start[1])
        if (far >= best) return
        best = far
        found = {
          from: { courierId: round.id, trip: index, position },
          number,
          place: placeName(stop, look),
          shipments: stop.tasks.map((task) => task.shipment),
          color: round.color,
          start,
        }
      }),
    )
    return found
  }

  private pixel(event: PointerEvent): Pixel {
    const { x, y } = this.board.getBoundingClientRect()
    return [event.clientX - x, event.clientY - y]
  }
}
