/** What the desk's page knows: the clerk, the computer's key, the office, the outbox, and what stands in the way. */

import { v7 } from 'uuid'
import type { EvidenceTable, Me } from '../shared/api.gen'
import { openDatabase, readIdentity, readTokens, type Database, type Identity } from '../device/database'
import { Outbox, UNSENT, type Draft, type OutboxEntry } from '../device/outbox'
import { Sender } from '../device/sender'
import { enrol, type Standing } from '../device/session'
import { ElsewhereError } from './accepting'
import { ask, AskError, readMe, readSealKey, readSheet, readTable } from './asking'
import { drafted, type Files } from './drafting'
import { handInAndWipe, isOfLost, isOutOfDate, LossWatch } from './lost'
import { forgetOld } from './old'
import { proceduresOf, type Procedure } from './model/procedures'
import { officesOf, sitesOf, type Site } from './model/sites'
import { couriersOf } from './model/where'
import { DeskSession, enrolmentCode } from './session'

export type Stage = 'opening' | 'login' | 'password' | 'enrol' | 'desk' | 'lost'
export type Tab = 'accept' | 'handout' | 'batch' | 'give' | 'today' | 'outbox'

const NAME = 'duongthu-desk'
const SOON = 15_000
const ROLES = new Set(['desk', 'dispatcher'])

export class DeskState {
  stage = $state<Stage>('opening')
  tab = $state<Tab>('accept')
  me = $state.raw<Me | null>(null)
  sites = $state.raw<ReadonlyMap<string, Site>>(sitesOf([]))
  couriers = $state.raw<ReadonlyMap<string, string>>(couriersOf([]))
  siteId = $state('')
  procedures = $state.raw<Procedure[]>([])
  table = $state.raw<EvidenceTable>({ outcomes: {}, reasons: {}, scans_only: [], offline: {} })
  entries = $state.raw<OutboxEntry[]>([])
  online = $state(navigator.onLine)
  /** It was, and has forgotten everything. */
  wasLost = $state(false)
  /** What the person has to know, wherever they are on the page. */
  trouble = $state.raw<unknown>(null)

  readonly site: Site | null = $derived(this.sites.get(this.siteId) ?? null)
  /** Offices that the clerk may speak for. */
  readonly offices: Site[] = $derived(officesOf(this.sites, this.me))
  readonly unsent: number = $derived(this.entries.filter(({ state }) => UNSENT.has(state)).length)
  /** Shipments about which something waits to be sent: the server does not know of it yet. */
  readonly underWay: readonly string[] = $derived(
    this.entries.filter(({ state }) => UNSENT.has(state)).flatMap(({ event }) => event.shipments),
  )
  readonly parked: number = $derived(this.entries.filter((one) => one.state === 'parked').length)

  readonly session = new DeskSession()
  database!: Database
  private identity: Identity | null = null
  private outbox: Outbox | null = null
  private sender: Sender | null = null
  private sealKey = ''
  private watch!: LossWatch
  /** How many actions are being taken down just now. */
  private acting = 0

  /** Returns what stops it. */
  start(): () => void {
    void this.begin()
    const flush = (): void => void this.attempt(() => this.flush())
    const change = (): void => {
      this.online = navigator.onLine
      flush()
    }
    const timer = setInterval(flush, SOON)
    const stop = new AbortController()
    const { signal } = stop
    addEventListener('hashchange', () => void this.attempt(() => this.enrolBy(enrolmentCode())), { signal })
    addEventListener('online', change, { signal })
    addEventListener('offline', change, { signal })
    document.addEventListener('visibilitychange', flush, { signal })
    return () => {
      clearInterval(timer)
      stop.abort()
    }
  }

  /** Do something; whatever fails is shown, and says false. */
  async attempt(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work()
      return true
    } catch (error) {
      if (error instanceof AskError && error.status === 401 && this.stage === 'desk') this.stage = 'login'
      this.trouble = error
      return false
    }
  }

  /** Whatever fails at the beginning is shown, and logging in tries all of it again. */
  private async begin(): Promise<void> {
    if (!(await this.attempt(() => this.open())) && this.stage === 'opening') this.stage = 'login'
  }

  private async open(): Promise<void> {
    this.database = await openDatabase(NAME)
    this.watch = new LossWatch(this.database)
    await navigator.storage.persist()
    const code = enrolmentCode()
    await this.useIdentity()
    await this.enrolBy(code)
    if (await this.leaveWhenTold(await this.watch.standing())) return
    await this.enter(await this.session.renew())
  }

  /** A key that still lets in is kept; else a new one takes its place, and what waits is kept. */
  private async enrolBy(code: string | null): Promise<void> {
    if (!code || (this.identity && (await this.watch.ask()) === 'in')) return
    await this.outbox?.recover()
    await this.enrol(code)
  }

  /** Returns whether this computer was reported lost; then it does nothing else any more. */
  private async leaveWhenTold(standing: Standing): Promise<boolean> {
    if (standing !== 'lost' || !this.outbox) return false
    this.me = null
    this.stage = 'lost'
    const isWiped = this.acting === 0 && (await handInAndWipe(this, this.outbox))
    await this.reread()
    if (!isWiped) return true
    this.identity = this.outbox = this.sender = null
    this.entries = []
    this.wasLost = true
    this.stage = 'enrol'
    // Whoever sits here now is not the clerk, perhaps.
    if ((await this.session.renew()) !== null) await this.session.logOut()
    return true
  }

  async logIn(login: string, password: string): Promise<void> {
    await this.enter(await this.session.logIn(login, password))
  }

  /** `mustChange` as the session says it: null = nobody is logged in. */
  private async enter(mustChange: boolean | null): Promise<void> {
    if (mustChange === null) this.stage = 'login'
    else if (mustChange) this.stage = 'password'
    else await this.settle()
  }

  private async settle(): Promise<void> {
    const { call } = this.session
    const me = await readMe(call)
    if (!ROLES.has(me.role)) {
      await this.session.logOut()
      this.stage = 'login'
      throw new WrongRoleError()
    }
    const [sites, couriers, procedures, table, key] = await Promise.all([
      readSheet(call, 'sites'),
      readSheet(call, 'couriers'),
      readSheet(call, 'procedures'),
      readTable(call),
      readSealKey(call),
    ])
    this.session.owner = me.user_id
    ;[this.me, this.sites, this.procedures] = [me, sitesOf(sites), proceduresOf(procedures)]
    ;[this.couriers, this.table, this.sealKey] = [couriersOf(couriers), table, key]
    const kept = (await this.database.get('values', 'site')) as string | undefined
    this.siteId = this.offices.find((one) => one.id === kept)?.id ?? this.offices[0]?.id ?? ''
    this.trouble = null
    this.stage = this.identity ? 'desk' : 'enrol'
    await this.flush()
  }

  async logOut(): Promise<void> {
    await this.session.logOut()
    this.me = this.session.owner = null
    this.stage = 'login'
  }

  /** The password was given by somebody else: after the change all sessions are over, so the clerk gets in anew. */
  async changePassword(login: string, old: string, chosen: string): Promise<void> {
    await this.session.changePassword(old, chosen)
    this.stage = 'login'
    if (login) await this.logIn(login, chosen)
  }

  async chooseSite(id: string): Promise<void> {
    this.siteId = id
    await this.database.put('values', id, 'site')
  }

  /** Take this computer in. It keeps its key and no session of its own: people log in. */
  async enrol(code: string, name = navigator.userAgent.slice(0, 60)): Promise<void> {
    await enrol(this.database, code, name)
    await this.useIdentity()
    this.wasLost = false
    if (this.stage === 'enrol' || this.stage === 'lost') this.stage = this.me ? 'desk' : 'login'
    const tokens = await readTokens(this.database)
    await this.database.delete('values', 'tokens')
    const headers = { Authorization: `Bearer ${tokens?.access_token}` }
    // The cookie in this browser is the clerk's: that session goes on.
    const call = (path: string, init: RequestInit): Promise<Response> =>
      fetch(path, { ...init, credentials: 'omit' })
    await ask(call, '/api/v1/auth/logout', { method: 'POST', headers })
  }

  private async useIdentity(): Promise<void> {
    this.identity = await readIdentity(this.database)
    if (!this.identity) return
    this.outbox = new Outbox(this.database, this.identity)
    this.sender = new Sender(this.outbox, this.session.call)
    await this.outbox.recover()
    await this.reread()
  }

  /**
   * Take an action down: when this returns it survives a crash. A PIN comes in clear and is kept sealed.
   *
   * The same `event_id` again is the same event. `mends` is one that the server refused, whose place this one takes.
   */
  async act(draft: Omit<Draft, 'offline'>, files: Files, mends?: OutboxEntry): Promise<string> {
    if (!this.outbox) throw new TypeError('this computer is not enrolled')
    const event_id = draft.event_id ?? v7()
    // Another tab may have taken it down.
    if (draft.event_id ?? mends) await this.reread()
    if (this.entry(event_id)) return event_id
    if (mends && this.entry(mends.event.event_id)?.state !== 'parked') throw new ElsewhereError()
    this.acting += 1
    try {
      const whole = await drafted({ ...draft, event_id, offline: !this.online }, files, this.sealKey)
      const blobs = Object.values(files).flat()
      await (mends ? this.outbox.mend(mends, whole, blobs) : this.outbox.add(whole, blobs))
    } finally {
      this.acting -= 1
    }
    await this.reread()
    void this.attempt(() => this.flush())
    return event_id
  }

  /** Of an event, or of what stands in for it since the server refused it. */
  entry(eventId: string): OutboxEntry | undefined {
    return this.entries.find(({ event, refused = [] }) =>
      [event, ...refused.map((one) => one.event)].some(({ event_id }) => event_id === eventId),
    )
  }

  async flush(): Promise<void> {
    const { identity, sender } = this
    if (!identity || !sender || this.stage === 'opening') return
    if (await isOutOfDate(this.database, identity.device_id)) return location.reload()
    if (await this.leaveWhenTold(await this.watch.standing())) return
    if (this.stage !== 'desk') return
    const outcome = await sender.flush()
    if (outcome.kind === 'outside') this.stage = 'login'
    await this.reread()
    if (this.outbox && (await forgetOld(this.outbox, this.entries))) await this.reread()
    if (this.entries.some((one) => isOfLost(one, identity.device_id)))
      await this.leaveWhenTold(await this.watch.ask())
  }

  private async reread(): Promise<void> {
    this.entries = (await this.outbox?.all()) ?? []
  }
}

/** Whoever logged in works at no desk. */
export class WrongRoleError extends Error {}

export { ElsewhereError }
export { AskError } from './asking'
export { EnrolmentError } from '../device/session'
export { StorageFullError } from '../device/outbox'
