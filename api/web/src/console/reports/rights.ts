import type { Me } from '../../shared/api.gen'

/** What somebody may do with reports, as the service judges it (`allow(...)` of each endpoint). */
export interface ReportRights {
  /** See who took money. */
  settlement: boolean
  sign: boolean
  /** Tell what agencies had in a month. */
  tell: boolean
  /** Set targets. */
  aim: boolean
}

const SETTLEMENT = new Set(['admin', 'dispatcher', 'auditor'])
const TELL = new Set(['admin', 'dispatcher', 'planner'])
const AIM = new Set(['admin', 'planner'])

export const reportRights = (role: Me['role']): ReportRights => ({
  settlement: SETTLEMENT.has(role),
  sign: role === 'dispatcher',
  tell: TELL.has(role),
  aim: AIM.has(role),
})
