"""When a courier comes to the citizen's door, by the published plans of the days ahead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from api.live.rounds import PublishedDay, PublishedRounds
from api.tallies.figures import ZONE

DAYS_AHEAD = 7
"""How far wishes and visits are looked at: today and a week."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A stop at the citizen's door that is still ahead."""

    day: date
    departs: datetime
    """When the courier leaves the base."""
    arrives: datetime
    leaves: datetime


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is fixed already."""

    published: frozenset[date]
    """Days whose rounds are published."""
    visit: Visit | None
    """The next one; None = no published round comes to the door."""


def ahead(rounds: PublishedRounds, province_id: str, code: str, now: datetime) -> Ahead:
    """Look at the published rounds from today on."""
    today = now.astimezone(ZONE).date()
    days = [today + timedelta(days=step) for step in range(DAYS_AHEAD + 1)]
    found = {day: plan for day in days if (plan := rounds.on(province_id, day)) is not None}
    visits = (visit for day, plan in found.items() for visit in _visits(plan, day, code) if visit.leaves > now)
    return Ahead(frozenset(found), next(visits, None))


def _visits(plan: PublishedDay, day: date, code: str) -> Iterator[Visit]:
    for trip in (trip for one in plan.rounds.values() for trip in one.route.trips):
        for stop in trip.stops:
            if stop.site_id is None and any(task.shipment == code for task in stop.tasks):
                yield Visit(day, trip.departs, stop.arrives, stop.leaves)
