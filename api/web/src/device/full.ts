/** What becomes of a transaction on a phone that has no room. */

/** The phone has no room: the action was not taken down, and nothing older was thrown away for it. */
export class StorageFullError extends Error {}

/** Nothing of it is kept; on a full phone the browser has ended it before. */
export function abandon(work: { abort(): void }): void {
  try {
    work.abort()
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'InvalidStateError')) throw error
  }
}

export function isFull(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'QuotaExceededError'
}
