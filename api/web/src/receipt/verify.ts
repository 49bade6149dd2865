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
  events: ReceiptEvent[]
}

/** Either its record, or, where that names other people's shipments, its leaf hash and what the post tells of it. */
export interface ReceiptEvent {
  record?: string
  leaf?: string
  told?: { type: string; at: string; site_id: string }
  index: number
  proof: string[]
}

export interface Step {
  kind: 'log' | 'witness' | 'event' | 'receipt'
  good: boolean
  /** Signer, or number of the event from 0. */
  of: string | number
  /** When a witness saw the head, seconds since 1970 UTC. */
  at: number | null
  /** What an event says is only told: its record is held back. */
  told?: boolean
}

export const FORMAT = 'duongthu-receipt-2'

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

function eventStep(code: string, event: ReceiptEvent, at: number, head: Checkpoint): Step {
  const told = event.record === undefined
  let good = false
  try {
    const path = event.proof.map(fromBase64)
    good = isIncluded(provedLeaf(code, event), event.index, head.size, path, head.root)
  } catch {
    good = false // what cannot be read is shown as not proved
  }
  return { kind: 'event', good, of: at, at: null, told }
}

/** The hash to find in the ledger: of a record of this shipment alone, or of one that is held back. */
function provedLeaf(code: string, event: ReceiptEvent): Uint8Array {
  if (event.record === undefined) {
    const { type, at, site_id } = event.told ?? {}
    if (![type, at, site_id].every((text) => typeof text === 'string')) throw new Error('told')
    return fromBase64(event.leaf ?? '')
  }
  const { shipments } = JSON.parse(event.record) as { shipments?: unknown }
  const isOfCode = Array.isArray(shipments) && shipments.length === 1 && shipments[0] === code
  if (event.leaf !== undefined || !isOfCode) throw new Error('shipment')
  return leafHash(utf8(event.record))
}
