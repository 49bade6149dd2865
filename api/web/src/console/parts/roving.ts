/**
 * Arrow keys, Home and End move the focus between the buttons of a list; Tab leaves it. A Svelte attachment.
 */
export function arrowKeys(list: HTMLElement): () => void {
  function onKey(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const items = [...list.querySelectorAll<HTMLElement>('[data-item]')]
    const target = next(event.key, items.indexOf(document.activeElement as HTMLElement), items.length)
    if (target === null) return
    event.preventDefault()
    items[target]?.focus()
  }
  list.addEventListener('keydown', onKey)
  return () => list.removeEventListener('keydown', onKey)
}

/** Index to move to; null = the key means nothing here. */
export function next(key: string, from: number, count: number): number | null {
  if (count === 0) return null
  if (key === 'ArrowDown') return Math.min(from + 1, count - 1)
  if (key === 'ArrowUp') return Math.max(from - 1, 0)
  if (key === 'Home') return 0
  return key === 'End' ? count - 1 : null
}
