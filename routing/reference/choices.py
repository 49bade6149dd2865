"""
Choices: who may do a bundle, what leaving it costs, which two belong together, what is wished for, what is frozen.

Wishes (couriers in their communes, the published plan) are a dimension with one vector a courier, paid at its end: on
the arcs they would need one matrix a courier.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from routing.model import FOREVER, FrozenRoute
from routing.reference.bundles import Bundle
from routing.reference.frame import HORIZON, Frame

GATE_PRICE = 1
"""Of leaving out a gate: enough that a courier who drives keeps it, too little to make one drive."""


def add_choices(frame: Frame, time: Any) -> None:
    """Add permissions, prices of leaving things behind, pairs, wishes, limits of distance and frozen parts."""
    begun = {b for trips in frame.bundling.frozen.values() for trip in trips for b in trip}
    _permit(frame)
    _price_leaving(frame, begun)
    for node, bundle in frame.bundles():
        if bundle.pickup is not None:
            _pair(frame, time, node, bundle, is_begun=bundle.pickup in begun)
    _limit_distance(frame)
    _add_wishes(frame)
    for route in frame.problem.frozen:
        _freeze(frame, time, route)


def _permit(frame: Frame) -> None:
    by_type: dict[int, list[int]] = {}
    for number, courier in enumerate(frame.fleet.couriers):
        by_type.setdefault(courier.vehicle_type, []).append(number)
    for node, bundle in frame.bundles():
        if bundle.types != by_type.keys():
            allowed = [number for kind in sorted(bundle.types) for number in by_type.get(kind, ())]
            _allow(frame, node, allowed)
    for node, gate in frame.gates():
        _allow(frame, node, [gate.courier])


def _allow(frame: Frame, node: int, couriers: list[int]) -> None:
    nobody = -1
    frame.routing.VehicleVar(frame.index(node)).SetValues([nobody, *couriers])


def _price_leaving(frame: Frame, begun: set[int]) -> None:
    """What is frozen, or already aboard, cannot be left; each half of a pair bears half of the price."""
    pairs = {bundle.pickup for _, bundle in frame.bundles()}
    for node, bundle in frame.bundles():
        number = frame.nodes.bundles[node]
        if number in begun or bundle.pickup in begun:
            continue
        price = max(frame.prices.left[s] for s in bundle.shipments)
        is_half = bundle.pickup is not None or number in pairs
        frame.routing.AddDisjunction([frame.index(node)], -(-price // 2) if is_half else price)
    for node, gate in frame.gates():
        if not gate.is_frozen:
            frame.routing.AddDisjunction([frame.index(node)], GATE_PRICE)


def _pair(frame: Frame, time: Any, node: int, bundle: Bundle, *, is_begun: bool) -> None:
    """Collection and delivery on the same trip, in this order, within the ride time."""
    first, last = frame.index_of(bundle.pickup or 0), frame.index(node)
    if not is_begun:
        frame.routing.AddPickupAndDelivery(first, last)
    frame.solver.Add(frame.routing.VehicleVar(first) == frame.routing.VehicleVar(last))
    frame.solver.Add(time.CumulVar(first) <= time.CumulVar(last))
    if frame.fleet.gates and not is_begun:
        trips = frame.routing.GetDimensionOrDie("trips")
        frame.solver.Add(trips.CumulVar(first) == trips.CumulVar(last))
    if bundle.max_ride < FOREVER:
        collecting = frame.bundling.bundles[bundle.pickup or 0].duration
        most = min(bundle.max_ride + collecting + int(frame.nodes.setup[node]), HORIZON)
        frame.solver.Add(time.CumulVar(last) - time.CumulVar(first) <= most)


def _limit_distance(frame: Frame) -> None:
    limits = [frame.vehicle(courier).max_distance for courier in frame.couriers]
    if min(limits, default=FOREVER) < FOREVER:
        metres = [frame.metres(frame.vehicle(courier).profile) for courier in frame.couriers]
        frame.dimension("metres", metres, limits, from_zero=True)


def _add_wishes(frame: Frame) -> None:
    kinds = [courier.vehicle_type for courier in frame.fleet.couriers]
    costs = {kind: [_wish_cost(frame, bundle, kind) for _, bundle in frame.bundles()] for kind in dict.fromkeys(kinds)}
    most = max((sum(vector) for vector in costs.values()), default=0)
    if not most:
        return
    evaluators = {kind: frame.at_nodes(vector) for kind, vector in costs.items()}
    wishes = frame.dimension("wishes", [evaluators[kind] for kind in kinds], [most] * len(kinds), from_zero=True)
    for courier in frame.couriers:
        wishes.SetCumulVarSoftUpperBound(frame.routing.End(courier), 0, 1)


def _wish_cost(frame: Frame, bundle: Bundle, kind: int) -> int:
    known, zone = frame.problem.vehicle_types[kind].zones, frame.problem.stops[bundle.stop].zone
    is_strange = bool(known) and zone is not None and zone not in known
    published = () if bundle.pickup is not None else (frame.problem.shipments[s].published for s in bundle.shipments)
    changed = sum(other not in (None, kind) for other in published)
    return frame.prices.unfamiliar * is_strange + frame.prices.changed * changed


def _freeze(frame: Frame, time: Any, route: FrozenRoute) -> None:
    """Fix what follows what, from the start over the gates between the frozen trips to the last frozen visit."""
    courier = next((n for n, c in enumerate(frame.fleet.couriers) if c.vehicle_type == route.vehicle_type), None)
    if courier is None:
        return
    gates = [frame.index(node) for node, gate in frame.gates() if gate.courier == courier and gate.is_frozen]
    way = [int(frame.routing.Start(courier))]
    for number, trip in enumerate(frame.bundling.frozen[route.vehicle_type]):
        way += gates[number - 1 : number] if number else []
        way += [frame.index_of(bundle) for bundle in trip]
    if route.complete:
        way.append(int(frame.routing.End(courier)))
    for index, following in pairwise(way):
        frame.routing.NextVar(index).SetValue(following)
    if not route.complete:
        service = int(frame.nodes.service[frame.manager.IndexToNode(way[-1])])
        frame.solver.Add(time.CumulVar(way[-1]) + time.SlackVar(way[-1]) + service >= route.available_at)
