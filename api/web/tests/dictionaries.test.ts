import { describe, expect, it } from 'vitest'
import { en } from '../src/shared/i18n/en'
import { vi } from '../src/shared/i18n/vi'

type Tree = Record<string, unknown>

const paths = (tree: Tree, before = ''): string[] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'object' ? paths(value as Tree, `${before}${key}.`) : [`${before}${key}`],
  )

const texts = (tree: Tree): string[] =>
  Object.values(tree).flatMap((value) => {
    if (typeof value === 'object') return texts(value as Tree)
    return [typeof value === 'function' ? (value as (part: string) => string)('7') : (value as string)]
  })

describe('the two dictionaries', () => {
  it('have the same keys, also where the type would allow any', () => {
    expect(paths(en)).toEqual(paths(vi))
  })

  it('leave nothing empty', () => {
    for (const text of [...texts(vi), ...texts(en)]) expect(text.trim()).not.toBe('')
  })

  it('put the given figure into the sentence in both languages', () => {
    const filled = (tree: Tree) => texts(tree).filter((text) => text.includes('7')).length
    expect(filled(en)).toBe(filled(vi))
  })
})
