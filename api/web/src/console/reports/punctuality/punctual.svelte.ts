/** What the report of punctuality shows: both parts, a line over time, a map, and one grouping. */

import type { CommuneShapes, PunctualityReport } from '../../../shared/api.gen'
import type { Account } from '../../account/account.svelte'
import type { Asking, Narrowed } from '../asking'
import { Loaded } from '../loaded.svelte'
import { stepOf } from '../period'
import type { Wanted } from '../wanted'

export interface Shown {
  /** What it answers; the address may be further by now. */
  wanted: Wanted
  parts: { agency: PunctualityReport; post: PunctualityReport }
  time: PunctualityReport
  communes: PunctualityReport
  groups: PunctualityReport
  shapes: CommuneShapes
}

export class Punctual {
  readonly shown: Loaded<Shown>
  /** What agencies and communes are called, of all answers so far: "agency CQ1". */
  names = $state.raw<Readonly<Record<string, string>>>({})
  /** Of the day of the network that was asked for last. */
  private shapes: { day: string; asked: Promise<CommuneShapes> } | null = null

  constructor(
    account: Account,
    private readonly asking: Asking,
  ) {
    this.shown = new Loaded(account)
  }

  load(wanted: Wanted): Promise<void> {
    const of: Narrowed = wanted
    const { punctuality } = this.asking
    return this.shown.load(async () => {
      const [agency, post, time, communes, groups, shapes] = await Promise.all([
        punctuality({ ...of, part: 'agency' }, 'all'),
        punctuality({ ...of, part: 'post' }, 'all'),
        punctuality(of, stepOf(wanted)),
        punctuality(of, 'commune'),
        punctuality(of, wanted.by),
        this.shapesOn(wanted.last),
      ])
      this.names = { ...this.names, ...called(communes), ...called(groups) }
      return { wanted, parts: { agency, post }, time, communes, groups, shapes }
    })
  }

  /** Asked for once; after a failure again. */
  private shapesOn(day: string): Promise<CommuneShapes> {
    if (this.shapes?.day === day) return this.shapes.asked
    const asked = this.asking.shapes(day)
    this.shapes = { day, asked }
    asked.catch(() => (this.shapes = null))
    return asked
  }
}

const called = ({ by, groups }: PunctualityReport): Record<string, string> =>
  Object.fromEntries(groups.map((one) => [`${by} ${one.group}`, one.name ?? one.group ?? '']))
