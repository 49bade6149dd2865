/** What hands do on the map: the tool that they hold, the dialog that is open, and what has just happened in words. */

import { StopForm } from './stopform.svelte'

export type Tool = 'lasso' | 'add'
export type ShapingDialog = 'split' | 'merge' | 'stop'

export class Shaping {
  tool = $state<Tool | null>(null)
  dialog = $state<ShapingDialog | null>(null)
  /** The stop that is being added; it outlives its dialog while a place is chosen on the map. */
  form = $state.raw(new StopForm())
  /** Where a click has just put it, degrees. */
  point = $state.raw<[number, number] | null>(null)
  /** Code of the commune that was searched for last: all of it can be marked. */
  commune = $state<string | null>(null)
  /** Of the last thing done, for the eye and for screen readers. */
  told = $state('')

  hold(tool: Tool): void {
    this.tool = this.tool === tool ? null : tool
    this.told = ''
  }

  open(dialog: ShapingDialog): void {
    this.tool = null
    this.told = ''
    this.dialog = dialog
  }

  /** Choose a place on the map: the dialog comes back with it. */
  pick(): void {
    this.dialog = null
    this.tool = 'add'
  }

  picked(point: [number, number]): void {
    this.point = point
    this.open('stop')
  }

  close(): void {
    this.dialog = null
  }

  /** A dialog that is taken off the screen closes as well: one that waits for a click on the map is not given up. */
  closeUnlessPicking(): void {
    if (this.tool !== 'add') this.finish()
  }

  /** Added or given up: the next one begins anew. */
  finish(): void {
    this.dialog = null
    this.form = new StopForm()
  }
}
