import type { TotalCost } from '../../shared/api.gen'

/** What the day's driving costs, đồng: the prices of wishes missed and shipments left behind are no money spent. */
export function spent(cost: TotalCost): number {
  return cost.fixed + cost.distance + cost.duration + cost.overtime
}
