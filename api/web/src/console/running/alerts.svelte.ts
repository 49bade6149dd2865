/** Alerts of the day, and which of them this dispatcher has looked at: remembered on this computer, for each by name. */

import { SvelteSet } from 'svelte/reactivity'
import { alertsOf, type Alert } from './model/alerts'
import type { RunningDay } from './running.svelte'

export class AlertBook {
  private readonly seen = new SvelteSet<string>()
  readonly all: readonly Alert[] = $derived.by(() => {
    const { page, waiting, phase, watched, minute } = this.day
    if (!page?.look || !waiting || !phase) return []
    return alertsOf(watched, waiting.open, page.look, phase, minute)
  })
  readonly fresh: readonly Alert[] = $derived.by(() => this.all.filter((one) => !this.seen.has(one.key)))
  readonly old: readonly Alert[] = $derived.by(() => this.all.filter((one) => this.seen.has(one.key)))

  constructor(private readonly day: RunningDay) {}

  /** Begin with what was looked at before on the day. */
  open(): void {
    this.seen.clear()
    const kept = localStorage.getItem(this.name)
    for (const key of kept === null ? [] : (JSON.parse(kept) as string[])) this.seen.add(key)
  }

  look(alert: Alert): void {
    this.seen.add(alert.key)
    this.keep()
  }

  lookAnew(alert: Alert): void {
    this.seen.delete(alert.key)
    this.keep()
  }

  private keep(): void {
    localStorage.setItem(this.name, JSON.stringify([...this.seen]))
  }

  private get name(): string {
    return `duongthu-alerts ${this.day.account.me?.user_id} ${this.day.day}`
  }
}
