/** Screens at a post office are everybody's: what a PIN opened is closed when nobody has touched it for a while. */

const TOUCHES = ['pointerdown', 'keydown', 'wheel', 'touchmove'] as const
export const IDLE_MS = 5 * 60_000

/** Act once nobody has touched the page for so long; returns what stops the watch. */
export function whenIdle(act: () => void, milliseconds = IDLE_MS): () => void {
  let timer = setTimeout(act, milliseconds)
  const stir = (): void => {
    clearTimeout(timer)
    timer = setTimeout(act, milliseconds)
  }
  for (const touch of TOUCHES) addEventListener(touch, stir, { passive: true })
  return () => {
    clearTimeout(timer)
    for (const touch of TOUCHES) removeEventListener(touch, stir)
  }
}
