/**
 * A PIN, encrypted to the server at the door: ECDH on P-256, HKDF-SHA-256, AES-256-GCM, as api/custody/pin.py opens it.
 *
 * The event's id is authenticated with it, so that a sealed PIN serves no other event.
 */

import { base64url } from './signing'

const CURVE = { name: 'ECDH', namedCurve: 'P-256' }
const NONCE = 12

export async function sealPin(pin: string, eventId: string, serverKey: string): Promise<string> {
  const server = fromBase64url(serverKey)
  const once = await crypto.subtle.generateKey(CURVE, false, ['deriveBits'])
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', once.publicKey))
  const theirs = await crypto.subtle.importKey('raw', server, CURVE, false, [])
  const shared = await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, once.privateKey, 256)
  const info = joined(new TextEncoder().encode('duongthu pin v1'), point, server)
  const secret = await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey'])
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info }
  const key = await crypto.subtle.deriveKey(hkdf, secret, { name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
  ])
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE))
  const bound = { name: 'AES-GCM', iv: nonce, additionalData: new TextEncoder().encode(eventId) }
  const closed = await crypto.subtle.encrypt(bound, key, new TextEncoder().encode(pin))
  return base64url(joined(point, nonce, new Uint8Array(closed)).buffer)
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0))
}

function joined(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}
