"""Each shipment's whole way by a timetable, in dates and names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

import numpy as np

from api.journeys.timetable import Carrier, Door, LegKind, ProvinceTimetable, door_of, end_of_day
from api.network.model import Network
from api.shipments.model import Shipment
from routing.journeys import DAY, NEVER, Demand, Journeys, plan_journeys


class Standing(StrEnum):
    """How a journey stands against the due date."""

    EARLY = "early"
    """It arrives before the due date."""
    ON_THE_DAY = "on_the_day"
    LATE = "late"
    NO_WAY = "no_way"
    """Nothing carries it there in the days looked at."""
    THERE = "there"
    """It lies where it should go."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One part of a journey."""

    carrier: Carrier
    origin: Door
    destination: Door
    cut_off: datetime
    """Hand-in at the latest, for the way chosen."""
    arrives: datetime
    latest: datetime
    """Hand-in of the last departure from here that still keeps the due date; the chosen one where none does."""
    may_stay: bool
    """It may as well stay overnight, and go on tomorrow."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another departure from where a shipment lies: handed in later, arriving later."""

    carrier: Carrier
    cut_off: datetime
    """Hand-in at the latest."""
    arrives: datetime
    """At the destination."""


@dataclass(frozen=True, slots=True)
class Journey:
    """The earliest way of one shipment."""

    shipment: Shipment
    standing: Standing
    arrives: datetime | None
    legs: tuple[Leg, ...]
    must_go: bool
    """It cannot wait until the next day without breaking the due date, or being later still."""
    alternatives: tuple[Alternative, ...] = ()
    """The next best departures, the earliest arrival first."""


def find_journeys(network: Network, shipments: Iterable[Shipment], table: ProvinceTimetable) -> list[Journey]:
    """
    Find the earliest way of each shipment from where it lies, and how late each leg may be.

    Parameters
    ----------
    network
        In force on the first day of the timetable.
    shipments
        Those that have arrived lie at their destination.
    table
        Whose first day is the day of asking: nothing departs before its midnight.
    """
    rows = list(shipments)
    ends = [_ends(network, shipment) for shipment in rows]
    place = table.places()
    asked = [row for row, pair in enumerate(ends) if place.keys() >= set(pair)]
    columns = [(*map(place.__getitem__, ends[row]), *_times(network, rows[row], table.first)) for row in asked]
    found = plan_journeys(table.table, Demand(*np.array(columns, dtype=np.int64).reshape(-1, 4).T))
    at = {row: number for number, row in enumerate(asked)}
    clock = _Clock(network, table)
    return [
        _journey(shipment, ends[row], found, at[row], clock)
        if row in at
        else Journey(shipment, Standing.THERE if ends[row][0] == ends[row][1] else Standing.NO_WAY, None, (), False)
        for row, shipment in enumerate(rows)
    ]


def _ends(network: Network, shipment: Shipment) -> tuple[Door, Door]:
    lies = shipment.origin_site if shipment.at_site is None else shipment.at_site
    return (
        door_of(network, lies, shipment.origin_commune),
        door_of(network, shipment.dest_site, shipment.dest_commune),
    )


def _times(network: Network, shipment: Shipment, first: date) -> tuple[int, int]:
    """Ready and due, seconds after midnight of the first day."""
    midnight = datetime.combine(first, time(), network.settings.zone)
    ready = max(0, round((shipment.ready_at - midnight).total_seconds()))
    return ready, end_of_day(first, shipment.due_on)


class _Clock:
    """Turns rows and seconds of a timetable into names and moments."""

    def __init__(self, network: Network, table: ProvinceTimetable) -> None:
        self.table = table
        self._zone = network.settings.zone

    def moment(self, seconds: int) -> datetime:
        days, rest = divmod(seconds, DAY)
        day = self.table.first + timedelta(days=days)
        return datetime.combine(day, time(), self._zone) + timedelta(seconds=rest)

    def stays(self, row: int) -> bool:
        """Whether a row is no departure, but a night at a site."""
        return self.table.carriers[self.table.table.service[row]].kind is LegKind.NIGHT

    def alternative(self, row: int, arrival: int) -> Alternative:
        table = self.table.table
        carrier = self.table.carriers[table.service[row]]
        return Alternative(carrier, self.moment(int(table.cut_off[row])), self.moment(arrival))

    def leg(self, row: int, latest: int) -> Leg:
        table = self.table.table
        return Leg(
            carrier=self.table.carriers[table.service[row]],
            origin=self.table.doors[table.origin[row]].plain,
            destination=self.table.doors[table.destination[row]].plain,
            cut_off=self.moment(int(table.cut_off[row])),
            arrives=self.moment(int(table.arrives[row])),
            latest=self.moment(int(table.cut_off[latest])),
            may_stay=self.stays(latest),
        )


def _journey(shipment: Shipment, ends: Sequence[Door], found: Journeys, at: int, clock: _Clock) -> Journey:
    arrival = int(found.arrival[at])
    if ends[0] == ends[1]:
        return Journey(shipment, Standing.THERE, None, (), must_go=False)
    if arrival == NEVER:
        return Journey(shipment, Standing.NO_WAY, None, (), must_go=False)
    rows = range(int(found.first_leg[at]), int(found.first_leg[at + 1]))
    pairs = [(int(found.departure[row]), int(found.latest[row])) for row in rows]
    legs = tuple(clock.leg(*pair) for pair in pairs if not clock.stays(pair[0]))
    arrives = clock.moment(arrival)
    left = (shipment.due_on - arrives.date()).days
    standing = Standing.EARLY if left > 0 else Standing.ON_THE_DAY if left == 0 else Standing.LATE
    must_go = legs[0].latest.date() == clock.table.first
    return Journey(shipment, standing, arrives, legs, must_go, _alternatives(found, at, clock))


def _alternatives(found: Journeys, at: int, clock: _Clock) -> tuple[Alternative, ...]:
    """All but the best one, which the legs tell."""
    pairs = zip(found.alternatives[at, 1:].tolist(), found.alternative_arrivals[at, 1:].tolist(), strict=True)
    return tuple(clock.alternative(row, arrival) for row, arrival in pairs if row >= 0)
