import type { Caller } from '../../device/sender'
import type { ImportReport } from '../../shared/api.gen'
import { ask } from '../../shared/asking'

/** Take a file in: its good rows at once, the others named. */
export function sendFile(call: Caller, file: File, on: string, province: string): Promise<ImportReport> {
  const body = new FormData()
  body.append('file', file)
  const query = new URLSearchParams({ on, accept_good: 'true', province })
  return ask<ImportReport>(call, `/api/v1/shipments/import?${query}`, { method: 'POST', body })
}
