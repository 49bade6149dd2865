/** Bytes and base64, read so strictly that no changed letter goes unseen. */

export function fromBase64(text: string): Uint8Array {
  const found = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
  if (toBase64(found) !== text) throw new Error('base64')
  return found
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

export function joined(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}

export function areEqual(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((value, at) => value === right[at])
}
