"""What the journeys say about a shipment's leg of today: how long it may wait, which line brings or takes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from api.journeys.finding import Journey, Leg, Standing, find_journeys
from api.journeys.timetable import LegKind, province_timetable
from api.network.model import Network
from api.shipments.model import Shipment
from routing.model import FOREVER

LEAST_DAYS, MOST_DAYS = 16, 60
"""Of the timetable that is looked at: Tết with the weekends around it, and no further than any promise."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What lies ahead of a shipment on a day."""

    days_left: int
    """Later working days on which today's round could still carry it in time; 0 or less = today is the last one."""
    latest_return: int = FOREVER
    """Seconds after midnight: cut-off of the line that what is fetched today must catch."""
    fetched_by: str | None = None
    """The base whose collect round its way goes on by; None = by none."""
    is_bound: bool = False
    """No other base of the plan group may fetch it: a line takes it on from there, or it is to stay there."""
    comes_to: str | None = None
    """The base that a line brings it to today, to be delivered from there; None = it moves by no line first."""
    comes_at: int = 0
    """Seconds after midnight: when it lies there."""
    waits_for: str = ""
    """The run that takes it on from where it lies, and its hand-in: `L/2 07/12 17:40`; empty = none does."""


def journeys_from(network: Network, shipments: Sequence[Shipment], day: date) -> list[Journey]:
    """
    Find every shipment's way from where it lies on a day, over as many days as its due date asks for.

    Parameters
    ----------
    network
        All of it: rows that come into force before the due dates count.
    shipments
        As they lie on `day`.
    """
    last = max((shipment.due_on for shipment in shipments), default=day)
    days = min(max((last - day).days + LEAST_DAYS, LEAST_DAYS), MOST_DAYS)
    return find_journeys(network.on(day), shipments, province_timetable(network, day, days))


def outlooks(network: Network, journeys: Iterable[Journey], day: date) -> dict[str, Outlook]:
    """
    Say what lies ahead of every shipment that has a way to its destination; the others are missing.

    Parameters
    ----------
    network
        In force on `day`.
    journeys
        Of `journeys_from`.
    """
    return {journey.shipment.code: _outlook(network, journey, day) for journey in journeys if journey.legs}


def _outlook(network: Network, journey: Journey, day: date) -> Outlook:
    rounds = [leg for leg in journey.legs if leg.carrier.kind is not LegKind.LINE]
    line = journey.legs[0]
    waits_for = f"{line.carrier.name} {line.cut_off:%d/%m %H:%M}"
    if not rounds:
        return Outlook(_days_left(network, journey.legs[-1], day), waits_for=waits_for)
    if journey.legs[0] is rounds[0]:
        return _of_round(network, journey, day)
    before = journey.legs[: journey.legs.index(rounds[0])]
    sorted_by = before[-1].arrives + timedelta(minutes=network.settings.reload_minutes)
    if rounds[0].carrier.kind is LegKind.COLLECT or rounds[0].cut_off.date() > day:
        return Outlook(_days_left(network, rounds[0], day), waits_for=waits_for)
    return Outlook(
        days_left=_days_left(network, rounds[0], day),
        comes_to=before[-1].destination.site_id,
        comes_at=_since_midnight(sorted_by),
    )


def _of_round(network: Network, journey: Journey, day: date) -> Outlook:
    """
    A round fetches it, or hands it over.

    What is late already is tied to no line, it takes the next one; nor is what may as well go on tomorrow.
    """
    legs, in_time = journey.legs, journey.standing is not Standing.LATE
    days_left = _days_left(network, legs[0], day)
    lines = [leg for leg in legs[1:2] if in_time and leg.carrier.kind is LegKind.LINE and not leg.may_stay]
    fetched_by = legs[0].carrier.base_id if legs[0].carrier.kind is LegKind.COLLECT else None
    has_partners = fetched_by is not None and len(network.planned_with(fetched_by)) > 1
    is_bound = has_partners and all(leg.carrier.kind is LegKind.LINE for leg in legs[1:2])
    if any(_is_met_too_late(journey.shipment, legs[0], line) for line in lines):
        return Outlook(days_left - 1, FOREVER, fetched_by, is_bound)
    cut_offs = [_since_midnight(line.latest) for line in lines if line.latest.date() == day]
    return Outlook(days_left, min(cut_offs, default=FOREVER), fetched_by, is_bound)


def _is_met_too_late(shipment: Shipment, fetched: Leg, line: Leg) -> bool:
    """On the last day the citizen is there only after the line's hand-in: it must be fetched the day before."""
    if shipment.citizen != shipment.origin or not shipment.windows:
        return False
    is_one_day = fetched.latest.date() == line.latest.date()
    return is_one_day and min(window.start for window in shipment.windows) >= _since_midnight(line.latest)


def _days_left(network: Network, leg: Leg, day: date) -> int:
    return network.calendar.working_days_between(day, leg.latest.date())


def _since_midnight(moment: datetime) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second
