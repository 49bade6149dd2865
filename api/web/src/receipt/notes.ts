/** Signed notes (C2SP signed-note, tlog-checkpoint, tlog-cosignature), as api/custody/notes.py reads them. */

import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { areEqual, fromBase64, joined, utf8 } from './bytes'

const PLAIN = 1
const COSIGNATURE = 4

export interface Key {
  name: string
  algorithm: number
  public: Uint8Array
  id: Uint8Array
}

export interface Signature {
  name: string
  id: Uint8Array
  content: Uint8Array
}

export interface Note {
  text: string
  signatures: Signature[]
}

export interface Checkpoint {
  origin: string
  size: number
  root: Uint8Array
}

export function readKey(text: string): Key {
  const parts = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/u.exec(text)
  if (!parts) throw new Error('key')
  const [, name = '', id = '', encoded = ''] = parts
  const content = fromBase64(encoded)
  const algorithm = content[0] ?? 0
  const found = sha256(joined(utf8(`${name}\n`), content)).slice(0, 4)
  const hex = Array.from(found, (byte) => byte.toString(16).padStart(2, '0')).join('')
  if (hex !== id || content.length !== 33 || ![PLAIN, COSIGNATURE].includes(algorithm)) throw new Error('key')
  return { name, algorithm, public: content.slice(1), id: found }
}

export function readNote(written: string): Note {
  const gap = written.lastIndexOf('\n\n')
  if (gap < 0 || !written.endsWith('\n')) throw new Error('note')
  const lines = written.slice(gap + 2, -1).split('\n')
  return { text: written.slice(0, gap + 1), signatures: lines.map(readSignature) }
}

function readSignature(line: string): Signature {
  const parts = /^— ([^\s+]+) (\S+)$/u.exec(line)
  const content = fromBase64(parts?.[2] ?? '')
  if (!parts?.[1] || content.length < 5) throw new Error('signature')
  return { name: parts[1], id: content.slice(0, 4), content: content.slice(4) }
}

export function readCheckpoint(text: string): Checkpoint {
  const parts = /^([^\s+]+)\n(0|[1-9][0-9]{0,14})\n(\S+)\n$/u.exec(text)
  if (!parts) throw new Error('checkpoint')
  const root = fromBase64(parts[3] ?? '')
  if (root.length !== 32) throw new Error('root')
  return { origin: parts[1] ?? '', size: Number(parts[2]), root }
}

export function isBy(signature: Signature, key: Key): boolean {
  return signature.name === key.name && areEqual(signature.id, key.id)
}

/** When a witness saw the text, seconds since 1970 UTC; null for a plain signature. */
export function seenAt(signature: Signature, key: Key): number | null {
  if (key.algorithm === PLAIN) return null
  const view = new DataView(signature.content.buffer, signature.content.byteOffset, 8)
  return Number(view.getBigUint64(0))
}

export function holds(signature: Signature, key: Key, text: string): boolean {
  const length = key.algorithm === PLAIN ? 64 : 72
  if (!isBy(signature, key) || signature.content.length !== length) return false
  const at = seenAt(signature, key)
  const covered = at === null ? text : `cosignature/v1\ntime ${at}\n${text}`
  return ed25519.verify(signature.content.slice(-64), utf8(covered), key.public, { zip215: false })
}
