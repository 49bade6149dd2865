/**
 * Rows that wait for a correction outlive a reload or a session's end: in this browser, for the person and the day.
 *
 * They hold names and addresses: whoever logs out takes theirs along, and nobody finds another's or a past day's.
 */

import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { BadRow } from './rows'

/** Whose rows: of one person, for one province and day. */
export interface Owner {
  person: string
  province: string
  day: string
}

interface Kept extends DBSchema {
  rows: { key: string; value: Owner & { rows: BadRow[] } }
}

const keyOf = ({ person, province, day }: Owner): string => `${person} ${province} ${day}`

async function inside<T>(work: (database: IDBPDatabase<Kept>) => Promise<T>): Promise<T> {
  const database = await openDB<Kept>('duongthu-import', 1, {
    upgrade: (fresh) => void fresh.createObjectStore('rows'),
  })
  try {
    return await work(database)
  } finally {
    database.close()
  }
}

/** None = nothing waits any more. */
export const keepRows = (owner: Owner, rows: BadRow[]): Promise<void> =>
  inside(async (database) => {
    if (rows.length === 0) await database.delete('rows', keyOf(owner))
    else await database.put('rows', { ...owner, rows }, keyOf(owner))
  })

/** What waited; whatever is another person's, or of a day before `today`, is erased. */
export const readRows = (owner: Owner, today: string): Promise<BadRow[]> =>
  inside(async (database) => {
    const all = await database.getAll('rows')
    const gone = all.filter(
      (one) => one.person !== owner.person || (one.day < today && one.day !== owner.day),
    )
    await Promise.all(gone.map((one) => database.delete('rows', keyOf(one))))
    return (await database.get('rows', keyOf(owner)))?.rows ?? []
  })

/** Somebody logs out. */
export const forgetRows = (): Promise<void> => inside((database) => database.clear('rows'))
