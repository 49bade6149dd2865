import { expect, it } from 'vitest'
import { en } from '../../src/desk/words/en'
import { vi } from '../../src/desk/words/vi'

type Tree = Record<string, unknown>

const entries = (tree: Tree, before = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]): [string, string][] => {
    if (typeof value === 'object') return entries(value as Tree, `${before}${key}.`)
    const text = typeof value === 'function' ? (value as (...parts: string[]) => string)('71', '82') : value
    return [[`${before}${key}`, String(text)]]
  })

it('the desk’s words are complete in both languages and say the same figures', () => {
  expect(entries(en).map(([key]) => key)).toEqual(entries(vi).map(([key]) => key))
  for (const [, text] of [...entries(vi), ...entries(en)]) expect(text.trim()).not.toBe('')
  const figures = (tree: Tree): string[] =>
    entries(tree).flatMap(([key, text]) =>
      /71|82/u.test(text) ? [`${key} ${text.match(/71|82/gu)?.length}`] : [],
    )
  expect(figures(en)).toEqual(figures(vi))
})
