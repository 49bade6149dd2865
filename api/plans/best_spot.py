"""Where a shipment that nobody carries, or that is carried elsewhere, would fit best."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import nsmallest
from itertools import islice

from api.errors import RefusedEditError
from api.plans.editing import EditingSession, Spot, after_step, move, require_group, unassign
from api.plans.sequences import sequence_of, tidied, with_inserted
from routing.model import UNREACHABLE
from routing.objective import measure
from routing.schedule import time_route
from routing.solution import Route, Solution, Unassigned

CANDIDATES = 12
"""Places with the smallest detour that are tried exactly."""
FITTING = 4
"""Places that break nothing, of which the cheapest is taken."""


def assign(session: EditingSession, shipment: str, courier_id: str | None = None) -> EditingSession:
    """
    Bring a shipment to the cheapest of the first places that break nothing, those with the smallest detours first.

    When nothing fits among them, it goes where it breaks least, of the few with the smallest detours.

    Parameters
    ----------
    courier_id
        In whose round; None = anybody's of its plan group.

    Raises
    ------
    NotFoundError
        When the courier or shipment is unknown.
    RefusedEditError
        When it is locked, or no courier of its plan group can drive there.
    """
    group, number = session.whereabouts.shipment(shipment)
    if courier_id is not None:
        require_group(session, [(group, number)], courier_id)
    free = session if number in session.left[group] else unassign(session, [shipment])
    found = nsmallest(CANDIDATES, _detours(free, group, number, courier_id), key=lambda found: found[0])
    spots = [spot for _, spot in found]
    if not spots:
        raise RefusedEditError(
            f"Không bưu tá nào trong nhóm tới được nơi của bưu gửi {shipment}.",
            f"No courier of the plan group can drive to where shipment {shipment} goes.",
        )
    timed = ((spot, _fitting(free, group, number, spot)) for spot in spots)
    fitting = list(islice(((spot, route) for spot, route in timed if route is not None), FITTING))
    if fitting:
        spots = [min(fitting, key=lambda pair: _cost_with(free, group, number, pair[1]))[0]]
    tried = [move(free, [shipment], spot) for spot in spots[:FITTING]]
    return after_step(session, min(tried, key=lambda after: _badness(after, group)))


def assign_all(session: EditingSession, shipments: Sequence[str], courier_id: str | None = None) -> EditingSession:
    """
    Bring each of some shipments to its best place, one after the other, as one step; raises as `assign`.

    Where they are now is no place of theirs any more before the first of them is placed.
    """
    for code in shipments:
        session.whereabouts.shipment(code)
    after = unassign(session, shipments)
    for code in dict.fromkeys(shipments):
        after = assign(after, code, courier_id)
    return after_step(session, after)


def _fitting(session: EditingSession, group: int, shipment: int, spot: Spot) -> Route | None:
    """The round with the shipment at a spot; None = it would break a rule."""
    _, vehicle_type = session.whereabouts.courier(spot.courier_id)
    problem, judged = session.prepared.groups[group].problem, session.routes[group].get(vehicle_type)
    trips = sequence_of(judged.route if judged else None)
    timed = time_route(
        problem, vehicle_type, tidied(with_inserted(problem, trips, [shipment], spot.trip, spot.position))
    )
    return timed if isinstance(timed, Route) else None


def _cost_with(session: EditingSession, group: int, shipment: int, route: Route) -> int:
    """What a group costs with a shipment in a round."""
    rounds = {v: judged.route for v, judged in session.routes[group].items()} | {route.vehicle_type: route}
    left = sorted(session.left[group] - {shipment})
    whole = Solution(tuple(route for _, route in sorted(rounds.items())), tuple(map(Unassigned, left)))
    return measure(session.prepared.groups[group].problem, whole).cost


def _badness(session: EditingSession, group: int) -> tuple[int, int]:
    """Broken rules, then cost, of one group."""
    broken = sum(len(judged.violations) for judged in session.routes[group].values())
    return broken, measure(session.prepared.groups[group].problem, session.solution(group)).cost


def _detours(session: EditingSession, group: int, shipment: int, courier_id: str | None) -> Iterator[tuple[int, Spot]]:
    """Every place in an open round, and the seconds of driving that it adds."""
    plan_group = session.prepared.groups[group]
    problem = plan_group.problem
    there = problem.stops[problem.stop_of(problem.tasks_of(shipment)[0])].location
    for vehicle_type, courier in enumerate(plan_group.couriers):
        if courier_id not in (None, courier.courier_id) or session.is_round_locked(courier.courier_id):
            continue
        vehicle = problem.vehicle_types[vehicle_type]
        durations, base = problem.durations[vehicle.profile], problem.depots[vehicle.start_depot].location
        judged = session.routes[group].get(vehicle_type)
        trips = sequence_of(judged.route if judged else None)
        opened = (*trips, ()) if len(trips) < vehicle.max_trips else trips
        for number, trip in enumerate(opened):
            places = [base, *(problem.stops[stop].location for stop, _ in trip), base]
            for position in range(len(trip) + 1):
                here, then = places[position], places[position + 1]
                out, back = int(durations[here, there]), int(durations[there, then])
                if UNREACHABLE not in (out, back):
                    yield out + back - int(durations[here, then]), Spot(courier.courier_id, number, position)
