import type { road as vietnamese } from './road.vi'

export const road: typeof vietnamese = {
  settled: {
    title: 'Cash signed for by the dispatcher',
    of: (day: string) => `Day ${day}`,
    unknown: 'The server could not be asked yet.',
    nothing: 'The server has no money taken by you in the last seven days.',
    heard: (when: string) => `By the server at ${when}`,
    open: (amount: string) => `Nobody has signed yet. To be handed in: ${amount}.`,
    signed: (name: string, when: string) => `${name} signed at ${when}`,
    again: (number: string) => `Sign-off ${number}, in the place of those before.`,
    due: 'To be handed in',
    handed: 'Handed in',
    less: (amount: string) => `${amount} too little`,
    more: (amount: string) => `${amount} too much`,
    because: (note: string) => `Reason: ${note}`,
    changed: (signed: string, now: string) =>
      `More came in after the signature: ${signed} were due when it was signed, now ${now}. Ask the dispatcher to sign again.`,
    differs: (mine: string, theirs: string) =>
      `The sums differ: this phone says ${mine}, the server ${theirs}. Compare with the dispatcher.`,
  },
  map: {
    title: 'Map of the round',
    open: 'Map',
    list: 'See the list of stops',
    tools: 'Zoom in and out; arrow keys move',
    closer: 'Zoom in',
    wider: 'Zoom out',
    fit: 'Whole round',
    follow: 'Follow me',
    away: (distance: string) => `${distance} away in a straight line`,
    told: (stops: string, done: string, next: string) =>
      `Map of the round: ${stops} stops, ${done} done.${next ? ` Next: ${next}.` : ''} The list of stops tells the same.`,
  },
  begun: {
    at: (time: string) => `Begun at ${time}, not yet recorded`,
    resume: 'Go on',
    drop: 'Discard',
    dropAll: 'Discard what was begun',
    sure: 'Discard it for good? Signatures, pictures and words are lost.',
    yes: 'Discard',
    no: 'Keep',
  },
}
