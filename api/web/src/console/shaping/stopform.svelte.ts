/** A stop that nobody registered, as far as it is filled in. */

import type { CommunePlace, Places, StopWanted } from '../../shared/api.gen'
import { project } from '../../shared/geometry'
import type { Entry } from '../model/search'

export class StopForm {
  action = $state<'collect' | 'deliver'>('collect')
  /** A site of the network; '' = a door with a point. */
  siteId = $state('')
  point = $state.raw<[number, number] | null>(null)
  /** The point is the middle of a commune: no exact place was given. */
  isCentre = $state(false)
  commune = $state('')
  /** Where it goes to or comes from; '' = not said. */
  other = $state('')
  address = $state('')
  name = $state('')
  phone = $state('')
  windows = $state('')
  code = $state('')
  courier = $state('')

  readonly isDoor: boolean = $derived(this.siteId === '')
  readonly isWhole: boolean = $derived(
    (this.siteId !== '' || (this.point !== null && this.commune !== '')) &&
      (this.action === 'deliver' || (this.other !== '' && this.other !== this.siteId)),
  )

  putAt(point: [number, number], places: Places): void {
    this.point = point
    this.siteId = ''
    this.isCentre = false
    this.commune = nearest(places.communes, point)?.code ?? ''
  }

  /** At a site or commune that a search found. */
  putIn(entry: Entry, places: Places): void {
    if (entry.kind === 'site') {
      this.siteId = entry.id
      this.point = null
      return
    }
    const commune = places.communes.find((one) => one.code === entry.id)
    if (!commune) return
    this.siteId = ''
    this.commune = commune.code
    this.point = [...commune.point]
    this.isCentre = true
  }

  /** As the server takes it. */
  get wanted(): StopWanted {
    const where = this.isDoor
      ? { point: this.point, commune_code: this.commune, address: this.address.trim() }
      : { site_id: this.siteId, address: '' }
    return {
      action: this.action,
      ...where,
      other_site: this.other || null,
      code: this.code.trim() || null,
      courier_id: this.courier || null,
      contact_name: this.isDoor ? this.name.trim() : '',
      contact_phone: this.isDoor ? this.phone.trim() : '',
      windows: this.isDoor ? this.windows.trim() : '',
      note: '',
      pieces: 1,
    }
  }
}

/** The commune whose middle is nearest: a guess, as borders are not known. */
export function nearest(
  communes: readonly CommunePlace[],
  point: readonly [number, number],
): CommunePlace | null {
  const [x, y] = project([...point])
  const far = (one: CommunePlace): number => {
    const [cx, cy] = project([...one.point])
    return Math.hypot(cx - x, cy - y)
  }
  return communes.reduce<CommunePlace | null>(
    (best, one) => (best === null || far(one) < far(best) ? one : best),
    null,
  )
}
