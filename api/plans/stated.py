"""A stored plan turned back into routing solutions: the inverse of `document`, trusting nothing it says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from api.plans.problems import PlanGroup
from api.plans.schemas import Load, Plan, PlannedRoute, PlannedStop, PlannedTrip
from routing.model import Load as Amounts
from routing.model import Problem, Task
from routing.solution import BreakTaken, Route, Solution, Trip, Unassigned, Visit


@dataclass(frozen=True, slots=True)
class Misfit:
    """Something that a plan says and its inputs do not know."""

    where: str
    message_vi: str
    message_en: str


@dataclass(frozen=True, slots=True)
class Stated:
    """What a plan says of the problems of its day."""

    solutions: tuple[Solution, ...]
    """One a group; what the inputs do not know is left out."""
    misfits: tuple[Misfit, ...]
    """Couriers and shipments that the plan names and its inputs do not have, every one of them."""


def stated_solutions(plan: Plan, groups: Sequence[PlanGroup], midnight: datetime) -> Stated:
    """Read one solution a group out of a plan."""
    left = {unassigned.shipment for unassigned in plan.unassigned}
    reader = _Reader(groups, midnight)
    routes = reader.routes(plan.routes)
    solutions = tuple(
        Solution(
            routes=tuple(routes[index]),
            unassigned=tuple(
                Unassigned(number) for number, work in enumerate(group.works) if work.shipment.code in left
            ),
        )
        for index, group in enumerate(groups)
    )
    return Stated(solutions, tuple(reader.misfits))


class _Reader:
    def __init__(self, groups: Sequence[PlanGroup], midnight: datetime) -> None:
        self._groups = groups
        self._midnight = midnight
        self.misfits: list[Misfit] = []
        self._couriers: Mapping[str, tuple[int, int]] = {
            courier.courier_id: (index, vehicle_type)
            for index, group in enumerate(groups)
            for vehicle_type, courier in enumerate(group.couriers)
        }
        self._numbers = [{work.shipment.code: n for n, work in enumerate(group.works)} for group in groups]

    def routes(self, routes: Iterable[PlannedRoute]) -> list[list[Route]]:
        found: list[list[Route]] = [[] for _ in self._groups]
        for number, route in enumerate(routes):
            where = f"routes.{number}"
            if route.courier_id not in self._couriers:
                self._miss(f"{where}.courier_id", "bưu tá", "courier", route.courier_id)
                continue
            index, vehicle_type = self._couriers[route.courier_id]
            trips = [self._trip(trip, index, f"{where}.trips.{n}") for n, trip in enumerate(route.trips)]
            if known := tuple(trip for trip in trips if trip.visits):
                found[index].append(Route(vehicle_type, known))
        return found

    def _trip(self, trip: PlannedTrip, index: int, where: str) -> Trip:
        visits: list[Visit] = []
        before: int | None = None
        for number, stop in enumerate(trip.stops):
            visit = self._visit(stop, index, before, f"{where}.stops.{number}")
            if visit is not None:
                visits.append(visit)
                before = visit.stop
        return Trip(
            visits=tuple(visits),
            departs=self._seconds(trip.departs),
            returns=self._seconds(trip.returns),
            breaks=tuple(BreakTaken(self._seconds(rest.starts), self._seconds(rest.ends)) for rest in trip.breaks),
            load=_amounts(trip.load),
            distance=trip.distance,
        )

    def _visit(self, stop: PlannedStop, index: int, before: int | None, where: str) -> Visit | None:
        problem = self._groups[index].problem
        tasks = []
        for number, task in enumerate(stop.tasks):
            shipment = self._numbers[index].get(task.shipment)
            if shipment is None or Task(shipment, task.action) not in problem.tasks_of(shipment):
                self._miss(f"{where}.tasks.{number}", "việc", "task", f"{task.action.value} {task.shipment}")
            else:
                tasks.append(Task(shipment, task.action))
        if not stop.tasks:
            self._miss(where, "việc", "task", "")
        if not tasks:
            return None
        at = problem.stop_of(tasks[0])
        starts = self._seconds(stop.starts)
        return Visit(
            stop=at,
            tasks=tuple(tasks),
            arrives=self._seconds(stop.arrives),
            starts=starts,
            ends=starts + _service(problem, at, tasks, before),
            leaves=self._seconds(stop.leaves),
            load=_amounts(stop.load),
            slack=stop.slack,
        )

    def _miss(self, where: str, what_vi: str, what_en: str, name: str) -> None:
        vi, en = f"dữ liệu đầu vào không có {what_vi} {name}", f"the inputs have no {what_en} {name}"
        self.misfits.append(Misfit(where, vi, en))

    def _seconds(self, moment: datetime) -> int:
        return int((moment - self._midnight).total_seconds())


def _service(problem: Problem, stop: int, tasks: Iterable[Task], before: int | None) -> int:
    """Set-up, unless the vehicle is at this door already, and items."""
    here = problem.stops[stop]
    same_door = before is not None and problem.stops[before].location == here.location
    return (0 if same_door else here.setup_duration) + sum(map(problem.duration_of, tasks))


def _amounts(load: Load) -> Amounts:
    return load.pieces, load.grams, load.cash_dong
