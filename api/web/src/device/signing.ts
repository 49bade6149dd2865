/**
 * The device's key and what it signs: ECDSA P-256 over RFC 8785 canonical JSON, as api/custody/signing.py reads it.
 *
 * The private key cannot be taken out of the browser, by the page neither.
 */

import canonicalize from 'canonicalize'

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' }
const ALGORITHM = { name: 'ECDSA', hash: 'SHA-256' }

export function makeKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(CURVE, false, ['sign', 'verify'])
}

/** The uncompressed point, base64url. */
export async function publicKey(keys: CryptoKeyPair): Promise<string> {
  return base64url(await crypto.subtle.exportKey('raw', keys.publicKey))
}

/** r || s over the canonical JSON of a value, base64url. */
export async function sign(value: object, keys: CryptoKeyPair): Promise<string> {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('a value without a JSON form')
  return base64url(await crypto.subtle.sign(ALGORITHM, keys.privateKey, new TextEncoder().encode(text)))
}

export async function sha256(content: Blob): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', await content.arrayBuffer()))
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export function base64url(bytes: ArrayBuffer): string {
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)))
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
