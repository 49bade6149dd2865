"""
Lines of a province designed with the engine: for each run a `Problem` of its own, its routes as a timetable.

A run is a loop from the hub over bases and back. Each base gets one call a run, which hands over and takes in, so a
loop serves both directions and drives less than out and back by the same bases. What is asked, in this order: no base
left out, fewest vans, fewest metres (`hier`); then, with no more vans, the least đồng for metres and hours (`daily`).
Runs do not overlap, so the vans of a day are those of its largest run. Travel and handling are rounded up to whole
minutes. Neither loads nor the opening hours of bases are limits: envelopes do not fill a van, drivers have keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from api.lines.places import bases_of
from api.lines.prices import Prices
from api.lines.runs import HAND_IN, CallWindow, Run, call_window, handling_at
from api.network.lines import gather_lines
from api.network.model import Line, Network
from api.network.rows import LineStop, Site, Vehicle
from api.plans.problems import COST_UNITS_PER_DONG
from api.plans.travel import measure_travel, require_sites
from geo.ferries import closed_ferries
from geo.roads import Roads
from routing.explain import reasons
from routing.model import UNREACHABLE, Depot, IntMatrix, Problem, Shipment, Stop, TimeWindow, VehicleType
from routing.objective import Objective
from routing.solution import Constraint, Reason, Route, Solution, Unassigned
from routing.solver import solve
from routing.stopping import StoppingCriterion

LEVEL = 2
WEEKDAYS = (0, 1, 2, 3, 4, 5)
"""Lines run from Monday to Saturday, as those of the `lines` table without `days`."""
LINE_ID = "DT2-{:02d}"
VAN = Vehicle.VAN


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a design."""

    runs: tuple[Run, ...]
    vans: int | None
    """Most that there are; None = as many as needed."""
    longest: int
    """Of a run, hub to hub, seconds."""
    prices: Prices


@dataclass(frozen=True, slots=True)
class Unserved:
    """A base that a run cannot call at."""

    base: Site
    run: Run
    reasons: tuple[Reason, ...]
    """Of the search; none = the pause between the waves is too short for a call."""
    missing: int = 0
    """Seconds that the pause is too short."""


@dataclass(frozen=True, slots=True, eq=False)
class DesignedRun:
    """One run: what was asked of the engine, and its proved answer."""

    run: Run
    bases: tuple[Site, ...]
    """By stop of the problem; location 0 is the hub, location i + 1 is base i."""
    problem: Problem
    solution: Solution
    unserved: tuple[Unserved, ...]


@dataclass(frozen=True, slots=True, eq=False)
class LinePlan:
    """Lines of level 2, designed."""

    hub: Site
    bases: tuple[Site, ...]
    runs: tuple[DesignedRun, ...]
    rows: tuple[LineStop, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        return gather_lines(self.rows)

    @property
    def unserved(self) -> tuple[Unserved, ...]:
        return tuple(unserved for run in self.runs for unserved in run.unserved)

    @property
    def distances(self) -> tuple[int, ...]:
        """Metres of each of `lines`."""
        metres = {(line_id, designed.run.run_id): route.distance for line_id, designed, route in _numbered(self.runs)}
        return tuple(metres[line.line_id, line.run_id] for line in self.lines)


def design_lines(
    network: Network, hub: Site, roads: Roads, day: date, wish: Wish, stop: StoppingCriterion, seed: int
) -> LinePlan:
    """
    Design the lines between a hub and all other bases.

    Parameters
    ----------
    network
        In force on `day`.
    stop
        For each of the two searches of a run.

    Raises
    ------
    InputError
        When the hub or a base lies too far from any road, or the settings have no waves.
    NotFoundError
        When there is no base.
    """
    bases = bases_of(network, hub)
    require_sites(network, [site.site_id for site in (hub, *bases)], (VAN.value,), roads)
    runs = tuple(_design_run(network, hub, bases, roads, day, run, wish, stop, seed) for run in wish.runs)
    return LinePlan(hub, bases, runs, _rows(hub, runs))


def _design_run(
    network: Network,
    hub: Site,
    bases: Sequence[Site],
    roads: Roads,
    day: date,
    run: Run,
    wish: Wish,
    stop: StoppingCriterion,
    seed: int,
) -> DesignedRun:
    windows = {base: call_window(network, base.site_id, run) for base in bases}
    missed = [
        Unserved(base, run, (), window.early - window.late)
        for base, window in windows.items()
        if window.late < window.early
    ]
    calls = tuple(base for base, window in windows.items() if window.early <= window.late)
    problem = _problem(network, hub, {base: windows[base] for base in calls}, roads, day, run, wish)
    solution = _solve(problem, stop, seed) if calls else Solution()
    missed += [Unserved(calls[left.shipment], run, _reasons(left)) for left in solution.unassigned]
    return DesignedRun(run, calls, problem, solution, tuple(missed))


def _solve(problem: Problem, stop: StoppingCriterion, seed: int) -> Solution:
    """Fewest vans, then the least cost of so many."""
    fewest = solve(problem, stop, seed, objective=Objective.HIER).solution
    (van,) = problem.vehicle_types
    if not fewest.routes or van.unit_distance_cost == van.unit_duration_cost == 0:
        return fewest
    so_many = replace(problem, vehicle_types=(replace(van, num_available=len(fewest.routes)),))
    return reasons(problem, solve(so_many, stop, seed, start=fewest).solution)  # of all vans, those at home too


def _reasons(left: Unassigned) -> tuple[Reason, ...]:
    """Why a base is left; that a van drives one loop a run is how runs are meant, not what could be changed."""
    told = tuple(reason for reason in left.reasons if reason.constraint is not Constraint.TRIPS)
    return told or (Reason(Constraint.FLEET),)


def _problem(
    network: Network,
    hub: Site,
    windows: Mapping[Site, CallWindow],
    roads: Roads,
    day: date,
    run: Run,
    wish: Wish,
) -> Problem:
    """One stop and one task a base; the handling is the task's, so that two bases at one place take twice as long."""
    begins = max(run.leaves, *(window.early for window in windows.values()), 0)
    ends = min(run.back_by, begins + wish.longest)  # no van leaves later than at `begins`: waiting costs time
    closed = closed_ferries(
        roads.ferries, day, run.leaves, max(run.leaves, ends), is_holiday=network.calendar.is_holiday(day)
    )
    points = [(site.lon, site.lat) for site in (hub, *windows)]
    travel = measure_travel(roads, (VAN.value,), points, closed)
    return Problem(
        stops=tuple(
            Stop(location, (TimeWindow(window.early, window.late),))
            for location, window in enumerate(windows.values(), 1)
        ),
        shipments=tuple(
            Shipment(delivery=stop, delivery_duration=handling_at(network, base.site_id), must_go=True)
            for stop, base in enumerate(windows)
        ),
        vehicle_types=(
            VehicleType(
                num_available=wish.vans or max(1, len(windows)),
                tw_early=run.leaves,
                tw_late=run.back_by,
                max_duration=wish.longest,
                unit_distance_cost=wish.prices.dong_per_km * COST_UNITS_PER_DONG // 1000,
                unit_duration_cost=wish.prices.dong_per_hour * COST_UNITS_PER_DONG // 3600,
            ),
        ),
        depots=(Depot(0),),
        distances=travel.distances,
        durations=tuple(_in_minutes(matrix) for matrix in travel.durations),
    )


def _in_minutes(durations: IntMatrix) -> IntMatrix:
    """Seconds, rounded up to whole minutes where there is a path."""
    rounded: IntMatrix = durations.copy()
    there = durations != UNREACHABLE
    rounded[there] = -(-durations[there] // 60) * 60
    return rounded


def _numbered(runs: Sequence[DesignedRun]) -> Iterator[tuple[str, DesignedRun, Route]]:
    """The routes of each run, lines numbered by their first base in the order of codes."""
    for designed in runs:
        routes = sorted(designed.solution.routes, key=lambda route: min(visit.stop for visit in route.visits))
        yield from ((LINE_ID.format(number), designed, route) for number, route in enumerate(routes, 1))


def _rows(hub: Site, runs: Sequence[DesignedRun]) -> tuple[LineStop, ...]:
    """A row a stop, in force as long as all the sites are."""
    timed = [(line_id, designed.run, _calls(hub, designed, route)) for line_id, designed, route in _numbered(runs)]
    sites = [call.site for _, _, calls in timed for call in calls]
    valid_from = max((site.valid_from for site in sites if site.valid_from), default=None)
    valid_to = min((site.valid_to for site in sites if site.valid_to), default=None)
    return tuple(
        LineStop(
            line_id=line_id,
            run_id=run.run_id,
            level=LEVEL,
            stop_no=stop_no,
            site_id=call.site.site_id,
            arrive=call.arrive,
            depart=call.depart,
            cut_off=None if call.depart is None else max(0, call.depart - HAND_IN),
            days=WEEKDAYS,
            vehicle=VAN,
            valid_from=valid_from,
            valid_to=valid_to,
        )
        for line_id, run, calls in timed
        for stop_no, call in enumerate(calls, 1)
    )


@dataclass(frozen=True, slots=True)
class _Call:
    site: Site
    arrive: int | None
    depart: int | None


def _calls(hub: Site, designed: DesignedRun, route: Route) -> list[_Call]:
    """Every stop, hub to hub."""
    (trip,) = route.trips
    calls = [_Call(designed.bases[visit.stop], visit.arrives, visit.leaves) for visit in trip.visits]
    return [_Call(hub, None, trip.departs), *calls, _Call(hub, trip.returns, None)]
