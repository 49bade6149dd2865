/** What a receipt proves, step by step; knows nothing of the page. */

import { fromBase64, utf8 } from './bytes'
import { holds, isBy, readCheckpoint, readKey, readNote, seenAt, type Checkpoint, type Note } from './notes'
import { isIncluded, leafHash } from './tree'

export interface Receipt {
  format: string
  code: string
  log_key: string
  witness_keys: string[]
  checkpoint: string
  events: { record: string; index: number; proof: string[] }[]
}

export interface Step {
  kind: 'log' | 'witness' | 'event' | 'receipt'
  good: boolean
  /** Signer, or number of the event from 0. */
  of: string | number
  /** When a witness saw the head, seconds since 1970 UTC. */
  at: number | null
}

export const FORMAT = 'duongthu-receipt-1'

export function verify(receipt: Receipt): Step[] {
  try {
    const note = readNote(receipt.checkpoint)
    const head = readCheckpoint(note.text)
    const whole = receipt.format === FORMAT && receipt.events.length > 0
    return [
      ...signatureSteps(receipt, note, head),
      ...receipt.events.map((event, at) => eventStep(receipt.code, event, at, head)),
      ...(whole ? [] : [broken()]),
    ]
  } catch {
    return [broken()]
  }
}

function broken(): Step {
  return { kind: 'receipt', good: false, of: '', at: null }
}

/** Every signature must be by a key of the receipt, and hold; the ledger's own must be there. */
function signatureSteps(receipt: Receipt, note: Note, head: Checkpoint): Step[] {
  const log = readKey(receipt.log_key)
  const keys = [log, ...receipt.witness_keys.map(readKey)]
  const steps = keys.map((key): Step => {
    const found = note.signatures.filter((signature) => isBy(signature, key))
    const good = found.length > 0 && found.every((signature) => holds(signature, key, note.text))
    const at = good && found[0] ? seenAt(found[0], key) : null
    return { kind: key === log ? 'log' : 'witness', good, of: key.name, at }
  })
  const known = note.signatures.every((signature) => keys.some((key) => isBy(signature, key)))
  return log.name === head.origin && log.algorithm === 1 && known ? steps : [...steps, broken()]
}

function eventStep(code: string, event: Receipt['events'][number], at: number, head: Checkpoint): Step {
  let good = false
  try {
    const record = JSON.parse(event.record) as { shipments?: unknown }
    const isOfCode = Array.isArray(record.shipments) && record.shipments.includes(code)
    const path = event.proof.map(fromBase64)
    good = isOfCode && isIncluded(leafHash(utf8(event.record)), event.index, head.size, path, head.root)
  } catch {
    good = false // what cannot be read is shown as not proved
  }
  return { kind: 'event', good, of: at, at: null }
}
