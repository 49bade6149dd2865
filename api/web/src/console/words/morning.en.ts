import type { morning as vi } from './morning.vi'

export const morning: typeof vi = {
  nextDay: {
    too_late: (at, day) =>
      `The last wave of today began at ${at}: the day on offer is the next working day, ${day}.`,
    day_off: (day) => `Nobody works today: the day on offer is the next working day, ${day}.`,
    today: (at) => `Today can be planned until ${at}, when its last wave begins.`,
  },
  leftOvers: {
    title: (count) => `Left over from earlier days: ${count} shipments`,
    hint: 'Planned first; what is due first stands in front.',
    loading: 'Loading the list…',
    first: (count, all) => `${count} of ${all} shipments are shown; the others are planned as well.`,
    code: 'Code',
    from: 'From',
    to: 'To',
    ready: 'Ready',
    due: 'Due',
    why: 'Why it was left',
    late: 'overdue',
    attempted: (reason, day) => `Tried on ${day} in vain: ${reason}`,
    attemptedBare: (day) => `Tried on ${day} in vain`,
    noRoom: (detail, day) => `The plan of ${day} left it behind: ${detail}`,
    notDone: (courier, day) => `Given to ${courier} on ${day}, not done`,
    notPlanned: 'In no published plan yet',
  },
  taken: {
    rows: (count) => `Show the ${count} fine rows`,
    first: (count) => `The first ${count} rows are shown.`,
    outcome: { new: 'new', changed: 'changed', same: 'unchanged' },
    became: 'Outcome',
  },
}
