/** What an operator lays under our own map: tiles of another host, or one file of tiles of this server. */

import { addProtocol, type LayerSpecification, type SourceSpecification } from 'maplibre-gl'
import type { BaseMap } from '../../shared/api.gen'
import { get } from '../../shared/http'

/** Sources and layers that go under everything of ours; all of their ids begin with `base:`. */
export interface Under {
  sources: Record<string, SourceSpecification>
  layers: LayerSpecification[]
  /** As the tiles themselves say it. */
  attribution: string
}

const PREFIX = 'base:'
const QUIET = { land: '#ecebe4', line: '#d3cfc4' }

export const isUnder = (id: string | undefined): boolean => id?.startsWith(PREFIX) ?? false

/** Read what has to be drawn; fails when the style or the file cannot be had. */
export async function under(base: BaseMap): Promise<Under> {
  if (base.kind === 'raster') return pictures({ type: 'raster', tiles: [base.url], tileSize: 256 }, '')
  return base.kind === 'style' ? ofStyle(await get<Style>(base.url), base.url) : ofFile(base.url)
}

export interface Style {
  sources: Record<string, SourceSpecification & { url?: string }>
  layers: (LayerSpecification & { source?: string })[]
}

/** Lines, areas and pictures of a style; its names and signs stay away, for ours are in the page's own letters. */
export function ofStyle(style: Style, address: string): Under {
  const sources = Object.entries(style.sources).map(([name, source]) => [
    PREFIX + name,
    source.url ? { ...source, url: new URL(source.url, address).href } : source,
  ])
  const layers = style.layers
    .filter((one) => ['background', 'fill', 'line', 'raster', 'hillshade'].includes(one.type))
    .map((one) => ({ ...one, id: PREFIX + one.id, ...(one.source && { source: PREFIX + one.source }) }))
  const said = Object.values(style.sources).map((one) => ('attribution' in one && one.attribution) || '')
  return {
    sources: Object.fromEntries(sources) as Under['sources'],
    layers: layers as LayerSpecification[],
    attribution: plain(said.filter(Boolean).join(' ')),
  }
}

async function ofFile(path: string): Promise<Under> {
  const { PMTiles, Protocol, TileType } = await import('pmtiles')
  const address = new URL(path, location.href).href
  const [file, protocol] = [new PMTiles(address), new Protocol()]
  protocol.add(file)
  addProtocol('pmtiles', protocol.tile)
  const [header, metadata] = await Promise.all([file.getHeader(), file.getMetadata()])
  const { attribution, vector_layers } = metadata as {
    attribution?: string
    vector_layers?: readonly { id: string }[]
  }
  const url = `pmtiles://${address}`
  if (header.tileType !== TileType.Mvt) {
    return pictures({ type: 'raster', url, tileSize: 256 }, plain(attribution ?? ''))
  }
  const names = (vector_layers ?? []).map((one) => one.id)
  return {
    sources: { [`${PREFIX}tiles`]: { type: 'vector', url } },
    layers: names.flatMap(quietly),
    attribution: plain(attribution ?? ''),
  }
}

/** A layer of a file without a style: areas and lines in the colours of paper. */
function quietly(name: string): LayerSpecification[] {
  const common = { source: `${PREFIX}tiles`, 'source-layer': name }
  return [
    {
      ...common,
      id: `${PREFIX}${name}-areas`,
      type: 'fill',
      filter: ['==', ['geometry-type'], 'Polygon'],
      paint: { 'fill-color': QUIET.land },
    },
    {
      ...common,
      id: `${PREFIX}${name}-lines`,
      type: 'line',
      filter: ['==', ['geometry-type'], 'LineString'],
      paint: { 'line-color': QUIET.line },
    },
  ]
}

function pictures(source: SourceSpecification, attribution: string): Under {
  const id = `${PREFIX}pictures`
  return { sources: { [id]: source }, layers: [{ id, type: 'raster', source: id }], attribution }
}

/** Credits often come as HTML: only its words are shown. */
export function plain(html: string): string {
  return new DOMParser().parseFromString(html, 'text/html').body.textContent.trim()
}
