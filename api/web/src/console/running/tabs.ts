/** What stands beside the map of the running day, in this order. */

import type { Component } from 'svelte'
import AlertList from './AlertList.svelte'
import Couriers from './Couriers.svelte'
import ProposalsTab from './deciding/ProposalsTab.svelte'
import HandoverTab from './handover/HandoverTab.svelte'
import QueueTab from './queue/QueueTab.svelte'
import type { RunningDay, TabId } from './running.svelte'
import MessagesTab from './talking/MessagesTab.svelte'

export interface RunningTab {
  id: TabId
  component: Component<{ day: RunningDay }>
  /** What waits there. */
  count: (day: RunningDay) => number
  /** Between dispatchers and couriers, for nobody who only looks. */
  acting?: boolean
}

const TABS: readonly RunningTab[] = [
  { id: 'couriers', component: Couriers, count: () => 0 },
  { id: 'alerts', component: AlertList, count: (day) => day.alerts.fresh.length },
  { id: 'proposals', component: ProposalsTab, count: (day) => day.waiting?.proposals ?? 0 },
  { id: 'messages', component: MessagesTab, count: (day) => day.waiting?.messages ?? 0, acting: true },
  { id: 'queue', component: QueueTab, count: (day) => day.waiting?.incidents ?? 0 },
  { id: 'handover', component: HandoverTab, count: () => 0 },
]

export const tabsOf = (day: RunningDay): readonly RunningTab[] =>
  TABS.filter((tab) => day.acts || !tab.acting)

/** The parts to which somebody is led to do something. */
export const remediesOf = <T extends TabId>(day: RunningDay, ids: readonly T[]): T[] =>
  day.acts ? ids.filter((id) => TABS.some((tab) => tab.id === id)) : []
