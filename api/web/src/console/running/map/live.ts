import { Marker, type LayerSpecification } from 'maplibre-gl'
import type { FeatureCollection } from 'geojson'
import type { Bounds } from '../../../shared/geometry'
import { ofRounds } from '../../map/forward'
import { EMPTY } from '../../map/style'
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

/** Of all rounds, and above them once more of those that are brought forward. */
const DRIVEN = ['driven', 'driven-forward'] as const
const MISSED = ['missed', 'missed-forward'] as const
/** Between the middles of two marks, CSS pixels. */
const GAP = 42

/** The map of rounds with what became of them, and couriers where they were seen last. */
export class LiveMap extends RoundMap {
  private readonly markers = new Map<string, Marker>()
  private marks: readonly Mark[] = []
  private driven = EMPTY
  private missed = EMPTY

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

  /** What is driven of all rounds, and what will be missed or was not done. */
  async showDone(driven: FeatureCollection, missed: FeatureCollection): Promise<void> {
    ;[this.driven, this.missed] = [driven, missed]
    await this.ready
    void this.fill('driven', driven)
    void this.fill('missed', missed)
    this.bringForward()
  }

  protected override bringForward(): void {
    super.bringForward()
    const shown = [this.focus.chosen, this.focus.hovered].filter((id) => id !== null)
    void this.fill('driven-forward', ofRounds(this.driven, shown))
    void this.fill('missed-forward', ofRounds(this.missed, shown))
    this.fade(['driven'], 'line-opacity', shown.length > 0)
    this.fade(['missed'], 'icon-opacity', shown.length > 0)
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
    const { chosen } = this.focus
    marker.getElement().classList.toggle('back', chosen !== null && chosen !== id)
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
    for (const name of [...DRIVEN, ...MISSED]) this.map.addSource(name, { type: 'geojson', data: EMPTY })
    this.map.addLayer(drivenLayer(DRIVEN[0]), 'rounds-casing')
    this.map.addLayer(drivenLayer(DRIVEN[1]), 'hovered-casing')
    for (const name of MISSED) this.map.addLayer(missedLayer(name), 'focus')
  }
}

function drivenLayer(id: string): LayerSpecification {
  return {
    id,
    type: 'line',
    source: id,
    layout: { 'line-cap': 'butt', 'line-join': 'round' },
    paint: { 'line-color': '#5d6b7a', 'line-width': 2.4, 'line-dasharray': [2, 1.5] },
  }
}

function missedLayer(id: string): LayerSpecification {
  return {
    id,
    type: 'symbol',
    source: id,
    layout: {
      'icon-image': ['get', 'badge'],
      'icon-allow-overlap': true,
      'icon-size': ['interpolate', ['linear'], ['zoom'], 8, 0.55, 11, 1],
    },
  }
}
