"""Rules on who may carry what, from and to which base, by which roads."""

from __future__ import annotations

from collections.abc import Iterator

from routing.checking.facts import RouteFacts, Violation
from routing.solution import Constraint


def skills(facts: RouteFacts) -> Iterator[Violation]:
    """The vehicle can do what its shipments need."""
    for h in facts.handlings:
        if missing := sorted(h.facts.skills - facts.vehicle.skills):
            detail = f"shipment {h.shipment} needs skills {missing}"
            yield facts.violation(Constraint.SKILLS, detail, h.trip, h.visit, shipment=h.shipment, amount=len(missing))


def allowed_types(facts: RouteFacts) -> Iterator[Violation]:
    """Shipments that are locked to vehicle types travel with one of them."""
    for h in facts.handlings:
        if h.facts.vehicle_types is not None and facts.route.vehicle_type not in h.facts.vehicle_types:
            detail = f"shipment {h.shipment} may travel with vehicle types {sorted(h.facts.vehicle_types)} only"
            yield facts.violation(Constraint.LOCKS, detail, h.trip, h.visit, shipment=h.shipment)


def depot(facts: RouteFacts) -> Iterator[Violation]:
    """Goods leave the depot where they lie, and arrive at the depot where they are wanted."""
    for h in facts.handlings:
        base = facts.depot_index_after(h.trip) if h.is_to_depot else facts.vehicle.start_depot
        if h.facts.depot is not None and h.facts.depot != base:
            detail = f"shipment {h.shipment} belongs to depot {h.facts.depot}, the vehicle uses {base}"
            yield facts.violation(Constraint.DEPOT, detail, h.trip, h.visit, shipment=h.shipment)


def reachability(facts: RouteFacts) -> Iterator[Violation]:
    """There is a path for every drive."""
    for leg in facts.legs:
        if not leg.is_reachable:
            yield facts.violation(Constraint.REACHABILITY, "no path leads here", leg.trip, leg.visit)


def max_distance(facts: RouteFacts) -> Iterator[Violation]:
    """The whole route is not too long."""
    metres = sum(leg.distance for leg in facts.legs if leg.is_reachable)
    if metres > facts.vehicle.max_distance:
        excess = metres - facts.vehicle.max_distance
        yield facts.violation(Constraint.MAX_DISTANCE, f"the route is {excess} m too long", amount=excess)


def stated_distance(facts: RouteFacts) -> Iterator[Violation]:
    """Each trip states the metres that it drives."""
    for number, trip in enumerate(facts.route.trips):
        legs = [leg for leg in facts.legs if leg.trip == number]
        metres = sum(leg.distance for leg in legs)
        if all(leg.is_reachable for leg in legs) and metres != trip.distance:
            detail = f"the trip drives {metres} m, not {trip.distance}"
            yield facts.violation(Constraint.STRUCTURE, detail, number, amount=abs(metres - trip.distance))
