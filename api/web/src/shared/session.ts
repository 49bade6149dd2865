/**
 * A person's way in: name and password, afterwards a cookie that no script reads.
 *
 * The access token lives in this tab only: whoever logs out leaves none behind.
 */

import type { Me, TokenPair } from './api.gen'
import { ask, AskError, post } from './asking'

const AUTH = '/api/v1/auth'
/** Of all pages of this origin: they share the cookie. */
const LOCK = 'duongthu-session'

export class Session {
  private token: string | null = null
  /** The person that the page shows; null = whoever the cookie is of. */
  owner: string | null = null

  /** `onOver`: nobody is logged in any more, so whatever is open has to ask for a name and password. */
  constructor(private readonly onOver: () => void = () => undefined) {}

  /** Returns whether the password has to be changed before anything else. */
  async logIn(login: string, password: string): Promise<boolean> {
    const pair = await post<TokenPair>(fetch, `${AUTH}/login`, { login, password, cookie: true })
    this.token = pair.access_token
    return pair.must_change_password
  }

  /** By the cookie; null = nobody is logged in, else whether the password has to be changed. */
  async renew(): Promise<boolean | null> {
    try {
      const pair = await post<TokenPair>(fetch, `${AUTH}/refresh`, {})
      this.token = pair.access_token
      return pair.must_change_password
    } catch (error) {
      if (!(error instanceof AskError) || error.status !== 401) throw error
      this.token = null
      return null
    }
  }

  /** Ends every session of the person, this one too. */
  async changePassword(old: string, chosen: string): Promise<void> {
    const body = JSON.stringify({ old, new: chosen })
    await ask(this.call, `${AUTH}/password`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body,
    })
    this.token = null
  }

  async logOut(): Promise<void> {
    await ask(this.call, `${AUTH}/logout`, { method: 'POST' })
    this.token = null
  }

  /** `fetch` as the person; the token is renewed when the server says that it is over. */
  readonly call = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const before = this.token
    const answer = await this.send(path, init)
    if (answer.status !== 401) return answer
    const renewed = await navigator.locks.request(LOCK, async () =>
      this.token !== before ? this.token !== null : (await this.renew()) !== null && (await this.isOwners()),
    )
    if (renewed) return this.send(path, init)
    this.onOver()
    return answer
  }

  /** Somebody else may have logged in beside this tab: nobody acts under a name that the page does not show. */
  private async isOwners(): Promise<boolean> {
    if (this.owner === null) return true
    const { user_id } = await ask<Me>((path, init) => this.send(path, init), `${AUTH}/me`)
    if (user_id !== this.owner) this.token = null
    return user_id === this.owner
  }

  private send(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers)
    if (this.token) headers.set('Authorization', `Bearer ${this.token}`)
    return fetch(path, { ...init, headers })
  }
}
