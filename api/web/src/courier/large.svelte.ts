/** Larger letters and buttons, for wet hands and a screen with drops on it; the phone remembers it. */

const KEY = 'duongthu.courier.large'

let current = $state(localStorage.getItem(KEY) === 'yes')

export const large = {
  get on(): boolean {
    return current
  },
  toggle(): void {
    current = !current
    localStorage.setItem(KEY, current ? 'yes' : 'no')
  },
}
