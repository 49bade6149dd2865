/** A refusal of settings or scenarios: each sentence begins with the key that it is about. */

import { AskError } from '../../shared/asking'

export function named(error: unknown): unknown {
  if (!(error instanceof AskError)) return error
  const told = error.said.map((one) =>
    one.column
      ? { message_vi: `${one.column}: ${one.message_vi}`, message_en: `${one.column}: ${one.message_en}` }
      : one,
  )
  return new AskError(error.status, error.code, told, error.changes)
}
