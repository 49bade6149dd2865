import { GeoJSONSource, Map as GlMap, setWorkerUrl, type GeoJSONFeature } from 'maplibre-gl'
import 'maplibre-gl/dist/maplibre-gl.css'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url'
import type { FeatureCollection } from 'geojson'
import type { BaseMap } from '../../shared/api.gen'
import type { Bounds } from '../../shared/geometry'
import type { Pixel, Surface } from '../shaping/surface'
import { isUnder, under } from './basemap'
import { forward, FORWARD, isSame, NOBODY, type Focus } from './forward'
import { EMPTY, OWN_GROUND, STEPPED_BACK, STYLE, type SourceName } from './style'
import { drawPicture, PICTURE_RATIO } from './symbols'

setWorkerUrl(workerUrl)

export interface MapEvents {
  onRound(id: string, stop: number | null): void
  onHover(id: string | null): void
  onLeft(): void
}

const PADDING = 48
const CLICKABLE = ['stop-numbers', 'stops', 'chosen', 'rounds-casing', 'rounds']

/** The interactive map; the constructor throws where there is no WebGL2. */
export class RoundMap implements Surface {
  protected readonly map: GlMap
  protected readonly ready: Promise<void>
  protected focus = NOBODY
  private readonly calm = matchMedia('(prefers-reduced-motion: reduce)').matches
  private rounds = EMPTY
  private stops = EMPTY
  private readonly drawn = new Map<string, FeatureCollection>()

  constructor(container: HTMLElement, label: string, bounds: Bounds, events: MapEvents) {
    this.map = new GlMap({
      container,
      style: STYLE,
      bounds,
      fitBoundsOptions: { padding: PADDING },
      attributionControl: false,
      locale: { 'Map.Title': label },
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      maxZoom: 17,
      fadeDuration: this.calm ? 0 : 200,
      pixelRatio: Math.min(devicePixelRatio, 2),
    })
    this.map.touchZoomRotate.disableRotation()
    this.map.keyboard.disableRotation()
    this.map.setMissingStyleImageResolver((name) => {
      const picture = drawPicture(name)
      if (picture) this.map.addImage(name, picture, { pixelRatio: PICTURE_RATIO })
    })
    this.ready = new Promise((resolve) => this.map.once('load', () => resolve()))
    void this.ready.then(() => this.begin(events))
  }

  async show(source: SourceName, data: FeatureCollection | null): Promise<void> {
    await this.ready
    await this.fill(source, data ?? EMPTY)
  }

  /** All rounds, and the stops of all, of which the map shows those of the chosen round. */
  async showRounds(rounds: FeatureCollection, stops: FeatureCollection): Promise<void> {
    ;[this.rounds, this.stops] = [rounds, stops]
    await this.show('rounds', rounds)
    this.bringForward()
  }

  /**
   * Lay tiles under everything of ours; gives what they say of themselves. Our own roads stay until the first tile is
   * there, and come back, with `onBroken`, when one fails.
   */
  async lay(base: BaseMap, onBroken: (why: string) => void): Promise<string> {
    await this.ready
    const { sources, layers, attribution } = await under(base)
    const first = OWN_GROUND[0]
    const broken = (why: string): void => {
      this.showOwnGround(true)
      onBroken(why)
    }
    let came = false
    this.map.on('error', (event) => {
      if (isUnder((event as { sourceId?: string }).sourceId)) broken(event.error.message)
    })
    this.map.on('sourcedata', (event) => {
      const hasTile = isUnder(event.sourceId) && event.tile?.state === 'loaded'
      if (hasTile && !came) this.showOwnGround(false)
      came ||= hasTile
    })
    for (const [id, source] of Object.entries(sources)) this.map.addSource(id, source)
    for (const layer of layers) this.map.addLayer(layer, first)
    this.map.once('idle', () => {
      if (!came) broken('no tile has come')
    })
    return attribution
  }

  private showOwnGround(shown: boolean): void {
    for (const layer of OWN_GROUND)
      this.map.setLayoutProperty(layer, 'visibility', shown ? 'visible' : 'none')
  }

  /** Bring one round forward, or two; all of them with nobody. */
  async choose(focus: Focus): Promise<void> {
    this.focus = focus
    await this.ready
    this.bringForward()
  }

  protected bringForward(): void {
    const { chosen, hovered } = this.focus
    const sources = forward(this.rounds, this.stops, this.focus)
    for (const name of FORWARD) void this.fill(name, sources[name])
    this.map.setLayoutProperty('left', 'visibility', chosen === null ? 'visible' : 'none')
    this.fade(['rounds', 'rounds-casing'], 'line-opacity', chosen !== null || hovered !== null)
  }

  protected fade(layers: readonly string[], property: 'line-opacity' | 'icon-opacity', back: boolean): void {
    for (const layer of layers) this.map.setPaintProperty(layer, property, back ? STEPPED_BACK : 1)
  }

  /** Nothing is done when the same is drawn already. */
  protected async fill(name: string, data: FeatureCollection): Promise<void> {
    const found = this.map.getSource(name)
    if (!(found instanceof GeoJSONSource) || isSame(data, this.drawn.get(name))) return
    this.drawn.set(name, data)
    await found.setData(data)
  }

  fit(bounds: Bounds): void {
    this.map.fitBounds(bounds, { padding: PADDING, maxZoom: 14, animate: !this.calm, duration: 600 })
  }

  flyTo(point: [number, number]): void {
    this.map.easeTo({
      center: point,
      zoom: Math.max(this.map.getZoom(), 12),
      animate: !this.calm,
      duration: 600,
    })
  }

  /** Move only when the point is outside the view. */
  reveal(point: [number, number]): void {
    if (!this.map.getBounds().contains(point)) this.map.panTo(point, { animate: !this.calm, duration: 400 })
  }

  zoom(step: 1 | -1): void {
    if (step > 0) this.map.zoomIn({ animate: !this.calm })
    else this.map.zoomOut({ animate: !this.calm })
  }

  toScreen(point: readonly [number, number]): Pixel {
    const { x, y } = this.map.project([...point])
    return [x, y]
  }

  toEarth([x, y]: Pixel): [number, number] {
    const { lng, lat } = this.map.unproject([x, y])
    return [lng, lat]
  }

  remove(): void {
    this.map.remove()
  }

  private begin(events: MapEvents): void {
    this.map.on('click', CLICKABLE, (event) => {
      const hit = hitOf(event.features?.[0])
      if (hit) events.onRound(hit.round, hit.number)
    })
    this.map.on('click', 'left', () => events.onLeft())
    // One look a move: listeners of a layer look for themselves, and once more for what the pointer has left.
    this.map.on('mousemove', (event) =>
      this.pointAt(this.map.queryRenderedFeatures(event.point, { layers: CLICKABLE })[0], events),
    )
    this.map.on('mouseout', () => this.pointAt(undefined, events))
    this.map.getCanvas().dataset.ready = 'yes'
  }

  private pointAt(found: GeoJSONFeature | undefined, events: MapEvents): void {
    this.map.getCanvas().style.cursor = found ? 'pointer' : ''
    events.onHover(hitOf(found)?.round ?? null)
  }
}

function hitOf(found: GeoJSONFeature | undefined): { round: string; number: number | null } | null {
  const properties = found?.properties
  if (!properties) return null
  const number = properties.number as number | undefined
  return { round: properties.round as string, number: number ?? null }
}

/** Fonts must be there before the map measures its first label: letters with and without Vietnamese marks. */
export async function loadLabelFonts(): Promise<void> {
  await Promise.all(
    ['400', '600'].map((weight) => document.fonts.load(`${weight} 14px "Be Vietnam Pro"`, 'aáảãạăâđêôơư0')),
  )
}
