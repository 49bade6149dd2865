import type { Me } from '../../shared/api.gen'

/** What somebody may do here; what they may not is not offered. */
export interface Rights {
  /** Plans are made for whole provinces. */
  see: boolean
  takeIn: boolean
  plan: boolean
  publish: boolean
  /** To act on the running day, and to see where couriers are: they agreed to be seen by dispatchers. */
  watch: boolean
  /** To look at the running day, without where couriers are. */
  oversee: boolean
  /** To print where citizens live. */
  name: boolean
}

const SEE = new Set(['admin', 'dispatcher', 'planner', 'auditor'])
const TAKE_IN = new Set(['admin', 'dispatcher'])
const PLAN = new Set(['admin', 'dispatcher', 'planner'])

/** As the service judges it (`allow(...)` of each endpoint): it says no to whoever asks nevertheless. */
export function rightsOf(me: Me): Rights {
  const see = SEE.has(me.role) && me.offices.length === 0
  return {
    see,
    takeIn: see && TAKE_IN.has(me.role),
    plan: see && PLAN.has(me.role),
    publish: see && TAKE_IN.has(me.role),
    watch: see && me.role === 'dispatcher',
    oversee: see && (me.role === 'dispatcher' || me.role === 'auditor'),
    name: see && me.role === 'dispatcher',
  }
}
