"""
What a dispatcher has locked in a plan.

A locked stop stays with its courier. A round all of whose stops are locked is locked as a whole: nothing is added to
it, and its order stays. Who locks a stop locks the shipments that are handled there.
"""

from __future__ import annotations

from api.plans.schemas import Plan, PlannedRoute, PlannedTrip


def locked_shipments(plan: Plan) -> frozenset[str]:
    """Codes of what is handled at locked stops."""
    stops = (stop for route in plan.routes for trip in route.trips for stop in trip.stops)
    return frozenset(task.shipment for stop in stops if stop.locked for task in stop.tasks)


def with_locks(route: PlannedRoute, locked: frozenset[str]) -> PlannedRoute:
    """Mark the stops of a route at which something locked is handled, and only those; what is so already is shared."""
    trips = tuple(_trip_with_locks(trip, locked) for trip in route.trips)
    is_same = all(new is old for new, old in zip(trips, route.trips, strict=True))
    return route if is_same else route.model_copy(update={"trips": trips})


def _trip_with_locks(trip: PlannedTrip, locked: frozenset[str]) -> PlannedTrip:
    locks = [any(task.shipment in locked for task in stop.tasks) for stop in trip.stops]
    if all(lock == stop.locked for lock, stop in zip(locks, trip.stops, strict=True)):
        return trip
    pairs = zip(locks, trip.stops, strict=True)
    stops = tuple(stop.model_copy(update={"locked": lock}) for lock, stop in pairs)
    return trip.model_copy(update={"stops": stops})
