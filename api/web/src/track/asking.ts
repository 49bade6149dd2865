/** What the page asks the server; every failure carries the server's own words in both languages. */

import type { OpenDays, OwnTrack, Proof, Track, WishLeft } from '../shared/api.gen'
import type { Ledger } from './proof'

export class AskError extends Error {
  constructor(
    /** 0 = the server was not reached. */
    readonly status: number,
    readonly message_vi: string,
    readonly message_en: string,
    /** Seconds to wait; 0 = none. */
    readonly wait: number,
  ) {
    super(message_en)
  }
}

const API = '/api/v1'
/** A link may name the province, for a code that two of them use. */
const province = new URLSearchParams(globalThis.location?.search ?? '').get('province')

function address(code: string, rest = ''): string {
  const asked = province === null ? '' : `?province=${encodeURIComponent(province)}`
  return `${API}/track/${encodeURIComponent(code)}${rest}${asked}`
}

const sent = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
})

export async function readTrack(code: string): Promise<Track> {
  return (await (await ask(address(code))).json()) as Track
}

export async function openTrack(code: string, pin: string): Promise<OwnTrack> {
  return (await (await ask(address(code), sent({ pin }))).json()) as OwnTrack
}

/** The days ahead on which couriers go to the citizen's commune. */
export async function readDays(code: string): Promise<OpenDays['days']> {
  return ((await (await ask(address(code, '/days'))).json()) as OpenDays).days
}

export async function leaveWish(code: string, wish: WishLeft): Promise<OwnTrack> {
  return (await (await ask(address(code, '/wishes'), sent(wish))).json()) as OwnTrack
}

/** The receipt's page, to be kept by the citizen. */
export async function fetchReceipt(code: string, pin: string): Promise<string> {
  return (await ask(address(code, '/receipt'), sent({ pin }))).text()
}

export const ledger: Ledger = {
  key: async () => (await ask(`${API}/ledger/key`)).text(),
  head: async () => (await ask(`${API}/ledger/checkpoint`)).text(),
  growth: async (old, size) => {
    const answer = await ask(`${API}/ledger/proof/consistency?old=${old}&size=${size}`)
    return ((await answer.json()) as Proof).hashes
  },
}

async function ask(path: string, init?: RequestInit): Promise<Response> {
  let response: Response
  try {
    response = await fetch(path, init)
  } catch {
    throw new AskError(0, '', '', 0)
  }
  if (response.ok) return response
  const { error } = (await response.json().catch(() => ({}))) as {
    error?: { message_vi: string; message_en: string }
  }
  const wait = Number(response.headers.get('Retry-After') ?? 0)
  throw new AskError(response.status, error?.message_vi ?? '', error?.message_en ?? '', wait)
}
