/** What a study is asked for, as its form has it, and as the server takes it. */

export interface Chosen {
  title: string
  day: string
  quick: boolean
  /** Numbers are null while their field is empty. */
  draws: number | null
  pickup: boolean
  online: boolean
  onlinePercent: number | null
  budget: boolean
  k: number | null
  spend: boolean
  /** Millions of đồng a year. */
  spendMillions: number | null
  fuel: boolean
  fuelFactor: number | null
  courier: boolean
  base: string
  merge: boolean
  /** Codes with anything between them. */
  communes: string
  mergeBase: string
  desks: boolean
  /** Lines `QP-AP = BC-AP`. */
  moves: string
  targets: boolean
  /** Lines `QP-AP = 30`; `*` = every other agency. */
  shares: string
  /** coverage.toml; '' = none. */
  settings: string
}

export const NOTHING_CHOSEN: Chosen = {
  title: '',
  day: '',
  quick: false,
  draws: 20,
  pickup: true,
  online: true,
  onlinePercent: 50,
  budget: false,
  k: 5,
  spend: false,
  spendMillions: 50,
  fuel: false,
  fuelFactor: 1.2,
  courier: false,
  base: '',
  merge: false,
  communes: '',
  mergeBase: '',
  desks: false,
  moves: '',
  targets: false,
  shares: '',
  settings: '',
}

export function bodyOf(chosen: Chosen): object {
  const { title, day, quick, draws, settings } = chosen
  return {
    title: title.trim(),
    day,
    quick,
    draws: quick ? 0 : draws,
    settings,
    scenarios: scenariosOf(chosen),
  }
}

/** Each as a `[[scenario]]` of scenarios.toml. */
export interface ScenarioAsked {
  key: string
  title_vi: string
  title_en: string
  change: Record<string, unknown>[]
  targets?: Record<string, number>
}

const inVietnamese = (value: number | null): string => String(value).replace('.', ',')

/** Of a form without faults; targets are looked at today and in every scenario. */
export function scenariosOf(chosen: Chosen): ScenarioAsked[] {
  const found: ScenarioAsked[] = []
  const add = (key: string, title_vi: string, title_en: string, change?: Record<string, unknown>): void => {
    found.push({ key, title_vi, title_en, change: change ? [change] : [] })
  }
  const { onlinePercent, k, spendMillions, fuelFactor } = chosen
  const [base, mergeBase] = [chosen.base.trim(), chosen.mergeBase.trim()]
  if (chosen.targets) add('today', 'Chỉ tiêu với mạng lưới hiện nay', 'Targets with the network of today')
  if (chosen.pickup)
    add('free-pickup', 'Thu gom tại nhà miễn phí', 'Free pickup at home', { kind: 'free_pickup' })
  if (chosen.online)
    add(`online-${onlinePercent}`, `Nộp trực tuyến ${onlinePercent} %`, `${onlinePercent} % filed online`, {
      kind: 'online',
      share: (onlinePercent ?? 0) / 100,
    })
  if (chosen.budget) add(`build-${k}`, `Mở ${k} điểm mới`, `${k} new points`, { kind: 'build', k })
  if (chosen.spend)
    add(
      'spend',
      `Chi không quá ${inVietnamese(spendMillions)} triệu đồng một năm`,
      `Spend at most ${spendMillions} million đồng a year`,
      {
        kind: 'spend',
        dong: Math.round((spendMillions ?? 0) * 1_000_000),
      },
    )
  if (chosen.fuel)
    add('fuel', `Giá xăng × ${inVietnamese(fuelFactor)}`, `Fuel price × ${fuelFactor}`, {
      kind: 'fuel_price',
      factor: fuelFactor,
    })
  if (chosen.courier)
    add('courier-less', `Bớt một bưu tá ở ${base}`, `A courier less at ${base}`, {
      kind: 'fewer_couriers',
      base,
    })
  if (chosen.merge) {
    const communes = codesOf(chosen.communes)
    add(
      'merge',
      `Nhập ${communes.length} xã làm một, ${mergeBase} phục vụ`,
      `${communes.length} communes become one, served by ${mergeBase}`,
      { kind: 'merge', communes, base: mergeBase },
    )
  }
  if (chosen.desks) {
    const moves = pairsOf(chosen.moves)
    add('desks', `Đưa ${moves.length} quầy về bưu cục`, `${moves.length} desks move into posts`, {
      kind: 'move_desks',
      desks: moves.map(({ left }) => left),
      to: moves.map(({ right }) => right),
    })
  }
  if (!chosen.targets) return found
  const targets = Object.fromEntries(pairsOf(chosen.shares).map(({ left, right }) => [left, shareOf(right)]))
  return found.map((one) => ({ ...one, targets }))
}

export interface Pair {
  line: number
  left: string
  right: string
}

/** Lines `left = right`; empty lines are left out. What is no pair has an empty side. */
export function pairsOf(lines: string): Pair[] {
  return lines
    .split('\n')
    .map((text, at) => ({ text, line: at + 1 }))
    .filter(({ text }) => text.trim() !== '')
    .map(({ text, line }) => {
      const [left = '', right = ''] = text.split('=')
      return { line, left: left.trim(), right: right.trim() }
    })
}

export const codesOf = (text: string): string[] => [
  ...new Set(text.split(/[\s,;]+/).filter((code) => code !== '')),
]

/** `30`, `30 %` or `12,5` as a share; NaN = it is none. */
export function shareOf(text: string): number {
  const plain = text.replace('%', '').replace(',', '.').trim()
  return plain === '' ? NaN : Math.round(Number(plain) * 1e4) / 1e6
}
