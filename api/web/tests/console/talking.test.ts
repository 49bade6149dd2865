import { describe, expect, it } from 'vitest'
import { found, threadsOf, type Mate } from '../../src/console/running/talking/threads'
import type { MessageOut } from '../../src/shared/api.gen'

const MATES: Mate[] = [
  { id: 'LX-01', name: 'Đỗ Văn Một', base: 'Long Xuyên' },
  { id: 'LX-02', name: 'Bùi Thị Hai', base: 'Long Xuyên' },
  { id: 'CD-01', name: 'An Ba', base: 'Châu Đốc' },
]

function message(number: number, courier: string, more: Partial<MessageOut> = {}): MessageOut {
  return { number, courier_id: courier, by_courier: true, read_at: null, kind: 'text', ...more } as MessageOut
}

describe('threads', () => {
  it('with something unread come first, then those with the newest word, then by name', () => {
    const read = { read_at: '2026-11-25T08:00:00Z' }
    const messages = [message(9, 'CD-01', read), message(3, 'LX-02'), message(2, 'LX-02', read)]
    const threads = threadsOf(messages, MATES)
    expect(threads.map((one) => one.id)).toEqual(['LX-02', 'CD-01', 'LX-01'])
    expect(threads.map((one) => one.unread)).toEqual([1, 0, 0])
    expect(threads[0]?.messages.map((one) => one.number)).toEqual([2, 3])
  })

  it('hold what a courier said who has no round today', () => {
    expect(threadsOf([message(1, 'X-9')], MATES).map((one) => one.id)[0]).toBe('X-9')
  })

  it('are urgent only as long as nobody has read it', () => {
    const urgent = (read_at: string | null): boolean | undefined =>
      threadsOf([message(1, 'CD-01', { kind: 'need_help', read_at })], MATES).find(({ id }) => id === 'CD-01')
        ?.urgent
    expect(urgent(null)).toBe(true)
    expect(urgent('2026-11-25T08:00:00Z')).toBe(false)
  })

  it('do not count what dispatchers said as unread', () => {
    const [first] = threadsOf([message(1, 'LX-01', { by_courier: false })], MATES)
    expect(first).toMatchObject({ id: 'LX-01', unread: 0 })
  })

  it('are found without marks', () => {
    expect(found(MATES, 'do mot').map((one) => one.id)).toEqual(['LX-01'])
    expect(found(MATES, 'chau doc').map((one) => one.id)).toEqual(['CD-01'])
  })
})
