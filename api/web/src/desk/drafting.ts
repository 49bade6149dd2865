/** What the page says of an action, made ready for the outbox: files by their hashes, a PIN sealed. */

import { hashesOf, type Draft } from '../device/outbox'
import { sealPin } from '../device/seal'

export type Files = Record<string, Blob | Blob[]>

export async function drafted(
  draft: Draft & { event_id: string },
  files: Files,
  sealKey: string,
): Promise<Draft> {
  const data: Record<string, unknown> = { ...draft.data }
  for (const [name, file] of Object.entries(files)) {
    const hashes = await hashesOf([file].flat())
    data[name] = Array.isArray(file) ? hashes : hashes[0]
  }
  if (typeof data['pin_sealed'] === 'string') {
    data['pin_sealed'] = await sealPin(data['pin_sealed'], draft.event_id, sealKey)
  }
  return { ...draft, data }
}
