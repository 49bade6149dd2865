/** What of the timeline is on show, and what somebody does with it. */

import type { ConsoleState } from '../state.svelte'
import type { Target } from '../editing/edits'
import { isHere, targetAt, type Cursor } from './hitting'
import { markedOf, type Lane, type Mark } from './lanes'
import type { Looked } from './drawRound'
import { heightOf, layout, ROUND_HEIGHT, type Row } from './layout'
import { clampZoom, dayOf, lengthOf, scaleOf, xOf, type Scale } from './scale'

export class Timeline {
  zoom = $state(1)
  left = $state(0)
  top = $state(0)
  width = $state(0)
  height = $state(0)
  /** The stop that the keys stand on. */
  cursor = $state.raw<Cursor | null>(null)
  /** Under the pointer; a stop 0 is none. */
  over = $state.raw<Cursor | null>(null)

  /** The stop that is being dragged; null = none from here. */
  heldFrom: { lane: Lane; mark: Mark } | null = null

  constructor(readonly page: ConsoleState) {}

  readonly day: string = $derived.by(() => this.page.plan?.network.valid_on ?? '')
  /** In the order of the list. */
  readonly order: readonly Lane[] = $derived.by(() => [...this.page.lanes.values()])
  readonly rows: Row[] = $derived.by(() =>
    layout(this.page.groups, this.page.lanes, this.page.times?.lines ?? [], this.page.chosenId),
  )
  readonly scale: Scale = $derived.by(() => scaleOf(dayOf(this.order), this.width, this.zoom))
  readonly contentWidth: number = $derived.by(() => lengthOf(this.scale))
  readonly contentHeight: number = $derived.by(() => heightOf(this.rows))
  /** What is told about: the stop under the pointer, or else the one that the keys stand on. */
  readonly looked: { lane: Lane; mark: Mark } | null = $derived.by(() => {
    const at = this.over && this.over.stop > 0 ? this.over : this.cursor
    const found = at ? this.page.lanes.get(at.id) : undefined
    const mark = found?.marks[(at?.stop ?? 0) - 1]
    return found && mark ? { lane: found, mark } : null
  })
  /** Where what is told about lies in the window; null = outside of it. */
  readonly lookedAt: { x: number; y: number } | null = $derived.by(() => {
    const row = this.rows.find((one) => one.kind === 'round' && one.lane === this.looked?.lane)
    if (!this.looked || !row) return null
    const y = row.top - this.top
    return y < -ROUND_HEIGHT || y > this.height
      ? null
      : { x: xOf(this.scale, this.looked.mark.starts) - this.left, y }
  })

  /** How a round is to be drawn, by what is chosen, marked and pointed at. */
  lookOf(found: Lane): Looked {
    const { page } = this
    const chosen = page.chosenId === found.round.id
    return {
      chosen,
      hovered: page.hoveredId === found.round.id,
      stop: chosen ? page.chosenStop : null,
      looked: this.looked?.lane === found ? this.looked.mark.number : null,
      marked: markedOf(found, page.marked),
    }
  }

  /** Where the window must go to show a round, and a stop of it. */
  placeFor(id: string, stop: number | null): { left: number; top: number } {
    const place = { left: this.left, top: this.top }
    const row = this.rows.find((one) => one.kind === 'round' && one.lane.round.id === id)
    if (row?.kind !== 'round') return place
    if (row.top < this.top) place.top = row.top
    else place.top = Math.max(this.top, row.top + row.height - this.height)
    const mark = stop === null ? undefined : row.lane.marks[stop - 1]
    if (!mark) return place
    const [from, to] = [xOf(this.scale, mark.starts), xOf(this.scale, mark.leaves)]
    if (from < this.left || to > this.left + this.width) place.left = (from + to - this.width) / 2
    return place
  }

  /** Zoom so that the time at `x` of the window stays; returns where the window's left edge must go. */
  zoomTo(zoom: number, x: number): number {
    const time = this.scale.day.from + (this.left + x) / this.scale.perSecond
    this.zoom = clampZoom(zoom)
    return Math.max(0, xOf(this.scale, time) - x)
  }

  /** Where something held at `x` and `y` of the field would go: over a name, to the best place of its round. */
  targetAt(x: number, y: number): Target | null {
    const at = targetAt(this.rows, this.scale, x, y)
    if (at && x < this.left) return { kind: 'round', courierId: at.courierId }
    const mark = this.heldFrom?.mark
    const alone = this.page.editing?.holding.held?.codes.length === mark?.stop.tasks.length
    return at && mark && alone && isHere(at, this.heldFrom?.lane.round.id ?? '', mark) ? null : at
  }
}
