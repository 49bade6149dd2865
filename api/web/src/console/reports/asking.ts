import type { Caller } from '../../device/sender'
import type {
  By,
  CommuneShapes,
  CountedShipments,
  Part,
  PunctualityReport,
  Settled,
  SettlementList,
  ShareReport,
  SignOff,
  Standing,
} from '../../shared/api.gen'
import { answered, ask, post } from '../../shared/asking'
import type { Days } from './period'

/** Which promises are counted. */
export interface Narrowed extends Days {
  part: Part
  agency: string | null
  commune: string | null
}

const REPORTS = '/api/v1/reports'
const SETTLEMENT = '/api/v1/settlement'

const put = (call: Caller, path: string, content: object): Promise<void> =>
  ask(call, path, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(content),
  })

const period = ({ first, last }: Days): Record<string, string> => ({ first_day: first, last_day: last })

const narrowed = (of: Narrowed): Record<string, string> => ({
  ...period(of),
  part: of.part,
  ...(of.agency !== null && { agency: of.agency }),
  ...(of.commune !== null && { commune: of.commune }),
})

/** Questions of one province. */
export class Asking {
  constructor(
    private readonly call: Caller,
    private readonly province: string,
  ) {}

  punctuality = (of: Narrowed, by: By): Promise<PunctualityReport> =>
    ask(this.call, this.path(`${REPORTS}/punctuality`, { ...narrowed(of), by }))

  shipments = (of: Narrowed, state: Standing, skip: number, leg: string | null): Promise<CountedShipments> =>
    ask(
      this.call,
      this.path(`${REPORTS}/punctuality/shipments`, {
        ...narrowed(of),
        state,
        skip: String(skip),
        ...(leg !== null && { leg }),
      }),
    )

  shapes = (on: string): Promise<CommuneShapes> => ask(this.call, this.path(`${REPORTS}/communes`, { on }))

  share = (days: Days): Promise<ShareReport> =>
    ask(this.call, this.path(`${REPORTS}/postal-share`, period(days)))

  tellMonth = (site: string, month: string, told: { received: number; returned: number }): Promise<void> =>
    put(this.call, this.path(`${REPORTS}/agency-months/${encodeURIComponent(site)}/${month}`), told)

  setTarget = (
    site: string,
    quarter: string,
    aimed: { dossier_percent: number | null; result_percent: number | null },
  ): Promise<void> =>
    put(this.call, this.path(`${REPORTS}/share-targets/${encodeURIComponent(site)}/${quarter}`), aimed)

  settlement = (days: Days): Promise<SettlementList> => ask(this.call, this.path(SETTLEMENT, period(days)))

  signOff = ({ day, kind, taker }: Settled, counted: SignOff): Promise<Settled> =>
    post(this.call, this.path(`${SETTLEMENT}/${day}/${kind}/${encodeURIComponent(taker)}`), counted)

  punctualityBook = (of: Narrowed, by: By): Promise<void> =>
    this.keep(`${REPORTS}/punctuality.xlsx`, { ...narrowed(of), by })
  monthlyBook = (month: string): Promise<void> => this.keep(`${REPORTS}/monthly.xlsx`, { month })
  shareBook = (days: Days): Promise<void> => this.keep(`${REPORTS}/postal-share.xlsx`, period(days))
  settlementBook = (days: Days): Promise<void> => this.keep(`${SETTLEMENT}/sheet.xlsx`, period(days))

  private path(path: string, more: Record<string, string> = {}): string {
    return `${path}?${new URLSearchParams({ ...more, province: this.province })}`
  }

  /** Let the browser keep a workbook, under the name that the server gives it. */
  private async keep(path: string, more: Record<string, string>): Promise<void> {
    const answer = await answered(this.call, this.path(path, more), {})
    const name = /filename="([^"]+)"/u.exec(answer.headers.get('Content-Disposition') ?? '')?.[1]
    const link = document.createElement('a')
    link.href = URL.createObjectURL(await answer.blob())
    link.download = name ?? 'report.xlsx'
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
  }
}
