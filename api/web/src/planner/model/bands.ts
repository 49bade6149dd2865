/** How far a post is, as the map shows it: a colour for each limit, another shape beyond the main one. */

import type { CoverageStudy } from '../../shared/api.gen'

export type Band = number | 'no way'
export type Shape = 'disc' | 'triangle' | 'diamond'

const COLORS = ['#0f5c4d', '#5fa88f', '#e0a030', '#b5460f']
export const NO_WAY = { fill: '#ffffff', edge: '#a3231a' }

export const limitsOf = (study: CoverageStudy): number[] => study.limits_minutes.toSorted((a, b) => a - b)

/** 0 = within the first limit; as many as there are limits = beyond all. */
export function bandOf(study: CoverageStudy, seconds: number | null): Band {
  return seconds === null ? 'no way' : limitsOf(study).filter((limit) => seconds > limit * 60).length
}

export function lookOf(study: CoverageStudy, band: Band): { shape: Shape; fill: string; edge: string } {
  if (band === 'no way') return { shape: 'diamond', ...NO_WAY }
  const main = limitsOf(study).indexOf(study.main_minutes)
  return {
    shape: band <= main ? 'disc' : 'triangle',
    fill: COLORS[Math.min(band, COLORS.length - 1)] as string,
    edge: '#ffffff',
  }
}

/** SVG path data of a shape around the origin. */
export function pathOf(shape: Shape, radius: number): string {
  const r = Math.round(radius * 10) / 10
  if (shape === 'disc') return `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`
  if (shape === 'triangle') return `M0 ${-1.25 * r}L${1.25 * r} ${r}L${-1.25 * r} ${r}Z`
  return `M0 ${-1.35 * r}L${1.35 * r} 0L0 ${1.35 * r}L${-1.35 * r} 0Z`
}

export const radiusOf = (people: number, most: number): number =>
  4 + 6 * Math.sqrt(people / Math.max(1, most))
