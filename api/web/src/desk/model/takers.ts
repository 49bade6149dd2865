/** Who may take a result, by the policy of its procedure. */

export const RELATIONS = [
  'self', 'legal_representative', 'authorised', 'household',
] as const // prettier-ignore

/** How many of them, the strictest first. */
const TAKERS: Record<string, number> = { self: 2, authorised: 3, household: 4 }

export function relationsFor(policy: string): readonly string[] {
  return RELATIONS.slice(0, TAKERS[policy] ?? TAKERS['self'])
}
