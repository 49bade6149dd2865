"""
A plan changed by hand, one step at a time.

An `EditingSession` never changes: every operation returns a new one that shares all routes it did not touch, so that
only the touched routes are timed and judged again, and undoing is going back to the one before. A route that breaks
rules is allowed here, and told (`edited.describe`); publishing refuses it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time

from api.errors import RefusedEditError
from api.plans.locking import locked_shipments
from api.plans.planning import PreparedDay
from api.plans.problems import PlanGroup
from api.plans.reasons import bound_words
from api.plans.schemas import Plan
from api.plans.sequences import Trips, sequence_of, tidied, with_inserted, without
from api.plans.stated import stated_solutions
from api.plans.whereabouts import Position, Whereabouts
from routing.checker import Violation, check_route
from routing.late_schedule import time_anyway
from routing.objective import Objective, Weights, weights
from routing.schedule import Conflict
from routing.solution import Route, Solution, Unassigned

MOST_STEPS = 100
"""That can be undone; each holds only the rounds that it changed."""


@dataclass(frozen=True, slots=True)
class JudgedRoute:
    """A round with its times, and every rule that it breaks."""

    route: Route
    violations: tuple[Violation, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a courier's round, counted as it is before the edit."""

    courier_id: str
    trip: int
    """The number of trips = a new one at the end."""
    position: int
    """Before the stop that is there now; the number of stops = at the end."""


@dataclass(frozen=True, slots=True, eq=False)
class EditingSession:
    """A plan being edited."""

    plan: Plan
    """What was opened; its untouched routes still hold."""
    prepared: PreparedDay
    whereabouts: Whereabouts
    weights: tuple[Weights, ...]
    """By which each plan group is judged; they follow from its problem alone."""
    opened: tuple[Mapping[int, JudgedRoute], ...]
    """The routes of `plan`."""
    routes: tuple[Mapping[int, JudgedRoute], ...]
    """One a plan group, by vehicle type; couriers without a round are not there."""
    left: tuple[frozenset[int], ...]
    """Shipments that nobody carries, by plan group."""
    locked: frozenset[str]
    """Codes of shipments whose stops are locked."""
    past: tuple[EditingSession, ...] = ()
    """The steps before, the oldest first, without their own past; no more than `MOST_STEPS`."""

    @property
    def previous(self) -> EditingSession | None:
        """Before the last operation; None = there was none, or it is forgotten."""
        return replace(self.past[-1], past=self.past[:-1]) if self.past else None

    @property
    def is_publishable(self) -> bool:
        """No route breaks a rule; every rule is a hard one, wishes are costs."""
        return not any(judged.violations for routes in self.routes for judged in routes.values())

    def judged(self, courier_id: str) -> JudgedRoute | None:
        """The round of a courier; None = without one."""
        group, vehicle_type = self.whereabouts.courier(courier_id)
        return self.routes[group].get(vehicle_type)

    def solution(self, group: int) -> Solution:
        """One group's part, routes in the order of their vehicle types, without reasons."""
        routes = tuple(judged.route for _, judged in sorted(self.routes[group].items()))
        return Solution(routes, tuple(Unassigned(shipment) for shipment in sorted(self.left[group])))

    def is_round_locked(self, courier_id: str) -> bool:
        """Whether every stop of a round is locked: nothing may be added to it."""
        judged = self.judged(courier_id)
        return judged is not None and carried_codes(self, courier_id) <= self.locked


def open_session(plan: Plan, prepared: PreparedDay) -> EditingSession:
    """
    Begin to edit a plan.

    Raises
    ------
    RefusedEditError
        When the plan names what its inputs do not know, or does not account for every shipment once.
    """
    zone = prepared.inputs.network.settings.zone
    stated = stated_solutions(plan, prepared.groups, datetime.combine(prepared.inputs.day, time(), zone))
    if stated.misfits:
        raise RefusedEditError(stated.misfits[0].message_vi, stated.misfits[0].message_en)
    solutions = stated.solutions
    for group, solution in zip(prepared.groups, solutions, strict=True):
        _require_accounted(group, solution)
    routes = tuple(
        {route.vehicle_type: JudgedRoute(route, check_route(group.problem, route)) for route in solution.routes}
        for group, solution in zip(prepared.groups, solutions, strict=True)
    )
    left = tuple(frozenset(unassigned.shipment for unassigned in solution.unassigned) for solution in solutions)
    judged_by = tuple(weights(group.problem, Objective.DAILY) for group in prepared.groups)
    where = Whereabouts(prepared.groups)
    return EditingSession(plan, prepared, where, judged_by, routes, routes, left, locked_shipments(plan))


def after_step(session: EditingSession, changed: EditingSession) -> EditingSession:
    """One step further: what was before can be gone back to."""
    return replace(changed, past=(*session.past, replace(session, past=()))[-MOST_STEPS:])


def reopened(session: EditingSession, plan: Plan) -> EditingSession:
    """The same rounds as `plan`, in which they were written down: a session at its beginning."""
    return replace(session, plan=plan, opened=session.routes, past=())


def move(session: EditingSession, shipments: Sequence[str], to: Spot) -> EditingSession:
    """
    Bring shipments, carried or not, to a place in a round, in this order.

    What is moved next to a visit at its own stop joins it.

    Raises
    ------
    NotFoundError
        When a courier or shipment is unknown.
    RefusedEditError
        When something is locked, lies in another plan group, cannot be driven at all, or the place does not exist.
    """
    group, vehicle_type = session.whereabouts.courier(to.courier_id)
    numbers = free_numbers(session, shipments)
    require_group(session, numbers, to.courier_id)
    require_open(session, to.courier_id)
    moved = list(dict.fromkeys(number for _, number in numbers))
    problem = session.prepared.groups[group].problem
    target = without(sequence_of(route_of(session, group, vehicle_type)), moved)
    _require_spot(target, to)
    changed = {v: without(sequence_of(j.route), moved) for v, j in session.routes[group].items() if carries(j, moved)}
    changed[vehicle_type] = with_inserted(problem, target, moved, to.trip, to.position)
    return with_rounds(session, group, changed, session.left[group] - set(moved))


def unassign(session: EditingSession, shipments: Sequence[str]) -> EditingSession:
    """
    Leave shipments behind.

    Raises
    ------
    NotFoundError
        When one is unknown.
    RefusedEditError
        When one is locked.
    """
    numbers = free_numbers(session, shipments)
    after = session
    for group in sorted({group for group, _ in numbers}):
        dropped = {number for g, number in numbers if g == group}
        rounds = session.routes[group].items()
        changed = {v: without(sequence_of(j.route), dropped) for v, j in rounds if carries(j, dropped)}
        after = with_rounds(after, group, changed, session.left[group] | dropped)
    return after_step(session, after)


def lock(session: EditingSession, shipments: Iterable[str]) -> EditingSession:
    """
    Lock stops: all that is handled where these shipments are.

    Raises
    ------
    NotFoundError
        When a shipment is unknown.
    RefusedEditError
        When nobody carries it.
    """
    return after_step(session, replace(session, locked=session.locked | _at_the_stops_of(session, shipments)))


def unlock(session: EditingSession, shipments: Iterable[str]) -> EditingSession:
    """Free stops again: all that is handled where these shipments are; raises as `lock`."""
    return after_step(session, replace(session, locked=session.locked - _at_the_stops_of(session, shipments)))


def lock_round(session: EditingSession, courier_id: str) -> EditingSession:
    """
    Lock every stop of a round, and the round with them.

    Raises
    ------
    NotFoundError
        When the courier is unknown.
    """
    return after_step(session, replace(session, locked=session.locked | carried_codes(session, courier_id)))


def unlock_round(session: EditingSession, courier_id: str) -> EditingSession:
    """Free every stop of a round; raises as `lock_round`."""
    return after_step(session, replace(session, locked=session.locked - carried_codes(session, courier_id)))


def undo(session: EditingSession) -> EditingSession:
    """
    Go back to before the last operation.

    Raises
    ------
    RefusedEditError
        When there was none.
    """
    before = session.previous
    if before is None:
        raise RefusedEditError("Không còn bước nào để hoàn tác.", "There is nothing left to undo.")
    return before


def carried_codes(session: EditingSession, courier_id: str) -> frozenset[str]:
    """Codes of everything in a courier's round."""
    judged = session.judged(courier_id)
    group, _ = session.whereabouts.courier(courier_id)
    works = session.prepared.groups[group].works
    return frozenset(works[task.shipment].shipment.code for task in judged.route.tasks) if judged else frozenset()


def _require_accounted(group: PlanGroup, solution: Solution) -> None:
    """Every shipment is carried or left behind, once: otherwise an edit would lose it."""
    ends = Counter(task for route in solution.routes for task in route.tasks)
    left = Counter(unassigned.shipment for unassigned in solution.unassigned)
    couriers = Counter(route.vehicle_type for route in solution.routes)
    for number, work in enumerate(group.works):
        times = {ends[task] + left[number] for task in group.problem.tasks_of(number)}
        if times != {1}:
            code = work.shipment.code
            raise RefusedEditError(
                f"Kế hoạch không ghi bưu gửi {code} đúng một lần; hãy kiểm tra kế hoạch trước.",
                f"The plan does not account for shipment {code} exactly once; validate it first.",
            )
    for vehicle_type in (v for v, count in couriers.items() if count > 1):
        courier = group.couriers[vehicle_type].courier_id
        raise RefusedEditError(f"Bưu tá {courier} có hai chuyến.", f"Courier {courier} has two rounds.")


def route_of(session: EditingSession, group: int, vehicle_type: int) -> Route | None:
    """The round of a courier of a plan group; None = without one."""
    judged = session.routes[group].get(vehicle_type)
    return None if judged is None else judged.route


def carries(judged: JudgedRoute, shipments: Container[int]) -> bool:
    """Whether a round has one of some shipments of its plan group aboard."""
    visits = (visit for trip in judged.route.trips for visit in trip.visits)
    return any(task.shipment in shipments for visit in visits for task in visit.tasks)


def free_numbers(session: EditingSession, shipments: Sequence[str]) -> list[Position]:
    """
    Groups and numbers of shipments that no lock holds.

    Raises
    ------
    NotFoundError
        When one is unknown.
    RefusedEditError
        When one is locked, or none is named.
    """
    if not shipments:
        raise RefusedEditError("Chưa chọn bưu gửi nào.", "No shipment is named.")
    for code in shipments:
        session.whereabouts.shipment(code)
        if code in session.locked:
            raise RefusedEditError(
                f"Bưu gửi {code} nằm ở điểm đã khóa; hãy mở khóa trước.",
                f"Shipment {code} is at a locked stop; unlock it first.",
            )
    return [session.whereabouts.shipment(code) for code in shipments]


def require_group(session: EditingSession, numbers: Sequence[Position], courier_id: str) -> None:
    """
    Make sure that shipments pass through a courier's base.

    Raises
    ------
    RefusedEditError
        When one is of another plan group.
    """
    group, _ = session.whereabouts.courier(courier_id)
    here = session.prepared.groups[group]
    for other, number in numbers:
        if other != group:
            there = session.prepared.groups[other]
            code, bases = there.works[number].shipment.code, ", ".join(there.bases)
            raise RefusedEditError(
                f"Bưu gửi {code} thuộc nhóm {there.name} (bưu cục {bases}), "
                f"bưu tá {courier_id} thuộc nhóm {here.name}: bưu gửi không nằm ở bưu cục của bưu tá này.",
                f"Shipment {code} belongs to plan group {there.name} (bases {bases}), courier {courier_id} to "
                f"{here.name}: the shipment does not pass through this courier's base.",
            )


def require_open(session: EditingSession, courier_id: str) -> None:
    """
    Make sure that a round may be changed.

    Raises
    ------
    RefusedEditError
        When it is locked as a whole.
    """
    if session.is_round_locked(courier_id):
        raise RefusedEditError(
            f"Chuyến của bưu tá {courier_id} đã khóa; hãy mở khóa một điểm trước.",
            f"The round of courier {courier_id} is locked; unlock a stop of it first.",
        )


def _require_spot(trips: Trips, spot: Spot) -> None:
    most = len(trips[spot.trip]) if 0 <= spot.trip < len(trips) else 0
    if not 0 <= spot.trip <= len(trips) or not 0 <= spot.position <= most:
        raise RefusedEditError(
            f"Chuyến của bưu tá {spot.courier_id} không có vị trí {spot.position} ở lượt {spot.trip}.",
            f"The round of courier {spot.courier_id} has no position {spot.position} in trip {spot.trip}.",
        )


def with_rounds(
    session: EditingSession, group: int, changed: Mapping[int, Trips], left: frozenset[int]
) -> EditingSession:
    """
    Time and judge the changed rounds of a group.

    Parameters
    ----------
    changed
        By vehicle type; without a stop = no round any more.
    left
        What nobody of the group carries then.
    """
    rounds = dict(session.routes[group])
    for vehicle_type, trips in changed.items():
        kept = tidied(trips)
        if kept:
            rounds[vehicle_type] = judge(session.prepared.groups[group], vehicle_type, kept)
        else:
            rounds.pop(vehicle_type, None)
    routes, behind = list(session.routes), list(session.left)
    routes[group], behind[group] = rounds, left
    return after_step(session, replace(session, routes=tuple(routes), left=tuple(behind)))


def judge(group: PlanGroup, vehicle_type: int, trips: Trips) -> JudgedRoute:
    """
    Time a round and find what it breaks.

    Raises
    ------
    RefusedEditError
        When it cannot be driven at all.
    """
    timed = time_anyway(group.problem, vehicle_type, trips)
    if isinstance(timed, Conflict):
        why, courier = bound_words(timed.constraint, timed.amount), group.couriers[vehicle_type].courier_id
        raise RefusedEditError(
            f"Bưu tá {courier} không thể đi như vậy: {why.vi}.", f"Courier {courier} cannot drive this: {why.en}."
        )
    return JudgedRoute(timed, check_route(group.problem, timed))


def _at_the_stops_of(session: EditingSession, shipments: Iterable[str]) -> frozenset[str]:
    """Codes of everything that is handled at the visits of some shipments."""
    found: set[str] = set()
    for code in shipments:
        group, number = session.whereabouts.shipment(code)
        works = session.prepared.groups[group].works
        visits = (visit for judged in session.routes[group].values() for visit in judged.route.visits)
        there = [visit for visit in visits if any(task.shipment == number for task in visit.tasks)]
        if not there:
            raise RefusedEditError(f"Chưa ai chở bưu gửi {code}.", f"Nobody carries shipment {code}.")
        found |= {works[task.shipment].shipment.code for visit in there for task in visit.tasks}
    return frozenset(found)
