"""
A solution as VROOM writes it.

Times are counted as VROOM does: `duration` is driving only, waiting stands at the step before which it happens, and a
break is a step of its own. Amounts stand at both ends of the routes only when the problem has any.

References
----------
.. [1] VROOM project, docs/API.md, section Output. https://github.com/VROOM-Project/vroom
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Any

from routing.formats.vroom_instance import StepName, VehicleName, VroomInstance
from routing.model import IntMatrix, Load
from routing.objective import measure
from routing.solution import BreakTaken, Route, Solution, Visit

Step = dict[str, Any]


def vroom_solution(instance: VroomInstance, solution: Solution) -> dict[str, Any]:
    """Return `{code, summary, unassigned, routes}`."""
    taken: defaultdict[int, int] = defaultdict(int)
    routes = []
    for route in solution.routes:
        name = instance.vehicles[route.vehicle_type][taken[route.vehicle_type]]
        taken[route.vehicle_type] += 1
        routes.append(_Writer(instance, route, name).route())
    left = [_left(instance.steps[t]) for u in solution.unassigned for t in instance.problem.tasks_of(u.shipment)]
    return {"code": 0, "summary": _summary(routes, len(solution.unassigned)), "unassigned": left, "routes": routes}


def _left(step: StepName) -> Step:
    return {"id": step.id, "type": step.kind, "location_index": step.location_index}


def _summary(routes: list[dict[str, Any]], unassigned: int) -> dict[str, Any]:
    added = ("cost", "setup", "service", "duration", "waiting_time", "priority", "distance")
    sums = {key: sum(route[key] for route in routes) for key in added if all(key in route for route in routes)}
    amounts = {key: _sum(route[key] for route in routes) for key in ("delivery", "pickup")}
    return {"routes": len(routes), "unassigned": unassigned, **sums, **amounts, "violations": []}


def _sum(loads: Iterable[Load | list[int]]) -> list[int]:
    """Add loads by dimension; () counts as nothing."""
    total: list[int] = []
    for load in loads:
        total += [0] * (len(load) - len(total))
        total = [a + (load[i] if i < len(load) else 0) for i, a in enumerate(total)]
    return total


def _sums_along(matrix: IntMatrix, places: Sequence[int]) -> list[int]:
    return list(accumulate((int(matrix[a, b]) for a, b in pairwise(places)), initial=0))


class _Writer:
    """One route: walks over its halts and counts driving as it goes."""

    def __init__(self, instance: VroomInstance, route: Route, name: VehicleName) -> None:
        self._instance = instance
        self._problem = instance.problem
        self._route = route
        self._name = name
        self._vehicle = instance.problem.vehicle_types[route.vehicle_type]
        self._trip = route.trips[0]

    def route(self) -> dict[str, Any]:
        steps = list(self._steps())
        shipments = sorted({task.shipment for task in self._route.tasks})
        done = [self._problem.shipments[s] for s in shipments]
        first = {task.shipment: self._instance.steps[task] for task in reversed(self._route.tasks)}
        answer: dict[str, Any] = {
            "vehicle": self._name.id,
            "cost": self._cost(),
            "setup": sum(step["setup"] for step in steps),
            "service": sum(step["service"] for step in steps),
            "duration": steps[-1]["duration"],
            "waiting_time": sum(step["waiting_time"] for step in steps),
            "priority": sum(step.priority for step in first.values()),
            "delivery": _sum(s.load for s in done if s.delivery is not None),
            "pickup": _sum([s.load for s in done if s.pickup is not None] + [s.collected for s in done]),
            "steps": steps,
            "violations": [],
        }
        if self._name.description:
            answer["description"] = self._name.description
        if "distance" in steps[-1]:
            answer["distance"] = steps[-1]["distance"]
        return answer

    def _cost(self) -> int | float:
        cost = measure(self._problem, Solution((self._route,))).cost * self._instance.pricing.problem
        return round(cost) if abs(cost - round(cost)) < 1e-9 else cost

    def _steps(self) -> Iterator[Step]:
        seconds, metres = self._driven()
        trip = self._trip
        rests = sorted(zip(trip.breaks, self._break_ids(), strict=True), key=lambda pair: pair[0].starts)
        if self._name.start_index is not None:
            at_start = {"location_index": self._name.start_index}
            yield self._step("start", trip.departs, seconds[0], metres[0], trip.load, **at_start)
        load = trip.load
        for i, visit in enumerate(trip.visits):
            while rests and rests[0][0].starts < visit.ends:
                yield self._rest(*rests.pop(0), seconds[i], metres[i], load)
            yield self._visit(visit, seconds[i + 1], metres[i + 1])
            load = visit.load
        for rest, number in rests:
            yield self._rest(rest, number, seconds[-2], metres[-2], load)
        if self._name.end_index is not None:
            at_end = {"location_index": self._name.end_index}
            yield self._step("end", trip.returns, seconds[-1], metres[-1], load, **at_end)

    def _driven(self) -> tuple[list[int], list[int | None]]:
        """Seconds and metres driven up to the start, to each visit and to the end; None when metres are not known."""
        problem, vehicle = self._problem, self._vehicle
        places = [problem.depots[vehicle.start_depot].location]
        places += [problem.stops[visit.stop].location for visit in self._trip.visits]
        places.append(problem.depots[vehicle.end_depot].location)
        seconds = _sums_along(problem.durations[vehicle.profile], places)
        metres = self._instance.metres[vehicle.profile]
        return seconds, [None] * len(places) if metres is None else [*_sums_along(metres, places)]

    def _break_ids(self) -> list[int | None]:
        """Name each break taken by the first break of its length, in an allowed window, that is still free."""
        free = list(zip(self._vehicle.breaks, self._name.break_ids, strict=True))
        ids: list[int | None] = []
        for taken in self._trip.breaks:
            fits = [
                pair
                for pair in free
                if pair[0].duration == taken.ends - taken.starts and pair[0].tw_early <= taken.starts <= pair[0].tw_late
            ]
            ids.append(fits[0][1] if fits else None)
            free = [pair for pair in free if not fits or pair is not fits[0]]
        return ids

    def _rest(self, rest: BreakTaken, number: int | None, seconds: int, metres: int | None, load: Load) -> Step:
        step = self._step("break", rest.starts, seconds, metres, load)
        return {**step, "id": number, "service": rest.ends - rest.starts}

    def _visit(self, visit: Visit, seconds: int, metres: int | None) -> Step:
        task = visit.tasks[0]
        name = self._instance.steps[task]
        service = self._problem.duration_of(task)
        resting = sum(
            max(0, min(rest.ends, visit.starts) - max(rest.starts, visit.arrives)) for rest in self._trip.breaks
        )
        step = self._step(name.kind, visit.arrives, seconds, metres, visit.load)
        step |= {"id": name.id, "location_index": name.location_index, "service": service}
        step |= {"setup": visit.ends - visit.starts - service, "waiting_time": visit.waits - resting}
        if name.description:
            step["description"] = name.description
        return step

    def _step(self, kind: str, arrival: int, seconds: int, metres: int | None, load: Load, **more: int) -> Step:
        step: Step = {"type": kind, "arrival": arrival, "duration": seconds}
        step |= {"setup": 0, "service": 0, "waiting_time": 0}
        if self._vehicle.capacity:
            step["load"] = list(load)
        if metres is not None:
            step["distance"] = metres
        return {**step, **more, "violations": []}
