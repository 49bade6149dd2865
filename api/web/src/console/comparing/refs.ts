/** What is compared, as an address names it: `PLAN@VERSION..PLAN`. */

export interface PlanRef {
  plan: string
  /** An earlier one of the plan; null = as it is now. */
  version: number | null
}

export interface Pair {
  before: PlanRef
  after: PlanRef
}

const REF = /^([\w-]+)(?:@([1-9]\d*))?$/u

/** Null = it names no two plans. */
export function readPair(text: string | null): Pair | null {
  const [before, after, ...rest] = (text ?? '').split('..').map(readRef)
  return before && after && rest.length === 0 ? { before, after } : null
}

export function writePair({ before, after }: Pair): string {
  return `${writeRef(before)}..${writeRef(after)}`
}

function readRef(text: string): PlanRef | null {
  const found = REF.exec(text)
  return found?.[1] ? { plan: found[1], version: found[2] ? Number(found[2]) : null } : null
}

function writeRef({ plan, version }: PlanRef): string {
  return version === null ? plan : `${plan}@${version}`
}
