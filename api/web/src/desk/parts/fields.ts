/** What the fields of a form have in common. */

import type { Pieces } from '../../device/pieces'

const FIELDS = 'input:not([type="file"]), select, button'

/** Where the clerk goes on: hands need not leave the keyboard or the scanner. */
export const takesFocus = (one: HTMLElement): void => one.focus()

/** A scanner ends with Enter, and so do fast typists: it leads on to the next field and sends nothing off. */
export function enterGoesOn(form: HTMLFormElement): () => void {
  const listener = (event: KeyboardEvent): void => {
    const { target } = event
    const isField = target instanceof HTMLInputElement || target instanceof HTMLSelectElement
    // In a list that is open, Enter chooses.
    if (event.key !== 'Enter' || !isField || target.ariaExpanded === 'true') return
    event.preventDefault()
    const fields = [...form.querySelectorAll<HTMLElement>(FIELDS)].filter(
      (one) => !one.matches(':disabled') && one.offsetParent !== null,
    )
    fields[fields.indexOf(target) + 1]?.focus()
  }
  form.addEventListener('keydown', listener)
  return () => form.removeEventListener('keydown', listener)
}

const isFile = (value: unknown): value is Blob | Blob[] =>
  value instanceof Blob || (Array.isArray(value) && value[0] instanceof Blob)

/** Pieces that are files, by the name under which an event speaks of them. */
export function filesIn(given: Pieces): Record<string, Blob | Blob[]> {
  const files: Record<string, Blob | Blob[]> = {}
  for (const [name, value] of Object.entries(given)) {
    if (isFile(value)) files[name === 'photo' ? 'photos' : name] = value
  }
  return files
}

/** All other pieces that something was given for. */
export function textsIn(given: Pieces): Pieces {
  return Object.fromEntries(
    Object.entries(given).filter(
      ([, value]) => value !== undefined && value !== '' && !isFile(value) && !Array.isArray(value),
    ),
  )
}
