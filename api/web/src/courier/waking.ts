/** When the page looks after itself: on a timer, with a signal, when it is looked at. */

/** Milliseconds. */
const SOON = 15_000

export interface Wakes {
  work: () => void
  offline: () => void
  failed: (reason: unknown) => void
}

/** Returns what stops it. */
export function keepAwake({ work, offline, failed }: Wakes): () => void {
  const rejected = (event: PromiseRejectionEvent): void => failed(event.reason)
  const scanned = (): void => location.reload() // the page was open when a QR code was scanned
  const timer = setInterval(work, SOON)
  addEventListener('hashchange', scanned)
  addEventListener('online', work)
  addEventListener('offline', offline)
  addEventListener('unhandledrejection', rejected)
  document.addEventListener('visibilitychange', work)
  return () => {
    clearInterval(timer)
    removeEventListener('hashchange', scanned)
    removeEventListener('online', work)
    removeEventListener('offline', offline)
    removeEventListener('unhandledrejection', rejected)
    document.removeEventListener('visibilitychange', work)
  }
}
