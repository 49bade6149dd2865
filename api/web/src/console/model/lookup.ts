import type { CommunePlace, CourierFacts, Places, ShipmentFacts, SitePlace } from '../../shared/api.gen'

/** The places of a plan by their keys. */
export interface Lookup {
  sites: Map<string, SitePlace>
  couriers: Map<string, CourierFacts>
  communes: Map<string, CommunePlace>
  shipments: Map<string, ShipmentFacts>
}

export function lookup(places: Places): Lookup {
  return {
    sites: new Map(places.sites.map((site) => [site.site_id, site])),
    couriers: new Map(places.couriers.map((courier) => [courier.courier_id, courier])),
    communes: new Map(places.communes.map((commune) => [commune.code, commune])),
    shipments: new Map(places.shipments.map((shipment) => [shipment.code, shipment])),
  }
}
