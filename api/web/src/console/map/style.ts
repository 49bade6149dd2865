import type {
  ExpressionSpecification,
  FilterSpecification,
  LayerSpecification,
  StyleSpecification,
} from 'maplibre-gl'
import type { FeatureCollection } from 'geojson'
import { FORWARD } from './forward'
import { SYMBOL_ORDER } from './symbols'

export const REGULAR = ['Be Vietnam Pro', 'Be Vietnam Pro']

export const MAIN_ROADS = ['motorway', 'trunk', 'primary', 'secondary']
export const SOURCES = [
  'areas',
  'roads',
  'communes',
  'sites',
  'rounds',
  ...FORWARD,
  'left',
  'marked',
] as const
export type SourceName = (typeof SOURCES)[number]

export const EMPTY: FeatureCollection = { type: 'FeatureCollection', features: [] }

const COLORS = {
  ground: '#f6f4ee',
  outline: '#b3ada0',
  mainRoad: '#c9bfa8',
  road: '#dcd6c8',
  ferry: '#3f7fae',
  label: '#4b5560',
  halo: '#fbfaf7',
}

/** Width by zoom: thin over the province, wide in a town. */
function width(far: number, near: number): ExpressionSpecification {
  return ['interpolate', ['exponential', 1.4], ['zoom'], 8, far, 13, near]
}

const isMain: FilterSpecification = ['in', ['get', 'road_class'], ['literal', MAIN_ROADS]]
const isFerry: FilterSpecification = ['==', ['get', 'road_class'], 'ferry']

const ground: LayerSpecification[] = [
  { id: 'ground', type: 'background', paint: { 'background-color': COLORS.ground } },
  {
    id: 'areas',
    type: 'line',
    source: 'areas',
    paint: { 'line-color': COLORS.outline, 'line-width': 0.8, 'line-dasharray': [3, 3] },
  },
  {
    id: 'roads',
    type: 'line',
    source: 'roads',
    filter: ['all', ['!', isMain], ['!', isFerry]] as FilterSpecification,
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: { 'line-color': COLORS.road, 'line-width': width(0.9, 3) },
  },
  {
    id: 'main-roads',
    type: 'line',
    source: 'roads',
    filter: isMain,
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: { 'line-color': COLORS.mainRoad, 'line-width': width(1.8, 6) },
  },
  {
    id: 'ferries',
    type: 'line',
    source: 'roads',
    filter: isFerry,
    paint: { 'line-color': COLORS.ferry, 'line-width': width(1.4, 3), 'line-dasharray': [2, 2] },
  },
]

const OFFSET = width(1, 3.5)

function lines(source: 'rounds' | 'hovered'): LayerSpecification[] {
  return [
    {
      id: `${source}-casing`,
      type: 'line',
      source,
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': '#ffffff', 'line-width': width(3.4, 8), 'line-offset': OFFSET },
    },
    {
      id: source,
      type: 'line',
      source,
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': ['get', 'color'], 'line-width': width(1.9, 5), 'line-offset': OFFSET },
    },
  ]
}

const traffic: LayerSpecification[] = [
  ...lines('rounds'),
  ...lines('hovered'),
  {
    id: 'chosen-casing',
    type: 'line',
    source: 'chosen',
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: { 'line-color': '#ffffff', 'line-width': width(7, 13), 'line-offset': OFFSET },
  },
  {
    id: 'chosen',
    type: 'line',
    source: 'chosen',
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: { 'line-color': ['get', 'color'], 'line-width': width(4, 9), 'line-offset': OFFSET },
  },
  {
    id: 'arrows',
    type: 'symbol',
    source: 'chosen',
    layout: {
      'symbol-placement': 'line',
      'symbol-spacing': 70,
      'icon-image': 'arrow',
      'icon-allow-overlap': true,
      'icon-size': 0.9,
      'icon-padding': 0,
      'icon-offset': [0, 1.5],
    },
  },
]

const places: LayerSpecification[] = [
  {
    id: 'communes',
    type: 'symbol',
    source: 'communes',
    minzoom: 8.5,
    layout: {
      'text-field': ['get', 'name'],
      'text-font': REGULAR,
      'text-max-width': 8,
      'text-padding': 6,
      'text-size': ['interpolate', ['linear'], ['zoom'], 9, 11, 13, 14],
      'text-variable-anchor': ['top', 'bottom', 'left', 'right'],
      'text-radial-offset': 0.9,
    },
    paint: { 'text-color': COLORS.label, 'text-halo-color': COLORS.halo, 'text-halo-width': 1.6 },
  },
  {
    id: 'sites',
    type: 'symbol',
    source: 'sites',
    layout: {
      'icon-image': ['get', 'symbol'],
      'icon-size': ['interpolate', ['linear'], ['zoom'], 7, 0.4, 9, 0.7, 12, 1],
      'icon-allow-overlap': ['step', ['zoom'], false, 11, true] as unknown as boolean,
      'icon-padding': 0,
      'icon-ignore-placement': true, // a label may cover them, never a base
      'symbol-sort-key': ['index-of', ['get', 'symbol'], ['literal', SYMBOL_ORDER]],
    },
  },
  {
    id: 'bases',
    type: 'symbol',
    source: 'sites',
    filter: ['in', ['get', 'symbol'], ['literal', ['hub', 'base']]],
    layout: {
      'symbol-sort-key': ['case', ['==', ['get', 'symbol'], 'hub'], 1, 0],
      'icon-image': ['get', 'symbol'],
      'icon-allow-overlap': true,
      'icon-size': ['interpolate', ['linear'], ['zoom'], 7, 0.6, 9, 0.8, 12, 1],
    },
  },
  {
    id: 'left',
    type: 'symbol',
    source: 'left',
    layout: {
      'icon-image': ['get', 'picture'],
      'icon-allow-overlap': true,
      'icon-ignore-placement': true,
      'icon-offset': [10, -10],
      'icon-size': ['interpolate', ['linear'], ['zoom'], 8, 0.7, 11, 1],
      'symbol-sort-key': ['case', ['get', 'mustGo'], 1, 0],
    },
  },
  {
    id: 'stops',
    type: 'circle',
    source: 'stops',
    paint: {
      'circle-radius': 4.5,
      'circle-color': ['get', 'color'],
      'circle-stroke-color': '#ffffff',
      'circle-stroke-width': 2,
    },
  },
  {
    // Where stops lie close, the earlier number is shown; the others are dots until one looks closer.
    id: 'stop-numbers',
    type: 'symbol',
    source: 'stops',
    layout: { 'icon-image': ['get', 'badge'], 'icon-padding': 0, 'symbol-sort-key': ['get', 'number'] },
  },
  {
    id: 'marked-casing',
    type: 'circle',
    source: 'marked',
    paint: {
      'circle-radius': width(6, 13),
      'circle-opacity': 0,
      'circle-stroke-color': '#ffffff',
      'circle-stroke-width': 5,
    },
  },
  {
    id: 'marked',
    type: 'circle',
    source: 'marked',
    paint: {
      'circle-radius': width(7, 14),
      'circle-color': '#f5b321',
      'circle-opacity': 0.25,
      'circle-stroke-color': '#0d2b45',
      'circle-stroke-width': 2.5,
    },
  },
  {
    id: 'focus',
    type: 'circle',
    source: 'focus',
    paint: {
      'circle-radius': 15,
      'circle-color': '#ffffff',
      'circle-stroke-color': '#0d2b45',
      'circle-stroke-width': 3,
    },
  },
  {
    id: 'focus-number',
    type: 'symbol',
    source: 'focus',
    layout: { 'icon-image': ['get', 'badge'], 'icon-allow-overlap': true },
  },
]

/** The map as data: no server of tiles, glyphs or sprites is asked. */
export const STYLE: StyleSpecification = {
  version: 8,
  transition: { duration: 0, delay: 0 }, // each step of it would draw the whole map anew
  sources: Object.fromEntries(SOURCES.map((name) => [name, { type: 'geojson', data: EMPTY }])),
  layers: [...ground, ...traffic, ...places],
}

/** What a base map takes the place of, the lowest first; names of communes stay. */
export const OWN_GROUND = ['areas', 'roads', 'main-roads', 'ferries']

/** Of all rounds, while one of them is brought forward. */
export const STEPPED_BACK = 0.16
