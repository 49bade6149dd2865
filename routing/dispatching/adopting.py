"""An answer becomes the day's plan, and its new times are promises."""

from __future__ import annotations

from dataclasses import replace

from routing.dispatching.day import Courier, Day
from routing.dispatching.foresight import Foresight, expected
from routing.dispatching.remaining import Remaining
from routing.model import FOREVER
from routing.solution import Route, Solution, Trip, Visit


def adopted(day: Day, remaining: Remaining, solution: Solution) -> Day:
    """The day with an answer as its plan; what had no promise, or one that it breaks, is told its time anew."""
    foresight = remaining.foresight
    routes = {route.vehicle_type: route for route in solution.routes}
    ahead = tuple(_ahead(day, foresight, v, _planned(remaining, routes.get(v))) for v in range(len(day.couriers)))
    starts = {task: visit.starts for trips in ahead for trip in trips for visit in trip.visits for task in visit.tasks}
    anew = {task: time for task, time in starts.items() if abs(time - day.promises.get(task, -FOREVER)) > day.tolerance}
    couriers = tuple(_turned(day, foresight, v, ahead[v]) for v in range(len(ahead)))
    new = replace(day, couriers=couriers, ahead=ahead, promises={**day.promises, **anew}, news=(), disturbances=())
    return replace(new, told_left=frozenset(u.shipment for u in solution.unassigned), told=new.plan)


def plan_of(remaining: Remaining, solution: Solution) -> tuple[tuple[Trip, ...], ...]:
    """By vehicle type the trips of an answer that lie ahead in the foresight, in the day's numbers."""
    routes = {route.vehicle_type: route for route in solution.routes}
    ahead = []
    for v, courier in enumerate(remaining.foresight.day.couriers):
        trips = _planned(remaining, routes.get(v))
        ahead.append(trips if courier.is_under_way or not courier.driven else trips[1:])
    return tuple(ahead)


def _ahead(day: Day, foresight: Foresight, v: int, trips: tuple[Trip, ...]) -> tuple[Trip, ...]:
    """Trips of a vehicle that are still to be made; first the rest of the one under way."""
    before, later = day.couriers[v], foresight.day.couriers[v]
    if before.departed is None:
        return trips[1:] if before.driven else trips
    begun = expected(day, foresight, v)
    if not later.is_under_way:
        return (replace(later.driven[-1], visits=begun), *trips[1:])
    distance = trips[0].distance - sum(trip.distance for trip in before.driven)
    first = replace(trips[0], visits=(*begun, *trips[0].visits), departs=before.departed, distance=distance)
    return (first, *trips[1:])


def _turned(day: Day, foresight: Foresight, v: int, trips: tuple[Trip, ...]) -> Courier:
    """Who is sent elsewhere goes on from before the door that he could not serve."""
    courier = day.couriers[v]
    if not foresight.day.couriers[v].is_under_way or expected(day, foresight, v):
        return courier
    next_stops = [visit.stop for plan in (day.ahead[v], trips) for visit in plan[0].visits[:1]]
    if len(next_stops) == 2 and next_stops[0] == next_stops[1]:
        return courier
    return replace(courier, metres=foresight.day.couriers[v].metres, turned=foresight.positions[v], arrived=None)


def _planned(remaining: Remaining, route: Route | None) -> tuple[Trip, ...]:
    """The trips of an answer in the day's numbers, without the visit that stands for what was driven."""
    trips = route.trips if route else ()
    return tuple(replace(trip, visits=_true(remaining, trip.visits)) for trip in trips)


def _true(remaining: Remaining, visits: tuple[Visit, ...]) -> tuple[Visit, ...]:
    doors = ((visit, remaining.stops[visit.stop]) for visit in visits)
    return tuple(replace(visit, stop=stop) for visit, stop in doors if stop is not None)
