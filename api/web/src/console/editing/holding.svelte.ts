/** Shipments held by a hand over places where they could go; what that would do is asked while they are held. */

import { editTo, type Target } from './edits'
import type { Editing } from './editing.svelte'

export interface Held {
  codes: readonly string[]
  /** What it is, for the eye. */
  name: string
}

export class Holding {
  held = $state.raw<Held | null>(null)
  /** Null = let go here, nothing happens. */
  target = $state.raw<Target | null>(null)
  /** Of the pointer, CSS pixels in the window. */
  at = $state.raw<readonly [number, number]>([0, 0])

  constructor(private readonly editing: Editing) {}

  /** Something may be taken: no change is under way. */
  get free(): boolean {
    return this.editing.ready
  }

  take(held: Held): void {
    this.editing.read()
    this.held = held
    this.target = null
  }

  over(target: Target | null): void {
    if (!this.held || JSON.stringify(target) === JSON.stringify(this.target)) return
    this.target = target
    this.editing.forget()
    if (target) void this.editing.trial(editTo(this.held.codes, target))
  }

  drop(): void {
    const { held, target } = this
    this.cancel()
    if (held && target) void this.editing.make(editTo(held.codes, target))
  }

  cancel(): void {
    this.held = this.target = null
    this.editing.forget()
  }
}
