import type { Feature, Point } from 'geojson'
import type { Bounds } from '../../shared/geometry'
import { RoundMap } from '../../console/map/webgl'
import type { Mark } from '../model/marks'

const NOTHING = { onRound: () => undefined, onHover: () => undefined, onLeft: () => undefined }
const CLEAR = 'kept-clear'
const AROUND = [
  'top',
  'bottom',
  'left',
  'right',
  'top-left',
  'top-right',
  'bottom-left',
  'bottom-right',
] as const

/** The console's map without rounds: what lies over it is drawn by the page, wherever the map moves. */
export class PlannerMap extends RoundMap {
  constructor(container: HTMLElement, label: string, bounds: Bounds, onMove: () => void) {
    super(container, label, bounds, NOTHING)
    this.map.on('move', onMove)
    this.map.on('resize', onMove)
    void this.ready.then(onMove)
    void this.ready.then(() => this.makeRoom())
  }

  /** Names of communes move out of the way of marks, or are left out. */
  async keepClear(marks: readonly Mark[]): Promise<void> {
    await this.ready
    const features = marks.map(({ position, radius }): Feature<Point> => ({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [...position] },
      properties: { side: 2 * radius },
    }))
    await this.fill(CLEAR, { type: 'FeatureCollection', features })
  }

  /** Pictures that nobody sees, of the size of the marks: the map keeps its names off pictures. */
  private makeRoom(): void {
    this.map.addImage(CLEAR, { width: 1, height: 1, data: new Uint8Array(4) })
    this.map.addSource(CLEAR, { type: 'geojson', data: { type: 'FeatureCollection', features: [] } })
    this.map.addLayer({
      id: CLEAR,
      type: 'symbol',
      source: CLEAR,
      layout: {
        'icon-image': CLEAR,
        'icon-size': ['get', 'side'],
        'icon-padding': 0,
        'icon-allow-overlap': true,
      },
    })
    this.map.setLayoutProperty('communes', 'text-variable-anchor', ['center', ...AROUND])
    this.map.setLayoutProperty('communes', 'text-padding', 1)
  }
}
