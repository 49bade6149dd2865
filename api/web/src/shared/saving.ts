/** A file of the server, saved by the browser: the person's token goes in a header, so a plain link cannot ask for it. */

import type { Caller } from '../device/sender'
import { answered } from './asking'

/** Returns the name that the server gave it. */
export async function save(call: Caller, path: string): Promise<string> {
  const answer = await answered(call, path)
  const name = /filename="([^"]+)"/u.exec(answer.headers.get('Content-Disposition') ?? '')?.[1] ?? 'duong-thu'
  const address = URL.createObjectURL(await answer.blob())
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The browser reads it after this turn; a minute is long enough for any disk.
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
  return name
}
