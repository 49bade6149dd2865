import { sha256 } from '@noble/hashes/sha2.js'
import { expect, it } from 'vitest'
import { joined } from '../../src/receipt/bytes'
import { isConsistent } from '../../src/receipt/growth'

/** The definitions of RFC 6962 §2.1, word by word: slow, and not those of the page. */
const LEAVES = Array.from({ length: 20 }, (_, at) => Uint8Array.of(at))

function root(leaves: Uint8Array[]): Uint8Array {
  const [only] = leaves
  if (leaves.length === 1 && only) return sha256(joined(Uint8Array.of(0), only))
  const k = split(leaves.length)
  return sha256(joined(Uint8Array.of(1), root(leaves.slice(0, k)), root(leaves.slice(k))))
}

function split(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}

function proof(m: number, leaves: Uint8Array[], whole = true): Uint8Array[] {
  if (m === leaves.length) return whole ? [] : [root(leaves)]
  const k = split(leaves.length)
  if (m <= k) return [...proof(m, leaves.slice(0, k), whole), root(leaves.slice(k))]
  return [...proof(m - k, leaves.slice(k), false), root(leaves.slice(0, k))]
}

it('a ledger that grew is consistent with each of its beginnings', () => {
  for (let n = 1; n <= LEAVES.length; n++) {
    const now = LEAVES.slice(0, n)
    for (let m = 1; m <= n; m++)
      expect(isConsistent(m, n, root(LEAVES.slice(0, m)), root(now), proof(m, now)), `${m} of ${n}`).toBe(
        true,
      )
  }
})

it('a ledger whose past was changed is not', () => {
  for (let n = 2; n <= LEAVES.length; n++) {
    for (let m = 1; m <= n; m++) {
      const then = root(LEAVES.slice(0, m))
      const forged = LEAVES.slice(0, n).map((leaf, at) => (at === m - 1 ? Uint8Array.of(99) : leaf))
      expect(isConsistent(m, n, then, root(forged), proof(m, forged)), `${m} of ${n}`).toBe(false)
      const honest = LEAVES.slice(0, n)
      const path = proof(m, honest)
      expect(isConsistent(m, n, then, root(honest), [...path, then]), `${m} of ${n}, longer`).toBe(false)
      if (path.length)
        expect(isConsistent(m, n, then, root(honest), path.slice(1)), `${m} of ${n}, shorter`).toBe(false)
    }
  }
  expect(isConsistent(3, 2, root(LEAVES.slice(0, 3)), root(LEAVES.slice(0, 2)), [])).toBe(false)
  expect(isConsistent(0, 2, root(LEAVES), root(LEAVES.slice(0, 2)), [])).toBe(false)
})
