import type { Bounds } from '../../shared/geometry'
import { RoundMap } from '../../console/map/webgl'

const NOTHING = { onRound: () => undefined, onHover: () => undefined, onLeft: () => undefined }

/** The console's map without rounds: what lies over it is drawn by the page, wherever the map moves. */
export class PlannerMap extends RoundMap {
  constructor(container: HTMLElement, label: string, bounds: Bounds, onMove: () => void) {
    super(container, label, bounds, NOTHING)
    this.map.on('move', onMove)
    this.map.on('resize', onMove)
    void this.ready.then(onMove)
  }
}
