"""A plan in the formats of other programs: GeoJSON for maps, GPX for the phone on the handlebar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

from api.network.model import Network
from api.plans.schemas import Plan, PlannedRoute, PlannedStop, Position
from api.shipments.model import ShipmentList

GPX_NAMESPACE = "http://www.topografix.com/GPX/1/1"


def position_of(stop: PlannedStop, network: Network) -> Position:
    """Where a planned stop is, degrees."""
    if stop.point is not None:
        return stop.point
    site = network.site(stop.site_id or "")
    return site.lon, site.lat


def plan_geojson(plan: Plan, network: Network, shipments: ShipmentList) -> dict[str, Any]:
    """
    Draw a plan as one GeoJSON FeatureCollection.

    Each feature says in its property `feature` what it is: a `trip` (LineString along the roads), a `stop`, or an
    `unassigned` shipment (Point at the citizen's or the desk's end that it waits for).
    """
    features = [
        *(feature for route in plan.routes for feature in _route_features(route, network)),
        *_unassigned_features(plan, shipments),
    ]
    about = {
        "plan_id": plan.plan_id,
        "version": plan.version,
        "day": plan.network.valid_on.isoformat(),
        "synthetic_roads": plan.network.roads.synthetic,
    }
    return {"type": "FeatureCollection", "properties": about, "features": features}


def _route_features(route: PlannedRoute, network: Network) -> Iterator[dict[str, Any]]:
    number = 0
    for index, trip in enumerate(route.trips, 1):
        whose = {"courier_id": route.courier_id, "base_id": route.base_id, "vehicle": route.vehicle, "trip": index}
        line = {"type": "LineString", "coordinates": [list(position) for position in trip.path.coordinates]}
        times = {"departs": trip.departs.isoformat(), "returns": trip.returns.isoformat(), "distance": trip.distance}
        yield _feature("trip", line, {**whose, **times})
        for stop in trip.stops:
            number += 1
            facts = {
                "number": number,
                "site_id": stop.site_id,
                "arrives": stop.arrives.isoformat(),
                "starts": stop.starts.isoformat(),
                "leaves": stop.leaves.isoformat(),
                "slack": stop.slack,
                "shipments": [task.shipment for task in stop.tasks],
            }
            yield _feature("stop", _point(position_of(stop, network)), {**whose, **facts})


def _unassigned_features(plan: Plan, shipments: ShipmentList) -> Iterator[dict[str, Any]]:
    by_code = {shipment.code: shipment for shipment in shipments.shipments}
    for left in plan.unassigned:
        shipment = by_code[left.shipment]
        end = shipment.dest if shipment.dest.site_id is None else shipment.origin
        reasons = [{"constraint": r.constraint, "vi": r.detail.vi, "en": r.detail.en} for r in left.reasons]
        facts = {"shipment": left.shipment, "must_go": left.must_go, "reasons": reasons}
        yield _feature("unassigned", _point((end.lon, end.lat)), facts)


def _feature(kind: str, geometry: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": {"feature": kind, **properties}}


def _point(position: Position) -> dict[str, Any]:
    return {"type": "Point", "coordinates": list(position)}


def round_gpx(plan: Plan, route: PlannedRoute, network: Network) -> str:
    """
    Write one round as GPX 1.1: a waypoint a stop, a track segment a trip.

    References
    ----------
    .. [1] GPX 1.1 schema documentation. https://www.topografix.com/GPX/1/1/
    """
    gpx = ET.Element("gpx", {"xmlns": GPX_NAMESPACE, "version": "1.1", "creator": plan.software})
    metadata = ET.SubElement(gpx, "metadata")
    _text(metadata, "name", f"{plan.plan_id}/v{plan.version}/{route.courier_id}")
    if plan.network.roads.synthetic:
        _text(metadata, "desc", "Mạng đường tổng hợp, không phải đường thật / synthetic roads, not real ones")
    _text(metadata, "time", _utc(plan.created_at))
    stops = [stop for trip in route.trips for stop in trip.stops]
    for number, stop in enumerate(stops, 1):
        _waypoint(gpx, number, stop, network)
    track = ET.SubElement(gpx, "trk")
    _text(track, "name", f"{route.courier_id} {plan.network.valid_on.isoformat()}")
    for trip in route.trips:
        segment = ET.SubElement(track, "trkseg")
        for position in trip.path.coordinates:
            ET.SubElement(segment, "trkpt", _lat_lon(position))
    ET.indent(gpx)
    return ET.tostring(gpx, encoding="unicode", xml_declaration=True) + "\n"


def _waypoint(gpx: ET.Element, number: int, stop: PlannedStop, network: Network) -> None:
    waypoint = ET.SubElement(gpx, "wpt", _lat_lon(position_of(stop, network)))
    _text(waypoint, "time", _utc(stop.starts))
    place = network.site(stop.site_id).name if stop.site_id is not None else ""
    _text(waypoint, "name", f"{number:02d} {place}".strip())
    _text(waypoint, "desc", ", ".join(f"{task.action.value} {task.shipment}" for task in stop.tasks))


def _text(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = text


def _lat_lon(position: Position) -> dict[str, str]:
    return {"lat": f"{position[1]:.6f}", "lon": f"{position[0]:.6f}"}


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
