/** Who is logged in, for which province, and what they may do. */

import type { Me, NewProvince } from '../../shared/api.gen'
import { ask } from '../../shared/asking'
import { Session } from '../../shared/session'
import { forgetRows } from '../importing/kept'
import { rightsOf, type Rights } from './rights'

export type Stage = 'opening' | 'login' | 'password' | 'in'

const NOTHING: Rights = {
  see: false,
  takeIn: false,
  plan: false,
  publish: false,
  watch: false,
  oversee: false,
  name: false,
}

export class Account {
  stage = $state<Stage>('opening')
  me = $state.raw<Me | null>(null)
  /** Of somebody who works in all of them: what they choose from. */
  provinces = $state.raw<readonly NewProvince[]>([])
  province = $state('')
  trouble = $state.raw<unknown>(null)
  readonly may: Rights = $derived(this.me ? rightsOf(this.me) : NOTHING)

  private readonly session = new Session(() => this.leave())
  readonly call = this.session.call

  async open(): Promise<void> {
    if (!(await this.attempt(async () => this.enter(await this.session.renew())))) this.stage = 'login'
  }

  async logIn(login: string, password: string): Promise<void> {
    await this.enter(await this.session.logIn(login, password))
  }

  /** After it all sessions are over, so the person gets in anew. */
  async changePassword(login: string, old: string, chosen: string): Promise<void> {
    await this.session.changePassword(old, chosen)
    this.stage = 'login'
    if (login) await this.logIn(login, chosen)
  }

  async logOut(): Promise<void> {
    await this.session.logOut()
    await forgetRows()
    this.leave()
  }

  /** Do something; whatever fails is shown, and says false. */
  async attempt(work: () => Promise<unknown>): Promise<boolean> {
    this.trouble = null
    try {
      await work()
      return true
    } catch (error) {
      this.trouble = error
      return false
    }
  }

  /** Forget whose it was: what they had open is closed with it. */
  private leave(): void {
    this.stage = 'login'
    this.me = this.session.owner = null
  }

  /** `mustChange` as the session says it: null = nobody is logged in. */
  private async enter(mustChange: boolean | null): Promise<void> {
    if (mustChange === null) this.stage = 'login'
    else if (mustChange) this.stage = 'password'
    else await this.settle()
  }

  private async settle(): Promise<void> {
    const me = await ask<Me>(this.call, '/api/v1/auth/me')
    this.provinces =
      me.province_id === null && me.role === 'admin'
        ? await ask<NewProvince[]>(this.call, '/api/v1/provinces')
        : []
    this.province = me.province_id ?? this.provinces[0]?.province_id ?? ''
    this.me = me
    this.session.owner = me.user_id
    this.stage = 'in'
  }
}
