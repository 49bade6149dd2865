"""What of a plan still holds under the facts of now; the cheapest places for what has none, all else in its order."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, zip_longest

from routing.dispatching.day import Phase
from routing.dispatching.happening import visits_without
from routing.dispatching.remaining import Remaining
from routing.drafts import DraftRoute, DraftTrips, solution_of
from routing.explaining.attempts import Attempt, Attempts, added_cost
from routing.explaining.fleet import Fleet
from routing.model import Problem, Task
from routing.schedule import Conflict, time_route
from routing.scheduling.admission import frozen_route, loads_of
from routing.solution import Route, Solution, Trip

MOST_PLACES = 40
"""Places tried for one shipment, most promising first."""
FITTING = 6
"""Places that fit, of which the cheapest is taken."""


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """The plan as far as it holds, in the order in which it was told."""

    solution: Solution
    conflicts: dict[int, Conflict]
    """By shipment that had to be taken out: what its place breaks."""


def standing(remaining: Remaining, plan: Sequence[Sequence[Trip]]) -> Standing:
    """
    Time a plan again, and take out what cannot be done any more: first goods that reach the base after their trip's
    planned departure, so that the others need not wait for them.

    Parameters
    ----------
    plan
        By vehicle type the trips that lie ahead in the foresight.
    """
    routes: list[Route] = []
    conflicts: dict[int, Conflict] = {}
    for v, trips in enumerate(plan):
        route, dropped = _shortened(remaining.problem, _draft(remaining, v, trips), _late_goods(remaining, trips))
        conflicts |= dropped
        routes += [route] if route else []
    return Standing(solution_of(remaining.problem, routes), conflicts)


def _draft(remaining: Remaining, v: int, ahead: Sequence[Trip]) -> DraftRoute:
    """A vehicle's trips in the problem's numbers, behind what is driven."""
    frozen = frozen_route(remaining.problem, v)
    driven = tuple(
        tuple((visit.stop, visit.tasks) for visit in trip) for trip in (frozen.trips if frozen else ()) if trip
    )
    if v in remaining.closed:
        return DraftRoute(v, driven)
    trips = [_visits(remaining.problem, (task for visit in trip.visits for task in visit.tasks)) for trip in ahead]
    if driven and remaining.foresight.day.couriers[v].is_under_way:
        trips = [(*driven[0], *trips[0]), *trips[1:]]
    else:
        trips = [*driven, *trips]
    return DraftRoute(v, tuple(trip for trip in trips if trip))


def _late_goods(remaining: Remaining, ahead: Sequence[Trip]) -> frozenset[int]:
    """What a line brings after the trip that carries it was to depart."""
    shipments = remaining.foresight.day.problem.shipments
    planned = ((task.shipment, trip.departs) for trip in ahead for visit in trip.visits for task in visit.tasks)
    return frozenset(s for s, departs in planned if shipments[s].pickup is None and shipments[s].release > departs)


def without_late_goods(
    remaining: Remaining, plan: Sequence[Sequence[Trip]], taken_out: Container[int]
) -> list[list[Trip]]:
    """A plan without what a line brings too late, of what was taken out of it."""
    late = [frozenset(s for s in _late_goods(remaining, trips) if s in taken_out) for trips in plan]
    return [
        [replace(trip, visits=visits_without(trip.visits, gone)) for trip in trips]
        for trips, gone in zip(plan, late, strict=True)
    ]


def _visits(problem: Problem, tasks: Iterable[Task]) -> tuple[tuple[int, tuple[Task, ...]], ...]:
    """Tasks in order, those that follow each other at one stop in one visit."""
    visits: list[tuple[int, tuple[Task, ...]]] = []
    for task in tasks:
        stop = problem.stop_of(task)
        if visits and visits[-1][0] == stop:
            visits[-1] = stop, (*visits[-1][1], task)
        else:
            visits.append((stop, (task,)))
    return tuple(visits)


def _shortened(problem: Problem, draft: DraftRoute, late: frozenset[int]) -> tuple[Route | None, dict[int, Conflict]]:
    """Take out visits until the rest can be driven; what each of them broke."""
    dropped: dict[int, Conflict] = {}
    v, trips = draft.vehicle_type, draft.trips
    frozen = frozen_route(problem, v)
    fixed = sum(len(trip) for trip in frozen.trips) if frozen else 0
    while trips:
        timed = time_route(problem, v, trips)
        if isinstance(timed, Route):
            return timed, dropped
        visits = [visit for trip in trips for visit in trip]
        at = timed.visit if timed.visit is not None else _last_of_the_trip_that_binds(problem, v, trips)
        at = max(fixed, min(at, len(visits) - 1))
        out = late & _carried_until(trips, at) or {task.shipment for task in visits[at][1]}
        dropped |= dict.fromkeys(out, timed)
        trips = without(problem, trips, out)
    return None, dropped


def _carried_until(trips: DraftTrips, at: int) -> frozenset[int]:
    """Everything that the trips up to that of a visit are for."""
    first_visits = accumulate(map(len, trips), initial=0)
    begun = (trip for trip, first in zip(trips, first_visits, strict=False) if first <= at)
    return frozenset(task.shipment for trip in begun for _, tasks in trip for task in tasks)


def _last_of_the_trip_that_binds(problem: Problem, v: int, trips: DraftTrips) -> int:
    """The last visit of the first trips that cannot be driven even without those after them."""
    visits = 0
    for number, trip in enumerate(trips, start=1):
        visits += len(trip)
        if number == len(trips) or isinstance(time_route(problem, v, trips[:number]), Conflict):
            break
    return visits - 1


def without(problem: Problem, trips: DraftTrips, shipments: Iterable[int]) -> DraftTrips:
    """Trips without some shipments; visits where nothing is done are left out, but not those that are frozen."""
    gone = set(shipments)
    frozen = {visit.stop for route in problem.frozen for trip in route.trips for visit in trip}
    kept = []
    for trip in trips:
        visits = ((stop, tuple(t for t in tasks if t.shipment not in gone)) for stop, tasks in trip)
        kept.append(tuple((stop, tasks) for stop, tasks in visits if tasks or stop in frozen))
    return tuple(trip for trip in kept if trip)


def inserted(problem: Problem, solution: Solution, wanted: Sequence[int], hurry: Callable[[], bool]) -> Solution:
    """
    Put in what has no place, one after the other, each where it costs least; nothing else is moved.

    Parameters
    ----------
    hurry
        Asked before every shipment but the first; once it says yes, nothing more is tried.
    """
    for number, shipment in enumerate(wanted):
        if number and hurry():
            break
        solution = _inserted(problem, solution, shipment)
    return solution


def _inserted(problem: Problem, solution: Solution, shipment: int) -> Solution:
    tried = [*_at_home(problem, solution, shipment)]
    tried += Attempts(problem, solution).at_best_places(shipment, MOST_PLACES, FITTING, lambda: True)
    fitting = [(added_cost(problem, solution, one), one) for one in tried if one.refusal is None]
    least = min((cost for cost, _ in fitting), default=None)
    facts = problem.shipments[shipment]
    if least is None or (not facts.must_go and least > facts.penalty):
        return solution
    return _with(problem, solution, min((one for cost, one in fitting if cost == least), key=_lateness))


def _lateness(attempt: Attempt) -> int:
    """All starts of a route together: of places that cost the same, the one that delays least is taken."""
    return sum(visit.starts for visit in attempt.trial.route().visits)


def _at_home(problem: Problem, solution: Solution, shipment: int) -> Iterator[Attempt]:
    """The shipment alone in a vehicle at home, once for all that fare alike."""
    for alone in Fleet(problem, solution).alone(shipment):
        if alone.is_idle and alone.trial is not None:
            yield Attempt(alone.vehicle_type, None, alone.trial, alone.refusal)


def _with(problem: Problem, solution: Solution, attempt: Attempt) -> Solution:
    excerpt = attempt.trial.excerpt
    trips = tuple(
        tuple(
            (excerpt.stops[stop], tuple(Task(excerpt.shipments[t.shipment], t.action) for t in tasks))
            for stop, tasks in trip
        )
        for trip in attempt.trial.trips
    )
    route = time_route(problem, attempt.vehicle_type, trips)
    assert isinstance(route, Route)  # it was tried
    others = [r for r in solution.routes if r.vehicle_type != attempt.vehicle_type]
    return solution_of(problem, (*others, route))


def riding_home(remaining: Remaining, solution: Solution) -> frozenset[int]:
    """Goods aboard that a trip under way does not deliver although there is no room to ride home with what it takes."""
    overloading: set[int] = set()
    for route in solution.routes:
        v, day = route.vehicle_type, remaining.foresight.day
        if not day.couriers[v].is_under_way:
            continue
        delivered = {task.shipment for visit in route.trips[0].visits for task in visit.tasks}
        riding = {
            s
            for s, state in enumerate(day.states)
            if state.phase is Phase.ABOARD and state.vehicle == v and s not in delivered
        }
        if riding and _is_overloaded(remaining.problem, route, riding):
            overloading |= riding
    return frozenset(overloading - remaining.staying)


def _is_overloaded(problem: Problem, route: Route, riding: Iterable[int]) -> bool:
    """Whether the first trip has no room for what rides along besides what it states."""
    more = tuple(map(sum, zip_longest(*(problem.shipments[s].load for s in riding), fillvalue=0)))
    trip = [[(visit.stop, visit.tasks) for visit in route.trips[0].visits]]
    [loads] = loads_of(problem, trip)
    capacity = problem.vehicle_types[route.vehicle_type].capacity
    return any(
        amount + extra > most
        for load in (loads.departing, *loads.most)
        for amount, extra, most in zip(load, (*more, *(0,) * len(load)), capacity, strict=False)
    )
