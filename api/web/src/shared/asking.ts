/** One question to the server; every failure carries the server's own words in both languages. */

import type { Caller } from '../device/sender'
import type { PlanChange } from './api.gen'

export interface Said {
  message_vi: string
  message_en: string
  /** Of a row of a file: its column or key. */
  column?: string | null
}

/** Status 0 = the server could not be reached. */
export class AskError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly said: readonly Said[],
    /** Of a plan that somebody else changed first: who did what meanwhile. */
    readonly changes: readonly PlanChange[] | null = null,
  ) {
    super(said[0]?.message_en ?? `status ${status}`)
  }
}

const JSON_BODY = { 'Content-Type': 'application/json' }

export async function ask<T>(call: Caller, path: string, init: RequestInit = {}): Promise<T> {
  const answer = await answered(call, path, init)
  return (answer.status === 204 ? undefined : await answer.json()) as T
}

/** An answer that went well, whatever its body is. */
export async function answered(call: Caller, path: string, init: RequestInit = {}): Promise<Response> {
  let answer: Response
  try {
    answer = await call(path, init)
  } catch {
    throw new AskError(0, 'offline', [])
  }
  if (answer.ok) return answer
  const { error } = (await answer.json().catch(() => ({}))) as {
    error?: Refusal
  }
  const said = error ? (error.rows?.length ? error.rows : [error, ...violations(error)]) : []
  throw new AskError(answer.status, error?.code ?? '', said, error?.changes)
}

interface Refusal extends Said {
  code: string
  rows?: Said[]
  changes?: PlanChange[]
  violations?: { words: { vi: string; en: string } }[]
}

function violations(error: Refusal): Said[] {
  return (error.violations ?? []).map(({ words }) => ({ message_vi: words.vi, message_en: words.en }))
}

/** `once` names the request: sent again with it, it is carried out once. `version` is the one seen last. */
export function posting(content: object, once?: string, version?: number): RequestInit {
  const headers = {
    ...JSON_BODY,
    ...(once && { 'Idempotency-Key': once }),
    ...(version !== undefined && { 'If-Match': `"${version}"` }),
  }
  return { method: 'POST', headers, body: JSON.stringify(content) }
}

export function post<T>(
  call: Caller,
  path: string,
  content: object,
  once?: string,
  version?: number,
): Promise<T> {
  return ask<T>(call, path, posting(content, once, version))
}
