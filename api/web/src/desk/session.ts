/**
 * A clerk's way in: name and password, afterwards a cookie that no script reads.
 *
 * The access token lives in this tab only. Whoever closes the browser or logs out leaves nothing behind but what waits
 * to be sent, which the next clerk's session brings in.
 */

import type { TokenPair } from '../shared/api.gen'
import { ask, AskError, post } from './asking'

const AUTH = '/api/v1/auth'
const LOCK = 'duongthu-desk-session'

export class DeskSession {
  private token: string | null = null

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

  /** Ends every session of the clerk, this one too. */
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

  /** `fetch` as the clerk; the token is renewed when the server says that it is over. */
  readonly call = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const before = this.token
    const answer = await this.send(path, init)
    if (answer.status !== 401) return answer
    const renewed = await navigator.locks.request(LOCK, async () =>
      this.token !== before ? this.token !== null : (await this.renew()) !== null,
    )
    return renewed ? this.send(path, init) : answer
  }

  private send(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers)
    if (this.token) headers.set('Authorization', `Bearer ${this.token}`)
    return fetch(path, { ...init, headers })
  }
}

/** Of the link that a dispatcher sent. It leaves the address at once: it works once, and histories are kept. */
export function enrolmentCode(): string | null {
  const code = new URLSearchParams(location.hash.slice(1)).get('enrol')
  if (code) history.replaceState(null, '', location.pathname)
  return code
}
