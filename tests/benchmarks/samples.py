"""A square of four stops that a reader can compute by hand, and runs to report."""

from __future__ import annotations

import numpy as np

from benchmarks.solver.answers import Planned, Visits
from benchmarks.solver.instances import Case
from benchmarks.solver.results import Run
from routing.model import Action, Break, Depot, Problem, Shipment, Stop, Task, TimeWindow, VehicleType
from routing.objective import Objective

SIDE = 100
"""Metres and seconds between the base and its neighbours; the opposite corner is twice as far."""


def square(*, windows: tuple[TimeWindow, ...] = (TimeWindow(),), full: bool = False, **vehicle: object) -> Case:
    """
    Three corners to be served from the fourth by two vehicles of two pieces; visits take 10 s.

    Parameters
    ----------
    windows
        Of the last corner.
    """
    corners = np.array([0, 0, 1, 0, 1, 1, 0, 1]).reshape(4, 2)
    steps = np.abs(corners[:, None] - corners[None, :]).sum(axis=2)
    matrix = (SIDE * steps).astype(np.int32)
    settings: dict[str, object] = {"num_available": 2, "capacity": (2,), "unit_distance_cost": 1, "tw_late": 10_000}
    problem = Problem(
        stops=(Stop(1), Stop(2), Stop(3, windows)),
        shipments=tuple(
            Shipment(delivery=k, load=(1,), delivery_duration=10, must_go=not full, penalty=1000 + k) for k in range(3)
        ),
        vehicle_types=(VehicleType(**{**settings, **vehicle}),),  # type: ignore[arg-type]
        depots=(Depot(0),),
        distances=(matrix,),
        durations=(matrix,),
    )
    return Case("square", "made", problem, Objective.DAILY if full else Objective.HIER, has_full_model=full)


def visits(*stops: int) -> Visits:
    """One trip that delivers at stops, each of which has the shipment of its number."""
    return [(stop, (Task(stop, Action.DELIVER),)) for stop in stops]


def plan(*stops: int) -> Planned:
    """One vehicle with one trip."""
    return Planned(0, [visits(*stops)])


def lunch() -> Break:
    """From 500 to 600 at the latest."""
    return Break(200, 500, 600)


def a_run(engine: str, seed: int, vehicles: int, cost: float, **more: object) -> Run:
    """A run that stood."""
    told: dict[str, object] = {
        "family": "vrptw", "instance": "r104", "seconds": 10.0, "version": f"{engine} 1.0", "objective": "hier",
        "known_vehicles": 9, "known_cost": 1000.0, "wall_seconds": 10.0, "cpu_seconds": 9.9, "feasible": True,
        "total": int(1000 * vehicles + cost), "distance": cost, "machine": "a processor",
    }  # fmt: skip
    return Run(engine=engine, seed=seed, vehicles=vehicles, cost=cost, **{**told, **more})  # type: ignore[arg-type]
