/** That a ledger only grew: RFC 9162 §2.1.4.2, as api/custody/tree.py checks it. */

import { areEqual } from './bytes'
import { half, nodeHash } from './tree'

/** Whether the tree of `size` leaves begins with that of `old`. */
export function isConsistent(
  old: number,
  size: number,
  oldRoot: Uint8Array,
  newRoot: Uint8Array,
  path: Uint8Array[],
): boolean {
  if (old < 1 || old > size) return false
  if (old === size) return path.length === 0 && areEqual(oldRoot, newRoot)
  // A complete old tree is a node of the new one, and is left out of the path.
  const [begin, ...rest] = isComplete(old) ? [oldRoot, ...path] : path
  if (!begin) return false
  let [first, last, oldFound, newFound] = [old - 1, size - 1, begin, begin]
  while (first % 2 === 1) [first, last] = [half(first), half(last)]
  for (const sibling of rest) {
    if (last === 0) return false
    if (first % 2 === 1 || first === last) {
      oldFound = nodeHash(sibling, oldFound)
      newFound = nodeHash(sibling, newFound)
      while (first % 2 === 0 && first !== 0) [first, last] = [half(first), half(last)]
    } else {
      newFound = nodeHash(newFound, sibling)
    }
    ;[first, last] = [half(first), half(last)]
  }
  return last === 0 && areEqual(oldFound, oldRoot) && areEqual(newFound, newRoot)
}

function isComplete(size: number): boolean {
  return size === 1 || (size % 2 === 0 && isComplete(size / 2))
}
