"""
A simulated day: couriers' phones play the published plan against a service over HTTP, by a clock that the caller sets.

    with simulated_day(service, plan_id, couriers=20) as day:
        day.until("10:30")

Each phone is enrolled with a key of its own, agrees to be seen, and tells where it is and what it does at the planned
times, with seeded noise. Some are late, one falls silent, one has a damaged paper and one leaves out a piece of a
proof. What the plan becomes meanwhile is followed: an accepted re-plan is driven from the next step on. Within the
block the service lives by the day's clock; a browser that shows the day has to be given the same hour.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from api.live.endpoints import TERMS
from api.plans.schemas import Plan, PlannedRoute, parse_plan
from tests.api.service.busy_day import busy_inputs
from tests.api.service.driven_round import DrivenRound, Manner
from tests.api.service.running import Service
from tests.api.service.service_clock import ServiceClock
from tests.api.service.told_events import Teller, desk_teller, phone_teller

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
STEP = timedelta(minutes=10)
"""How often a phone speaks to the server."""
MORNING = "06:30"
"""When the desks have taken in what lies with them."""
MANNERS = (Manner.LATE, Manner.SILENT, Manner.INCIDENT, Manner.INCOMPLETE, Manner.LATE, Manner.LATE)
"""Of the couriers with the most stops, in that order; the others are plain."""


@dataclass
class SimulatedDay:
    """The day under way."""

    service: Service
    clock: ServiceClock
    plan_id: str
    desk: Teller
    phones: dict[str, Teller]
    """By courier."""
    rounds: dict[str, DrivenRound]
    """By courier."""

    @property
    def now(self) -> datetime:
        return self.clock.moment

    def at(self, hour: str) -> datetime:
        """A local hour of the day, `10:30`."""
        return datetime.combine(self.now.astimezone(ZONE).date(), time.fromisoformat(hour), ZONE)

    def who(self, manner: Manner) -> list[str]:
        """The couriers whose day goes in a manner."""
        return [courier_id for courier_id, one in self.rounds.items() if one.manner is manner]

    def until(self, hour: str, step: timedelta = STEP) -> None:
        """Let the day go on to an hour; every phone speaks at each step."""
        while self.now < self.at(hour):
            routes = {route.courier_id: route for route in read_plan(self.service, self.plan_id).routes}
            self.clock.moment = min(self.now + step, self.at(hour))
            for courier_id in self.rounds.keys() & routes.keys():
                self._speak(courier_id, routes[courier_id])

    def _speak(self, courier_id: str, route: PlannedRoute) -> None:
        one, phone, events = self.rounds[courier_id], self.phones[courier_id], []
        for told in one.until(self.now, route):
            if not one.is_silent:
                events += phone.events_of(told, route.base_id)
        if one.is_silent:
            return
        phone.send(events, self.now)
        if (place := one.place(self.now)) is not None:
            phone.stand_at(place, self.now)


@contextmanager
def simulated_day(
    service: Service,
    plan_id: str,
    *,
    couriers: int = 20,
    seed: int = 1,
    shipments: Sequence[Mapping[str, Any]] | None = None,
    network: Mapping[str, Any] | None = None,
) -> Iterator[SimulatedDay]:
    """
    Begin the day of a published plan.

    Parameters
    ----------
    plan_id
        Of the plan that is published; it may be replaced by versions of itself.
    couriers
        How many have a phone, those with the most stops first.
    shipments, network
        The rows of the day's file and the tables that the plan was made from; by default the busy day's.
    """
    rows = {str(row["code"]): dict(row) for row in shipments or busy_inputs()["shipments"]}
    kinds = {str(row["site_id"]): str(row["kind"]) for row in (network or busy_inputs()["network"])["sites"]}
    plan = read_plan(service, plan_id)
    longest = sorted(plan.routes, key=lambda route: (-sum(len(trip.stops) for trip in route.trips), route.courier_id))
    clock = ServiceClock(datetime.combine(plan.network.valid_on, time.fromisoformat(MORNING), ZONE))
    with clock.held():
        desk = desk_teller(service, rows, kinds)
        desk.take_in(clock.moment, plan.routes)
        day = SimulatedDay(service, clock, plan_id, desk, {}, {})
        for number, route in enumerate(longest[:couriers]):
            manner = MANNERS[number] if number < len(MANNERS) else Manner.PLAIN
            day.rounds[route.courier_id] = DrivenRound(route.courier_id, manner, seed)
            phone = phone_teller(service, route.courier_id, route.base_id, rows, kinds)
            phone.agree(TERMS)
            day.phones[route.courier_id] = phone
        yield day


def read_plan(service: Service, plan_id: str) -> Plan:
    """As it is now."""
    answer = service.ask("GET", f"/api/v1/plans/{plan_id}", by="head-dispatcher")
    assert answer.status_code == 200, answer.text
    return parse_plan(answer.content)
