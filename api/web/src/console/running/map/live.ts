import { GeoJSONSource, Marker } from 'maplibre-gl'
import type { FeatureCollection } from 'geojson'
import type { Bounds } from '../../../shared/geometry'
import { EMPTY, roundOpacity } from '../../map/style'
import { RoundMap, type MapEvents } from '../../map/webgl'
import { spread } from '../model/spread'

/** A courier on the map. */
export interface Mark {
  id: string
  at: [number, number]
  initials: string
  /** What is read out, and shown on hovering. */
  label: string
  color: string
  old: boolean
  level: 'ok' | 'warn' | 'bad'
}

const SOURCES = ['driven', 'missed'] as const
/** Between the middles of two marks, CSS pixels. */
const GAP = 42

/** The map of rounds with what became of them, and couriers where they were seen last. */
export class LiveMap extends RoundMap {
  private readonly markers = new Map<string, Marker>()
  private marks: readonly Mark[] = []
  private chosenId: string | null = null

  constructor(
    container: HTMLElement,
    label: string,
    bounds: Bounds,
    private readonly events: MapEvents,
  ) {
    super(container, label, bounds, events)
    void this.ready.then(() => this.addLayers())
    this.map.on('zoomend', () => this.place())
  }

  async draw(source: (typeof SOURCES)[number], data: FeatureCollection): Promise<void> {
    await this.ready
    const found = this.map.getSource(source)
    if (found instanceof GeoJSONSource) await found.setData(data)
  }

  override async choose(id: string | null, stop: number | null, hovered: string | null): Promise<void> {
    await super.choose(id, stop, hovered)
    this.map.setPaintProperty('driven', 'line-opacity', roundOpacity(id, hovered))
    this.map.setPaintProperty('missed', 'icon-opacity', roundOpacity(id, hovered))
    this.chosenId = id
    for (const [of, marker] of this.markers) this.step(of, marker)
  }

  /** Show couriers; only what is different is touched. */
  mark(marks: readonly Mark[]): void {
    this.marks = marks
    const ids = new Set(marks.map((one) => one.id))
    for (const [id, marker] of this.markers) {
      if (ids.has(id)) continue
      marker.remove()
      this.markers.delete(id)
    }
    for (const one of marks) this.dress(this.markers.get(one.id) ?? this.add(one), one)
    this.place()
  }

  /** Others step back while one is chosen. */
  private step(id: string, marker: Marker): void {
    marker.getElement().classList.toggle('back', this.chosenId !== null && this.chosenId !== id)
  }

  private add(mark: Mark): Marker {
    const element = document.createElement('button')
    element.type = 'button'
    element.addEventListener('click', (event) => {
      event.stopPropagation()
      this.events.onRound(mark.id, null)
    })
    const marker = new Marker({ element }).setLngLat(mark.at).addTo(this.map)
    this.markers.set(mark.id, marker)
    this.step(mark.id, marker)
    return marker
  }

  private dress(marker: Marker, mark: Mark): void {
    const element = marker.getElement()
    const old = mark.old ? 'yes' : 'no'
    marker.setLngLat(mark.at)
    if (element.textContent !== mark.initials) element.textContent = mark.initials
    element.classList.add('courier-mark')
    Object.assign(element.dataset, { courierMark: mark.id, old, level: mark.level })
    element.style.setProperty('--color', mark.color)
    if (element.title === mark.label) return
    element.title = mark.label
    element.setAttribute('aria-label', mark.label)
  }

  private place(): void {
    const offsets = spread(
      this.marks.map((one) => this.map.project(one.at)),
      GAP,
    )
    this.marks.forEach((one, index) => {
      const by = offsets[index]
      if (by) this.markers.get(one.id)?.setOffset([by.x, by.y])
    })
  }

  private addLayers(): void {
    for (const name of SOURCES) this.map.addSource(name, { type: 'geojson', data: EMPTY })
    this.map.addLayer(
      {
        id: 'driven',
        type: 'line',
        source: 'driven',
        layout: { 'line-cap': 'butt', 'line-join': 'round' },
        paint: { 'line-color': '#5d6b7a', 'line-width': 2.4, 'line-dasharray': [2, 1.5] },
      },
      'rounds-casing',
    )
    this.map.addLayer(
      {
        id: 'missed',
        type: 'symbol',
        source: 'missed',
        layout: {
          'icon-image': ['get', 'badge'],
          'icon-allow-overlap': true,
          'icon-size': ['interpolate', ['linear'], ['zoom'], 8, 0.55, 11, 1],
        },
      },
      'focus',
    )
  }
}
