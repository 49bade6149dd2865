/** What opens takes the focus: it is read out, and the page begins at its top. */
export function focusHeading(heading: HTMLElement): void {
  heading.tabIndex = -1
  heading.focus()
}
