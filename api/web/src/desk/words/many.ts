/** English counts: one sheet, two sheets. */
export const many = (count: string, one: string): string => `${count} ${one}${count === '1' ? '' : 's'}`
