"""
vrp-cli by its Python package, in its own "pragmatic" JSON.

Exact: one trip, several windows, paired shipments, loads one way, prices. What is brought and fetched in one visit is a
replacement of one size, the larger of the two: never too little room, sometimes too much. Several trips are parted at a
fixed time (`plain.drivers_of`), breaks are its own. What stays behind is counted before cost. It takes a wall-clock
limit and no seed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from importlib import import_module
from importlib.metadata import version as release
from typing import Any

import numpy as np

from benchmarks.solver.answers import Answer, Finish, Limits, Search
from benchmarks.solver.instances import Case
from benchmarks.solver.peers.plain import (
    Days,
    Driver,
    End,
    Job,
    Told,
    capacity_of,
    costs_of,
    locations_of,
    padded,
)
from routing.model import FOREVER, UNREACHABLE
from routing.objective import Objective

vrp_cli: Any = import_module("vrp_cli")
"""It has no types."""

SCALE = 100
"""Units of length and time per unit of the instance."""
MIDNIGHT = datetime(2020, 1, 1, tzinfo=UTC)
LAST = 10**8
"""The latest moment that is told, in units of time."""
FAR = 10**8
Json = dict[str, Any]


def version() -> str:
    return f"vrp-cli {release('vrp-cli')}"


class _Builder(Told):
    def __init__(self, case: Case) -> None:
        super().__init__(case, SCALE)

    def problem_json(self) -> Json:
        number = 0
        jobs = []
        for job in self.jobs:
            jobs.append(self._job(job, number))
            number += len(job.ends)
        vehicles = [self._vehicle(number, driver) for number, driver in enumerate(self.drivers)]
        profiles = [{"name": str(profile)} for profile in range(len(self.problem.distances))]
        goals = [[{"type": "minimize-unassigned"}], [{"type": "minimize-cost"}]]
        if self.case.objective is Objective.HIER:
            goals.insert(1, [{"type": "minimize-tours"}])
        return {
            "plan": {"jobs": jobs}, "fleet": {"vehicles": vehicles, "profiles": profiles}, "objectives": goals,
        }  # fmt: skip

    def matrices(self) -> list[Json]:
        rows = locations_of(self.problem, self.jobs)
        arcs = np.ix_(rows, rows)
        made = []
        for profile, (distances, durations) in enumerate(
            zip(self.problem.distances, self.problem.durations, strict=True)
        ):
            lengths, times = self.units.lengths(distances[arcs]), self.units.times(durations[arcs])
            closed = (distances[arcs] == UNREACHABLE) | (durations[arcs] == UNREACHABLE)
            lengths[closed] = times[closed] = FAR
            made.append(
                {"profile": str(profile), "travelTimes": times.ravel().tolist(), "distances": lengths.ravel().tolist()}
            )
        return made

    def _job(self, job: Job, number: int) -> Json:
        tasks: Json
        if job.is_pair:
            pickup, delivery = (self._task(end, number + k, job.load) for k, end in enumerate(job.ends))
            tasks = {"pickups": [pickup], "deliveries": [delivery]}
        else:
            tasks = self._single(job, number)
        skills = [str(skill) for skill in self.crews.skill_for(job)]
        return {"id": str(number), **tasks, **({"skills": {"allOf": skills}} if skills else {})}

    def _single(self, job: Job, number: int) -> Json:
        (end,) = job.ends
        brought, fetched = padded(job.brought, self.width), padded(job.fetched, self.width)
        if any(brought) and any(fetched):
            both = tuple(max(amounts) for amounts in zip(brought, fetched, strict=True))
            return {"replacements": [self._task(end, number, both)]}
        if any(fetched):
            return {"pickups": [self._task(end, number, tuple(fetched))]}
        if any(brought):
            return {"deliveries": [self._task(end, number, tuple(brought))]}
        return {"services": [{"places": [self._place(end, number)]}]}

    def _task(self, end: End, number: int, load: Sequence[int]) -> Json:
        return {"places": [self._place(end, number)], "demand": padded(tuple(load), self.width)}

    def _place(self, end: End, number: int) -> Json:
        return {
            "location": {"index": len(self.problem.depots) + number},
            "duration": self.units.span(end.service),
            "times": [[self._moment(self.units.early(w.early)), self._moment(self.units.late(w.late))]
                      for w in end.windows],
            "tag": str(number),
        }  # fmt: skip

    def _vehicle(self, number: int, driver: Driver) -> Json:
        vehicle = self.problem.vehicle_types[driver.vehicle_type]
        fixed, by_length, by_time = costs_of(self.case, vehicle, self.units, 0)
        if self.case.objective is Objective.DAILY:
            fixed = driver.fixed_cost // self.units.money
        shift: Json = {
            "start": {
                "earliest": self._moment(self.units.early(driver.early)), "location": {"index": vehicle.start_depot},
            },
            "end": {
                "latest": self._moment(self.units.late(driver.late)), "location": {"index": vehicle.end_depot},
            },
        }  # fmt: skip
        if vehicle.breaks and driver.has_breaks:
            shift["breaks"] = [
                {"time": [self._moment(self.units.early(rest.tw_early)), self._moment(self.units.late(rest.tw_late))],
                 "places": [{"duration": self.units.span(rest.duration)}]}
                for rest in vehicle.breaks
            ]  # fmt: skip
        limits: Json = {}
        if vehicle.max_distance != FOREVER:
            limits["maxDistance"] = self.units.late(vehicle.max_distance)
        if vehicle.max_duration != FOREVER:
            limits["maxDuration"] = self.units.late(vehicle.max_duration)
        return {
            "typeId": f"type {number}",
            "vehicleIds": [str(number)],
            "profile": {"matrix": str(vehicle.profile)},
            "costs": {"fixed": fixed, "distance": by_length, "time": by_time},
            "shifts": [shift],
            "capacity": capacity_of(vehicle, self.width),
            **({"limits": limits} if limits else {}),
            **({"skills": [str(s) for s in sorted(self.crews.skills_of[number])]} if self.crews.skill_of else {}),
        }

    def _moment(self, moment: int) -> str:
        return (MIDNIGHT + timedelta(seconds=min(moment, LAST))).strftime("%Y-%m-%dT%H:%M:%SZ")

    def answer(self, found: Json) -> Answer:
        """Read tours: an activity of a pair names its end by its tag."""
        days = Days()
        for tour in found["tours"]:
            activities = [activity for stop in tour["stops"] for activity in stop["activities"]]
            ends = [self.ends[int(a["jobTag"])] for a in activities if "jobTag" in a]
            days.add(self.drivers[int(tour["vehicleId"])], ends)
        return Answer(days.planned())


def prepare(case: Case, limits: Limits) -> Search:
    builder = _Builder(case)
    problem, matrices = json.dumps(builder.problem_json()), [json.dumps(matrix) for matrix in builder.matrices()]
    config = json.dumps(
        {
            "termination": {"maxTime": max(1, round(limits.wall_seconds))},
            "environment": {"parallelism": {"numThreadPools": 1, "threadsPerPool": limits.cores}},
        }
    )

    def search() -> Finish:
        found = vrp_cli.solve_pragmatic(problem, matrices, config)
        return lambda: builder.answer(json.loads(found))

    return search
