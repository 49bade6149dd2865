"""
A running day of a plan, group by group, and its form in the database.

What the inputs say is not kept again: a group is made ready from them, and what the day has added comes on top.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from pydantic import TypeAdapter

from api.errors import RefusedError
from api.plans.planning import PreparedDay
from api.plans.problems import PlanGroup
from api.plans.tasks import Place, Work
from api.plans.travel import RADIUS_M, Travel
from api.shipments.model import Shipment as AnyShipment
from geo.matrix import travel_matrix
from geo.snapping import snap
from routing.dispatching.day import Courier, Day, State
from routing.model import Shipment, Stop, Task
from routing.solution import Solution, Trip


@dataclass(frozen=True, slots=True)
class KeptGroup:
    """What a day has come to in one group, besides its inputs."""

    now: int
    couriers: tuple[Courier, ...]
    states: tuple[State, ...]
    ahead: tuple[tuple[Trip, ...], ...]
    promises: tuple[tuple[Task, int], ...]
    tolerance: int
    told_left: frozenset[int]
    told: Solution
    shipments: tuple[Shipment, ...]
    stops: tuple[Stop, ...]
    works: tuple[Work, ...]
    """Added; without people."""
    places: tuple[Place, ...]
    """Of the added stops."""
    points: tuple[tuple[float, float], ...]
    """Added locations."""
    cancelled: frozenset[int]


@dataclass(frozen=True, slots=True)
class KeptDay:
    """All groups of a plan."""

    seq: int
    """The first record of the ledger that has not been followed yet."""
    groups: tuple[KeptGroup, ...]
    inputs_sha256: str = ""
    """Of the inputs with which the day began; empty = those of its plan."""

    @property
    def added(self) -> tuple[AnyShipment, ...]:
        """Shipments that came during the day."""
        return tuple(work.shipment for group in self.groups for work in group.works)


@dataclass(frozen=True, slots=True, eq=False)
class RunningGroup:
    """A group of a running day: what its numbers mean grows with it."""

    base: PlanGroup
    """As the inputs say."""
    day: Day
    works: tuple[Work, ...]
    places: tuple[Place, ...]
    travel: Travel
    cancelled: frozenset[int] = frozenset()

    @property
    def group(self) -> PlanGroup:
        """With everything added, for writing and telling."""
        return replace(self.base, problem=self.day.problem, works=self.works, places=self.places, travel=self.travel)

    @property
    def number_of(self) -> dict[str, int]:
        """Shipments by code."""
        return {work.shipment.code: number for number, work in enumerate(self.works)}


_FORM: TypeAdapter[KeptDay] = TypeAdapter(KeptDay)


def day_text(groups: Sequence[RunningGroup], seq: int, inputs_sha256: str) -> str:
    """Write a running day whose plan has just been adopted."""
    return _FORM.dump_json(KeptDay(seq, tuple(map(_kept, groups)), inputs_sha256)).decode()


def kept_day(text: str) -> KeptDay:
    """
    Read a running day as it is kept.

    Raises
    ------
    pydantic.ValidationError
        When it is none.
    """
    return _FORM.validate_json(text)


def day_of_text(text: str, prepared: PreparedDay) -> tuple[list[RunningGroup], int]:
    """
    Read a running day.

    Parameters
    ----------
    prepared
        From the inputs with which the day began.

    Raises
    ------
    RefusedError
        When its inputs make other groups than they did.
    """
    kept = kept_day(text)
    return running_groups(kept, prepared), kept.seq


def running_groups(kept: KeptDay, prepared: PreparedDay) -> list[RunningGroup]:
    """
    Make a kept day run again.

    Raises
    ------
    RefusedError
        When its inputs make other groups than they did.
    """
    if len(kept.groups) != len(prepared.groups):
        raise RefusedError("Dữ liệu đầu vào không khớp với ngày đang chạy.", "The inputs do not fit the running day.")
    return [_running(group, one) for group, one in zip(prepared.groups, kept.groups, strict=True)]


def _kept(running: RunningGroup) -> KeptGroup:
    day, base = running.day, running.base
    return KeptGroup(
        now=day.now,
        couriers=day.couriers,
        states=day.states,
        ahead=day.ahead,
        promises=tuple(day.promises.items()),
        tolerance=day.tolerance,
        told_left=day.told_left,
        told=day.told,
        shipments=day.problem.shipments,
        stops=day.problem.stops,
        works=running.works[len(base.works) :],
        places=running.places[len(base.places) :],
        points=tuple((float(lon), float(lat)) for lon, lat in running.travel.points[len(base.travel.points) :]),
        cancelled=running.cancelled,
    )


def _running(base: PlanGroup, kept: KeptGroup) -> RunningGroup:
    travel = with_points(base.travel, kept.points)
    problem = replace(
        base.problem,
        stops=kept.stops,
        shipments=kept.shipments,
        distances=travel.distances,
        durations=travel.durations,
    )
    day = Day(
        problem=problem,
        now=kept.now,
        couriers=kept.couriers,
        states=kept.states,
        ahead=kept.ahead,
        promises=dict(kept.promises),
        tolerance=kept.tolerance,
        told_left=kept.told_left,
        told=kept.told,
    )
    works, places = (*base.works, *kept.works), (*base.places, *kept.places)
    return RunningGroup(base, day, works, places, travel, kept.cancelled)


def with_points(travel: Travel, points: Sequence[tuple[float, float]]) -> Travel:
    """
    Measure the ways to and from more points too.

    Raises
    ------
    geo.errors.NoRoadError
        When one lies too far from any road.
    """
    if not points:
        return travel
    where = np.vstack([travel.points, np.array(points, dtype=np.float64)])
    snapped = tuple(snap(network.graph, where, radius_m=RADIUS_M) for network in travel.networks)
    matrices = [travel_matrix(network, places) for network, places in zip(travel.networks, snapped, strict=True)]
    return Travel(
        networks=travel.networks,
        snapped=snapped,
        points=where,
        distances=tuple(matrix.distances for matrix in matrices),
        durations=tuple(matrix.durations for matrix in matrices),
    )
