/** UPU S10 identifiers as people type them: spaces and small letters are forgiven, a wrong digit is not. */

const SHAPE = /^[A-Z]{2}[0-9]{9}[A-Z]{2}$/
const WEIGHTS = [8, 6, 4, 2, 3, 5, 9, 7]

/** Of eight digits: weighted sum modulo 11, where 10 becomes 0 and 11 becomes 5. */
export function checkDigit(serial: string): number {
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(serial[at]), 0)
  const rest = 11 - (sum % 11)
  return rest === 10 ? 0 : rest === 11 ? 5 : rest
}

/** The code without spaces; in capitals when it has the form of an S10. */
export function typed(text: string): string {
  const plain = text.replace(/\s/g, '')
  return SHAPE.test(plain.toUpperCase()) ? plain.toUpperCase() : plain
}

/** True for an S10 whose check digit is wrong; a customer's own code has none. */
export function isMistyped(code: string): boolean {
  return SHAPE.test(code) && Number(code[10]) !== checkDigit(code.slice(2, 10))
}
