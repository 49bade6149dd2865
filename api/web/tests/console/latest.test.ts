import { expect, test } from 'vitest'
import { Latest } from '../../src/console/editing/latest'

/** A server that answers when it is told to. */
function server() {
  const open: { question: string; answer: (text: string) => void; fail: (error: Error) => void }[] = []
  const latest = new Latest<string, string>(
    (question) => new Promise((answer, fail) => open.push({ question, answer, fail })),
    (question) => question,
  )
  return { open, latest }
}

const settled = () => new Promise((resolve) => setTimeout(resolve))

test('one question is on its way at a time, and only the newest of those that waited is asked', async () => {
  const { open, latest } = server()
  const answers = ['a', 'b', 'c', 'd'].map((one) => latest.ask(one))
  expect(open.map((one) => one.question)).toEqual(['a'])
  open[0]?.answer('A')
  await settled()
  expect(open.map((one) => one.question)).toEqual(['a', 'd'])
  open[1]?.answer('D')
  expect(await Promise.all(answers)).toEqual([null, null, null, 'D'])
})

test('what is not wanted any more is not answered, nor does its failure matter', async () => {
  const { open, latest } = server()
  const [first, second] = [latest.ask('a'), latest.ask('b')]
  latest.drop()
  open[0]?.fail(new Error('lost'))
  expect(await Promise.all([first, second])).toEqual([null, null])
  expect(open).toHaveLength(1)
  const third = latest.ask('c')
  open[1]?.answer('C')
  expect(await third).toBe('C')
})

test('the failure of the newest is told, and the next one can be asked', async () => {
  const { open, latest } = server()
  const first = latest.ask('a')
  open[0]?.fail(new Error('no'))
  await expect(first).rejects.toThrow('no')
  const second = latest.ask('b')
  open[1]?.answer('B')
  expect(await second).toBe('B')
})

test('what was answered is not asked again until it is forgotten, and takes the turn of what waits', async () => {
  const { open, latest } = server()
  const first = latest.ask('a')
  open[0]?.answer('A')
  expect(await first).toBe('A')
  const second = latest.ask('b')
  expect(await latest.ask('a')).toBe('A')
  open[1]?.answer('B')
  expect(await second).toBeNull()
  expect(await latest.ask('b')).toBe('B')
  expect(open).toHaveLength(2)
  latest.forget()
  void latest.ask('a')
  expect(open.map((one) => one.question)).toEqual(['a', 'b', 'a'])
})
