"""
What a dispatcher has locked in a plan.

A locked stop stays with its courier. A round all of whose stops are locked is locked as a whole: nothing is added to
it, and its order stays. Who locks a stop locks the shipments that are handled there.
"""

from __future__ import annotations

from api.plans.schemas import Plan, PlannedRoute


def locked_shipments(plan: Plan) -> frozenset[str]:
    """Codes of what is handled at locked stops."""
    stops = (stop for route in plan.routes for trip in route.trips for stop in trip.stops)
    return frozenset(task.shipment for stop in stops if stop.locked for task in stop.tasks)


def with_locks(route: PlannedRoute, locked: frozenset[str]) -> PlannedRoute:
    """Mark the stops of a route at which something locked is handled, and only those."""
    trips = []
    for trip in route.trips:
        stops = (
            stop.model_copy(update={"locked": any(task.shipment in locked for task in stop.tasks)})
            for stop in trip.stops
        )
        trips.append(trip.model_copy(update={"stops": tuple(stops)}))
    return route.model_copy(update={"trips": tuple(trips)})
