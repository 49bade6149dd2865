/** What the desk's page knows: the clerk, the computer's key, the office, the outbox, and what stands in the way. */

import { v7 } from 'uuid'
import type { EvidenceTable, Me } from '../shared/api.gen'
import { openDatabase, readIdentity, readTokens, type Database, type Identity } from '../device/database'
import { Outbox, hashesOf, type Draft, type OutboxEntry } from '../device/outbox'
import { sealPin } from '../device/seal'
import { Sender } from '../device/sender'
import { enrol } from '../device/session'
import { ElsewhereError } from './accepting'
import { ask, AskError, readMe, readSealKey, readSheet, readTable } from './asking'
import { proceduresOf, type Procedure } from './model/procedures'
import { officesOf, sitesOf, type Site } from './model/sites'
import { couriersOf } from './model/where'
import { DeskSession, enrolmentCode } from './session'

export type Stage = 'opening' | 'login' | 'password' | 'enrol' | 'desk'
export type Tab = 'accept' | 'handout' | 'batch' | 'today' | 'outbox'

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
  table = $state.raw<EvidenceTable>({ outcomes: {}, reasons: {}, offline: {} })
  entries = $state.raw<OutboxEntry[]>([])
  online = $state(navigator.onLine)
  /** What the person has to know, wherever they are on the page. */
  trouble = $state.raw<unknown>(null)

  readonly site: Site | null = $derived(this.sites.get(this.siteId) ?? null)
  /** Offices that the clerk may speak for. */
  readonly offices: Site[] = $derived(officesOf(this.sites, this.me))
  readonly unsent: number = $derived(
    this.entries.filter((one) => one.state === 'waiting' || one.state === 'unsigned').length,
  )
  readonly parked: number = $derived(this.entries.filter((one) => one.state === 'parked').length)

  readonly session = new DeskSession()
  database!: Database
  private identity: Identity | null = null
  private outbox: Outbox | null = null
  private sender: Sender | null = null
  private sealKey = ''

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
    await navigator.storage.persist()
    const code = enrolmentCode()
    await this.useIdentity()
    await this.enrolBy(code)
    await this.enter(await this.session.renew())
  }

  private async enrolBy(code: string | null): Promise<void> {
    if (code && !this.identity) await this.enrol(code)
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
    this.me = null
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
    if (this.me) this.stage = 'desk'
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
  async act(
    draft: Omit<Draft, 'offline'>,
    files: Record<string, Blob | Blob[]>,
    mends?: OutboxEntry,
  ): Promise<string> {
    if (!this.outbox) throw new TypeError('this computer is not enrolled')
    const event_id = draft.event_id ?? v7()
    // Another tab may have taken it down.
    if (draft.event_id ?? mends) await this.reread()
    if (this.entry(event_id)) return event_id
    if (mends && this.entry(mends.event.event_id)?.state !== 'parked') throw new ElsewhereError()
    const data: Record<string, unknown> = { ...draft.data }
    for (const [name, file] of Object.entries(files)) {
      const hashes = await hashesOf([file].flat())
      if (Array.isArray(file)) data[name] = hashes
      else data[name] = hashes[0]
    }
    if (typeof data['pin_sealed'] === 'string') {
      data['pin_sealed'] = await sealPin(data['pin_sealed'], event_id, this.sealKey)
    }
    const whole = { ...draft, data, event_id, offline: !this.online }
    const blobs = Object.values(files).flat()
    await (mends ? this.outbox.mend(mends, whole, blobs) : this.outbox.add(whole, blobs))
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
    if (!this.sender || this.stage !== 'desk') return
    const outcome = await this.sender.flush()
    if (outcome.kind === 'outside') this.stage = 'login'
    await this.reread()
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
