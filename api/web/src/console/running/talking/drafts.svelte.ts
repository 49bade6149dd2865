/** What was begun to be written, by whom or what it is for; whoever goes to another tab finds it again. */

import { SvelteMap } from 'svelte/reactivity'

export class Drafts {
  private readonly texts = new SvelteMap<string, string>()

  of(key: string): string {
    return this.texts.get(key) ?? ''
  }

  write(key: string, text: string): void {
    if (text === '') this.texts.delete(key)
    else this.texts.set(key, text)
  }
}
