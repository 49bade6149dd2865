"""
The rounds of published plans, ready to be asked for by every fix and every look.

Reading a plan of megabytes and the network that it was made from takes a second; both are remembered by plan and
version, so that only the first who asks waits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import Connection

from api.db.engine import Database
from api.live.limits import Limit, limits_of
from api.network.model import Network
from api.network.rows import Site
from api.plans.days import Kept
from api.plans.input_store import find_inputs
from api.plans.schemas import Plan, PlannedRoute, parse_plan
from api.plans.snapshots import as_read
from api.plans.store import StoredPlan, find_plan, published_plan
from api.plans.tasks import sort_out

MOST_DAYS = 16
"""Plans kept in memory."""
MARGIN = 0.2
"""Degrees around everything that a plan drives past, about 22 km: a courier may leave the way, not the province."""

Box = tuple[float, float, float, float]
"""West, south, east, north; degrees."""


@dataclass(frozen=True, slots=True)
class Round:
    """A courier's day as published."""

    route: PlannedRoute
    begins: datetime
    """Of the shift."""
    ends: datetime
    """Of the shift, or of the round where it takes overtime."""

    def covers(self, moment: datetime) -> bool:
        """Whether a moment lies within the shift."""
        return self.begins <= moment <= self.ends


@dataclass(frozen=True, slots=True)
class PublishedDay:
    """The rounds of a province's day."""

    plan_id: str
    version: int
    midnight: datetime
    """Local, at which the day begins."""
    reload: timedelta
    """At the base, between two trips."""
    box: Box
    rounds: Mapping[str, Round]
    """By courier."""
    sites: Mapping[str, Site]
    """In force on the day, as the plan knew them."""
    synthetic_roads: bool
    """The ways are made up over the network."""
    limits: Mapping[str, Limit]
    """By code of the shipment; those that came during the day are not known."""

    def holds(self, lon: float, lat: float) -> bool:
        """Whether a place lies where this plan's couriers can be."""
        west, south, east, north = self.box
        return west <= lon <= east and south <= lat <= north


class PublishedRounds:
    """
    Finds the rounds of a day.

    Parameters
    ----------
    data_folder
        With the road files that inputs name.
    """

    def __init__(self, database: Database, data_folder: Path) -> None:
        self._database, self._data_folder = database, data_folder
        self._days: Kept[PublishedDay] = Kept(MOST_DAYS)

    def on(self, province_id: str, day: date) -> PublishedDay | None:
        """The day's published rounds; None = no plan is published."""
        with self._database.read() as connection:
            plan = published_plan(connection, province_id, day)
            if plan is None:
                return None
            # In the same snapshot: the plan cannot become another one between the look and the reading.
            return self._days.get((plan.plan_id, plan.version), lambda: self._read(connection, plan, day))

    def _read(self, connection: Connection, light: StoredPlan, day: date) -> PublishedDay:
        stored, snapshot = find_plan(connection, light.plan_id), find_inputs(connection, light.inputs_sha256)
        assert stored is not None
        assert snapshot is not None  # a foreign key holds it
        with as_read(snapshot, self._data_folder) as read:
            limits = limits_of(sort_out(read.network, read.shipments.shipments, day).works)
            return published_day(parse_plan(stored.document), stored.plan_id, read.network, day, limits)


def published_day(plan: Plan, plan_id: str, network: Network, day: date, limits: Mapping[str, Limit]) -> PublishedDay:
    """Join a plan with the shifts of its couriers."""
    midnight, in_force = datetime.combine(day, time(), network.settings.zone), network.on(day)
    shifts = {courier.courier_id: courier.shift for courier in in_force.couriers}
    rounds = {}
    for route in plan.routes:
        shift = shifts[route.courier_id]
        begins = min(midnight + timedelta(seconds=shift.start), route.trips[0].departs)
        ends = max(midnight + timedelta(seconds=shift.end), route.trips[-1].returns)
        rounds[route.courier_id] = Round(route, begins, ends)
    reload = timedelta(minutes=network.settings.reload_minutes)
    sites = {site.site_id: site for site in in_force.sites}
    synthetic = plan.network.roads.synthetic
    return PublishedDay(plan_id, plan.version, midnight, reload, _box(plan), rounds, sites, synthetic, limits)


def _box(plan: Plan) -> Box:
    places = list(_places(plan))
    if not places:
        return (0.0, 0.0, 0.0, 0.0)
    lon, lat = zip(*places, strict=True)
    return (min(lon) - MARGIN, min(lat) - MARGIN, max(lon) + MARGIN, max(lat) + MARGIN)


def _places(plan: Plan) -> Iterator[tuple[float, float]]:
    for route in plan.routes:
        for trip in route.trips:
            yield from trip.path.coordinates
