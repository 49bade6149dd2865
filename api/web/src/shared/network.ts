/** Rows of the network, as many as there are. */

import type { Caller } from '../device/sender'
import type { NetworkRow, RowsPage } from './api.gen'
import { ask } from './asking'

/** `province` only for who works in all of them. */
export async function readRows(
  call: Caller,
  sheet: 'sites' | 'procedures' | 'couriers',
  on: string,
  province?: string,
): Promise<NetworkRow[]> {
  const rows: NetworkRow[] = []
  let after: number | null = 0
  while (after !== null) {
    const query = new URLSearchParams({
      on,
      limit: '200',
      after: String(after),
      ...(province && { province }),
    })
    const page: RowsPage = await ask(call, `/api/v1/network/${sheet}?${query}`)
    rows.push(...page.rows)
    after = page.after
  }
  return rows
}
