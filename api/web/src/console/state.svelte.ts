import { SvelteSet } from 'svelte/reactivity'
import type { DayTimes, Places, Plan, RoadMap } from '../shared/api.gen'
import { HttpError, type Trouble } from '../shared/http'
import { language } from '../shared/i18n/language.svelte'
import type { PlanChanges } from './editing/changes.svelte'
import type { Editing } from './editing/editing.svelte'
import type { Explaining } from './explaining/explaining.svelte'
import { lookup, type Lookup } from './model/lookup'
import type { ColorBy } from './model/paint'
import { byBase, rounds, type BaseGroup, type Round } from './model/rounds'
import { searchEntries, type Entry } from './model/search'
import type { News, Source } from './model/source'
import type { Printing } from './printing/printing.svelte'
import { Shaping } from './shaping/shaping.svelte'
import { lanesOf, taskLookup, type Lane } from './timeline/lanes'

export type Tab = 'couriers' | 'unassigned'
/** Of the same rounds and the same choice, beside the list; `both` = map above timeline, on wide screens. */
export type View = 'map' | 'timeline' | 'table' | 'both'

/** A place to look at: it changes identity with every request, so that asking twice moves the map twice. */
export interface Gaze {
  point: [number, number]
}

/** What the console knows and shows. */
export class ConsoleState {
  plan = $state.raw<Plan | null>(null)
  places = $state.raw<Places | null>(null)
  roads = $state.raw<RoadMap | null>(null)
  /** Null = not there yet: nothing is known of windows and lines. */
  times = $state.raw<DayTimes | null>(null)
  progress = $state.raw<News | null>(null)
  /** Of this browser, when the progress came, milliseconds. */
  receivedAt = $state(0)
  now = $state(0)
  connected = $state(true)
  /** Why nothing can be shown. */
  trouble = $state.raw<Trouble | null>(null)
  /** Something smaller that failed while a plan is on show. */
  notice = $state<'roads' | 'times' | 'update' | null>(null)

  tab = $state<Tab>('couriers')
  view = $state<View>('map')
  colorBy = $state<ColorBy>('courier')
  /** Shipments picked out to be changed together, by code. */
  readonly marked = new SvelteSet<string>()
  /** What hands do on the map. */
  readonly shaping = new Shaping()
  /** Changes by hand; null = this plan is only looked at. */
  editing = $state.raw<Editing | null>(null)
  /** Questions and files to the service; null = a plan folder is shown. */
  explaining = $state.raw<Explaining | null>(null)
  printing = $state.raw<Printing | null>(null)
  /** What is done to the plan by hand, by anybody; null = it is of no service. */
  changes = $state.raw<PlanChanges | null>(null)
  chosenId = $state<string | null>(null)
  chosenStop = $state<number | null>(null)
  hoveredId = $state<string | null>(null)
  chosenShipment = $state<string | null>(null)
  gaze = $state.raw<Gaze | null>(null)

  /** Spent on the search so far; goes on counting while it runs. */
  readonly searched: number = $derived.by(() => {
    if (!this.progress) return 0
    const since = this.progress.state === 'solving' ? Math.max(0, this.now - this.receivedAt) / 1000 : 0
    return this.progress.seconds + since
  })
  readonly look: Lookup | null = $derived(this.places && lookup(this.places))
  readonly rounds: Round[] = $derived(
    this.plan && this.look ? rounds(this.plan, this.look, this.colorBy) : [],
  )
  readonly groups: BaseGroup[] = $derived(byBase(this.rounds, language.code))
  /** The rounds as they lie in time, in the order of the list; kept here, as opening a view shall not lay them out anew. */
  readonly lanes: ReadonlyMap<string, Lane> = $derived(
    lanesOf(
      this.groups.flatMap((group) => group.rounds),
      this.look,
      taskLookup(this.times),
      this.plan?.network.valid_on ?? '',
    ),
  )
  readonly chosen: Round | null = $derived(this.rounds.find((one) => one.id === this.chosenId) ?? null)
  readonly entries: Entry[] = $derived(this.places ? searchEntries(this.places, this.rounds) : [])

  constructor(private readonly source: Source) {}

  /** Load everything, then follow the plan; returns what stops it. */
  start(): () => void {
    void this.load()
    const timer = setInterval(() => (this.now = Date.now()), 1000)
    const stop = this.source.follow({
      onNews: (news) => void this.receive(news),
      onConnection: (connected) => (this.connected = connected),
    })
    return () => {
      clearInterval(timer)
      stop()
    }
  }

  async load(): Promise<void> {
    this.trouble = null
    try {
      const [plan, places] = await Promise.all([this.source.plan(), this.source.places()])
      this.plan = plan
      this.places = places
    } catch (error) {
      this.trouble = troubleOf(error)
      return
    }
    this.notice = null
    await Promise.all([this.add('roads'), this.add('times')])
  }

  /** What the plan can be looked at without; it comes a little later. */
  private async add(what: 'roads' | 'times'): Promise<void> {
    try {
      if (what === 'roads') this.roads = await this.source.roads()
      else this.times = await this.source.times()
    } catch (error) {
      troubleOf(error)
      this.notice = what
    }
  }

  async receive(news: News): Promise<void> {
    this.connected = true
    this.progress = news
    this.receivedAt = this.now = Date.now()
    if (!this.plan) return
    if (news.planId !== null && this.plan.plan_id !== news.planId) return this.load()
    if (news.version !== null && this.plan.version < news.version) await this.refresh()
  }

  /** Fetch the plan again; its places stay, unless it is made from other inputs now. */
  async refresh(): Promise<void> {
    try {
      const plan = await this.source.plan()
      if (this.plan && plan.plan_id === this.plan.plan_id && plan.version <= this.plan.version) return
      if (this.plan && plan.plan_id !== this.plan.plan_id) this.places = await this.source.places()
      this.plan = plan
      if (this.notice === 'update') this.notice = null
    } catch (error) {
      troubleOf(error)
      this.notice = 'update'
    }
  }

  choose(id: string | null, stop: number | null = null): void {
    this.chosenId = id
    this.chosenStop = stop
    this.hoveredId = null
    if (id !== null) this.tab = 'couriers'
  }

  show(tab: Tab): void {
    this.tab = tab
    this.choose(null)
    this.tab = tab
  }

  /** Go to what a search found. */
  open(entry: Entry): void {
    this.chosenShipment = null
    this.shaping.commune = entry.kind === 'commune' ? entry.id : null
    if (entry.kind === 'courier') return this.choose(entry.id)
    if (entry.kind === 'shipment') return this.openShipment(entry)
    const point =
      entry.kind === 'commune'
        ? this.look?.communes.get(entry.id)?.point
        : this.look?.sites.get(entry.id)?.point
    this.choose(null)
    if (point) this.gaze = { point }
  }

  private openShipment(entry: Entry): void {
    this.chosenShipment = entry.id
    if (entry.roundId === null) return this.show('unassigned')
    const stops =
      this.rounds.find((one) => one.id === entry.roundId)?.route.trips.flatMap((trip) => trip.stops) ?? []
    const index = stops.findIndex((stop) => stop.tasks.some((task) => task.shipment === entry.id))
    this.choose(entry.roundId, index + 1)
  }
}

/** Name what went wrong; a fault of the page itself is not hidden behind a message about the network. */
function troubleOf(error: unknown): Trouble {
  if (error instanceof HttpError) return error.trouble
  throw error
}
