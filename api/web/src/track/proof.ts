/**
 * What a receipt proves, said exactly. Its own data are verified here; then its key is held against the one that this
 * service publishes, and its head against today's ledger: a receipt alone only proves that it hangs together.
 */

import { fromBase64 } from '../receipt/bytes'
import { isConsistent } from '../receipt/growth'
import { holds, readCheckpoint, readKey, readNote, type Checkpoint } from '../receipt/notes'
import { verify, type Receipt } from '../receipt/verify'
import { kindOf } from '../receipt/words'
import { AskError } from './asking'

/** What the service publishes of its ledger. */
export interface Ledger {
  key(): Promise<string>
  /** The newest signed head. */
  head(): Promise<string>
  /** Hashes that prove that the first `size` records begin with the first `old`. */
  growth(old: number, size: number): Promise<string[]>
}

export interface ShownEvent {
  type: string
  at: string
  /** Its content is the post's word: the ledger proves only that there is such a record. */
  told: boolean
}

export interface Verdict {
  kind:
    | 'unreadable' /* no receipt at all */
    | 'broken' /* a step does not hold: it was changed */
    | 'other' /* of another shipment than asked */
    | 'unknown' /* it hangs together; the service could not be asked whose key it is */
    | 'foreign' /* it hangs together under a key that is not the service's */
    | 'rewritten' /* the service's key signed it, but today's ledger does not contain it any more */
    | 'proved'
  code: string
  key: string
  events: ShownEvent[]
}

/** As api/custody/receipt.py finds it; the page around it is not looked at: a forged one may say anything. */
const DATA = /<script type="application\/json" id="receipt">(.*?)<\/script>/gs

/** Examine a receipt's file; `code` is the shipment that it has to be of, if one is asked for. */
export async function examine(page: string, ledger: Ledger, code?: string): Promise<Verdict> {
  const receipt = read(page)
  if (!receipt) return { kind: 'unreadable', code: '', key: '', events: [] }
  const say = (kind: Verdict['kind']): Verdict => ({
    kind,
    code: String(receipt.code),
    key: String(receipt.log_key),
    events: kind === 'broken' ? [] : shown(receipt),
  })
  if (!verify(receipt).every((step) => step.good)) return say('broken')
  if (code !== undefined && receipt.code !== code) return say('other')
  try {
    if (receipt.log_key !== (await ledger.key()).trim()) return say('foreign')
    return say((await isStillThere(receipt, ledger)) ? 'proved' : 'rewritten')
  } catch (error) {
    if (error instanceof AskError) return say('unknown')
    throw error
  }
}

function read(page: string): Receipt | null {
  const found = [...page.matchAll(DATA)]
  if (found.length !== 1) return null
  try {
    const receipt: unknown = JSON.parse(found[0]?.[1] ?? '')
    return typeof receipt === 'object' ? (receipt as Receipt | null) : null
  } catch {
    return null // what cannot be read is no receipt, and is shown so
  }
}

async function isStillThere(receipt: Receipt, ledger: Ledger): Promise<boolean> {
  const then = readCheckpoint(readNote(receipt.checkpoint).text)
  const now = signedHead(await ledger.head(), receipt.log_key)
  if (!now || now.origin !== then.origin || now.size < then.size) return false
  const path = now.size === then.size ? [] : await ledger.growth(then.size, now.size)
  return isConsistent(then.size, now.size, then.root, now.root, path.map(fromBase64))
}

function signedHead(written: string, logKey: string): Checkpoint | null {
  const [note, key] = [readNote(written), readKey(logKey)]
  return note.signatures.some((one) => holds(one, key, note.text)) ? readCheckpoint(note.text) : null
}

function shown(receipt: Receipt): ShownEvent[] {
  return receipt.events.map((event) => {
    if (event.told) return { type: event.told.type, at: event.told.at, told: true }
    const record = JSON.parse(event.record ?? '{}') as Parameters<typeof kindOf>[0] & { at?: string }
    return { type: kindOf(record), at: record.at ?? '', told: false }
  })
}
