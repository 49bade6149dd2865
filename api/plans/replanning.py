"""A better plan around what a dispatcher has locked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from api.errors import RefusedEditError
from api.plans.editing import EditingSession, JudgedRoute, after_step, carried_codes
from api.plans.wording import violation_words
from routing.checker import check_route
from routing.model import FrozenRoute, FrozenVisit, Problem
from routing.solution import Route
from routing.solver import solve
from routing.stopping import StoppingCriterion


def replan_around(
    session: EditingSession, group: int, stop: StoppingCriterion, *, seed: int = 0, cores: int = 1
) -> EditingSession:
    """
    Search on from an edited plan, in one plan group, and keep every lock.

    A locked stop stays with its courier, a locked round stays as it is. Where nothing is locked the search is free:
    what was moved by hand may move again.

    Parameters
    ----------
    group
        Position of the plan group in `session.prepared.groups`; groups share nothing, so each may have a process.
    stop
        When to end the search.

    Returns
    -------
    session
        Not worse, when the edited rounds break no rule.

    Raises
    ------
    RefusedEditError
        When a locked round breaks rules, or no plan that keeps the rules keeps the locks too.
    """
    _require_drivable(session, group)
    problem = locked_problem(session, group)
    solution = solve(problem, stop, seed, start=session.solution(group), cores=cores, explain=False).solution
    left = frozenset(unassigned.shipment for unassigned in solution.unassigned)
    _require_kept(session, group, left)
    original = session.prepared.groups[group].problem
    rounds = {r.vehicle_type: JudgedRoute(r, check_route(original, r)) for r in solution.routes}
    routes, behind = list(session.routes), list(session.left)
    routes[group] = {v: _as_before(session, group, judged) for v, judged in rounds.items()}
    behind[group] = left
    return after_step(session, replace(session, routes=tuple(routes), left=tuple(behind)))


def locked_problem(session: EditingSession, group: int) -> Problem:
    """The problem of a plan group, with the locks of a session as rules."""
    problem, frozen = session.prepared.groups[group].problem, tuple(_frozen(session, group))
    shipments = list(problem.shipments)
    for vehicle_type, judged in session.routes[group].items():
        for number in _locked_in(session, group, judged.route):
            only = frozenset({vehicle_type})
            shipments[number] = replace(shipments[number], vehicle_types=only, must_go=True)
    return replace(problem, shipments=tuple(shipments), frozen=frozen)


def _frozen(session: EditingSession, group: int) -> Iterator[FrozenRoute]:
    for vehicle_type, judged in sorted(session.routes[group].items()):
        if session.is_round_locked(session.prepared.groups[group].couriers[vehicle_type].courier_id):
            trips = (tuple(FrozenVisit(v.stop, v.tasks) for v in trip.visits) for trip in judged.route.trips)
            yield FrozenRoute(vehicle_type, tuple(trips), complete=True)


def _locked_in(session: EditingSession, group: int, route: Route) -> set[int]:
    works = session.prepared.groups[group].works
    return {task.shipment for task in route.tasks if works[task.shipment].shipment.code in session.locked}


def _require_drivable(session: EditingSession, group: int) -> None:
    """A locked round that breaks rules cannot be part of a plan that keeps them."""
    plan_group, network = session.prepared.groups[group], session.prepared.inputs.network
    for vehicle_type, judged in sorted(session.routes[group].items()):
        courier = plan_group.couriers[vehicle_type].courier_id
        if judged.violations and carried_codes(session, courier) <= session.locked:
            words = violation_words(plan_group, network, judged.route, judged.violations[0])
            raise RefusedEditError(
                f"Chuyến đã khóa của bưu tá {courier} vi phạm ràng buộc, hãy sửa hoặc mở khóa: {words.vi}.",
                f"The locked round of courier {courier} breaks rules, mend or unlock it: {words.en}.",
            )


def _require_kept(session: EditingSession, group: int, left: frozenset[int]) -> None:
    works = session.prepared.groups[group].works
    lost = sorted({works[number].shipment.code for number in left} & session.locked)
    if lost:
        codes = ", ".join(lost)
        raise RefusedEditError(
            f"Không tìm được kế hoạch giữ được các điểm đã khóa: {codes}.",
            f"No plan was found that keeps the locked stops: {codes}.",
        )


def _as_before(session: EditingSession, group: int, judged: JudgedRoute) -> JudgedRoute:
    """Rounds that came out the same are the same, so that nothing is said to have been touched."""
    before = session.routes[group].get(judged.route.vehicle_type)
    return before if before is not None and before.route == judged.route else judged
