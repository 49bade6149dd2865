import { expect, it } from 'vitest'
import { en } from '../../src/track/words/en'
import { vi } from '../../src/track/words/vi'

/** Every text with its path; functions are asked with 7. */
function said(words: object, path = ''): [string, string][] {
  return Object.entries(words).flatMap(([name, word]: [string, unknown]) => {
    const at = `${path}${name}`
    if (typeof word === 'function') return [[at, (word as (value: string) => string)('7')]]
    return typeof word === 'string' ? [[at, word]] : said(word as object, `${at}.`)
  }) as [string, string][]
}

it('the citizen’s words are complete in both languages', () => {
  expect(said(en).map(([at]) => at)).toEqual(said(vi).map(([at]) => at))
  for (const [at, text] of [...said(vi), ...said(en)]) expect(text.trim(), at).not.toBe('')
})

it('a word that takes a value says it, in both languages', () => {
  const takes = (words: object) =>
    said(words)
      .filter(([, text]) => text.includes('7'))
      .map(([at]) => at)
  const functions = Object.entries(vi)
    .filter(([, word]) => typeof word === 'function')
    .map(([name]) => name)
  for (const name of functions) {
    expect(takes(vi)).toContain(name)
    expect(takes(en)).toContain(name)
  }
})
