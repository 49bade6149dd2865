/** `Nguyễn Thị Lan` -> `N*** T*** L***`, as api/masking.py covers names: a phone lies open on a counter. */
export function maskedName(name: string): string {
  const words = name.normalize('NFC').trim().split(/\s+/u)
  return words.map((word) => (word.length === 1 ? word : `${[...word][0]}***`)).join(' ')
}
