/** Inclusion in the Merkle tree: RFC 9162 §2.1.3.2, as api/custody/tree.py checks it. */

import { sha256 } from '@noble/hashes/sha2.js'
import { areEqual, joined } from './bytes'

export function leafHash(content: Uint8Array): Uint8Array {
  return sha256(joined(Uint8Array.of(0), content))
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(joined(Uint8Array.of(1), left, right))
}

/** Division keeps sizes above 2^31 whole, which shifts would not. */
export const half = (value: number): number => Math.floor(value / 2)

export function isIncluded(
  leaf: Uint8Array,
  index: number,
  size: number,
  path: Uint8Array[],
  root: Uint8Array,
): boolean {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return false
  let [first, last, found] = [index, size - 1, leaf]
  for (const sibling of path) {
    if (last === 0) return false
    if (first % 2 === 1 || first === last) {
      found = nodeHash(sibling, found)
      while (first % 2 === 0 && first !== 0) [first, last] = [half(first), half(last)]
    } else {
      found = nodeHash(found, sibling)
    }
    ;[first, last] = [half(first), half(last)]
  }
  return last === 0 && areEqual(found, root)
}
