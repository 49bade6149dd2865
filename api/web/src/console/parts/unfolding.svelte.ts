/** A long list that comes frame by frame: what is on the screen at once, the rest before a hand can scroll to it. */

const FIRST = 16
const STEP = 16

export interface Unfolding {
  /** How many rows are there. */
  readonly count: number
}

/** `whose` names the list: another one begins anew, the same one changed stays as long as it is. */
export function unfolding(whose: () => unknown, length: () => number): Unfolding {
  let opened = $state.raw<unknown>(null)
  let frames = $state(0)
  const count = $derived(opened === whose() ? FIRST + STEP * frames : FIRST)
  $effect(() => {
    const name = whose()
    if (count >= length()) return
    const frame = requestAnimationFrame(() => {
      frames = opened === name ? frames + 1 : 1
      opened = name
    })
    return () => cancelAnimationFrame(frame)
  })
  return {
    get count() {
      return count
    },
  }
}
