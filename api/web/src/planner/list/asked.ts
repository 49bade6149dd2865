/** What a study is asked for, as its form has it, and as the server takes it. */

export interface Chosen {
  title: string
  day: string
  quick: boolean
  draws: number
  pickup: boolean
  online: boolean
  onlinePercent: number
  budget: boolean
  k: number
  fuel: boolean
  fuelFactor: number
  courier: boolean
  base: string
  desks: boolean
  /** Lines `QP-AP = BC-AP`. */
  moves: string
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
  fuel: false,
  fuelFactor: 1.2,
  courier: false,
  base: '',
  desks: false,
  moves: '',
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
}

export function scenariosOf(chosen: Chosen): ScenarioAsked[] {
  const found: ScenarioAsked[] = []
  const add = (key: string, title_vi: string, title_en: string, change: Record<string, unknown>): void => {
    found.push({ key, title_vi, title_en, change: [change] })
  }
  const { onlinePercent, k, fuelFactor, base } = chosen
  if (chosen.pickup)
    add('free-pickup', 'Nhận hồ sơ tại nhà miễn phí', 'Free pickup at home', { kind: 'free_pickup' })
  if (chosen.online)
    add(`online-${onlinePercent}`, `Nộp trực tuyến ${onlinePercent} %`, `${onlinePercent} % filed online`, {
      kind: 'online',
      share: onlinePercent / 100,
    })
  if (chosen.budget) add(`build-${k}`, `Mở ${k} điểm mới`, `${k} new points`, { kind: 'build', k })
  if (chosen.fuel)
    add('fuel', `Giá xăng × ${fuelFactor}`, `Fuel price × ${fuelFactor}`, {
      kind: 'fuel_price',
      factor: fuelFactor,
    })
  if (chosen.courier)
    add('courier-less', `Bớt một bưu tá ở ${base.trim()}`, `A courier less at ${base.trim()}`, {
      kind: 'fewer_couriers',
      base: base.trim(),
    })
  if (chosen.desks) {
    const moves = movesOf(chosen.moves)
    add('desks', `Đưa ${moves.length} quầy về bưu cục`, `${moves.length} desks move into posts`, {
      kind: 'move_desks',
      desks: moves.map(([desk]) => desk),
      to: moves.map(([, post]) => post),
    })
  }
  return found
}

/** What is no pair is sent as it is: the server says what is wrong with it. */
export function movesOf(lines: string): [string, string][] {
  return lines
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [desk = '', post = ''] = line.split('=')
      return [desk.trim(), post.trim()]
    })
}
