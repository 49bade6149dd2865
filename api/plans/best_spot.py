"""Where a shipment that nobody carries, or that is carried elsewhere, would fit best."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import nsmallest

from api.errors import RefusedEditError
from api.plans.editing import EditingSession, Spot, move, require_group
from api.plans.sequences import sequence_of
from routing.model import UNREACHABLE
from routing.objective import measure

CANDIDATES = 12
"""Places with the smallest detour that are tried exactly."""


def assign(session: EditingSession, shipment: str, courier_id: str | None = None) -> EditingSession:
    """
    Bring a shipment to the place where it breaks least, then costs least, among those with the smallest detours.

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
    spots = nsmallest(CANDIDATES, _detours(session, group, number, courier_id), key=lambda found: found[0])
    tried = [move(session, [shipment], spot) for _, spot in spots]
    if not tried:
        raise RefusedEditError(
            f"Không bưu tá nào trong nhóm tới được nơi của bưu gửi {shipment}.",
            f"No courier of the plan group can drive to where shipment {shipment} goes.",
        )
    return min(tried, key=lambda after: _badness(after, group))


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
