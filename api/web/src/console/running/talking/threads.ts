/** Messages by courier. */

import type { MessageOut } from '../../../shared/api.gen'
import { fold } from '../../../shared/fold'

export interface Mate {
  id: string
  name: string
  base: string
}

export interface Thread extends Mate {
  /** The oldest first. */
  messages: readonly MessageOut[]
  /** Said by the courier, and read by no dispatcher. */
  unread: number
  /** One that is unread says that something is wrong. */
  urgent: boolean
}

const URGENT = new Set<MessageOut['kind']>(['breakdown', 'need_help', 'road_closed', 'full'])

/**
 * One thread a courier: those with something unread first, then by the last message, then by name.
 *
 * `messages` in any order; whoever speaks and is not among `mates` has a thread nevertheless.
 */
export function threadsOf(messages: readonly MessageOut[], mates: readonly Mate[]): Thread[] {
  const byCourier = new Map<string, MessageOut[]>()
  for (const one of messages) byCourier.set(one.courier_id, [...(byCourier.get(one.courier_id) ?? []), one])
  const known = new Set(mates.map((one) => one.id))
  const others = [...byCourier.keys()]
    .filter((id) => !known.has(id))
    .map((id) => ({ id, name: id, base: '' }))
  const threads = [...mates, ...others].map((mate) => threadOf(mate, byCourier.get(mate.id) ?? []))
  const { compare } = new Intl.Collator('vi', { numeric: true })
  const last = (one: Thread): number => one.messages.at(-1)?.number ?? 0
  return threads.sort(
    (a, b) => Number(b.unread > 0) - Number(a.unread > 0) || last(b) - last(a) || compare(a.name, b.name),
  )
}

function threadOf(mate: Mate, messages: readonly MessageOut[]): Thread {
  const waits = messages.filter(isUnread)
  return {
    ...mate,
    messages: messages.toSorted((a, b) => a.number - b.number),
    unread: waits.length,
    urgent: waits.some((one) => URGENT.has(one.kind)),
  }
}

export const isUnread = (one: MessageOut): boolean => one.by_courier && one.read_at === null

/** Those whose name, id or base holds every word that was typed, with or without its marks. */
export function found<M extends Mate>(mates: readonly M[], query: string): M[] {
  const words = fold(query).split(' ').filter(Boolean)
  return mates.filter((one) => {
    const whole = fold(`${one.name} ${one.id} ${one.base}`)
    return words.every((word) => whole.includes(word))
  })
}
