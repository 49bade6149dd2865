"""What one event says of money, and what a shipment's facts say of its way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from api.custody.custodian import NOBODY, Holder, Holding, parties
from api.custody.events import Event
from api.custody.ordering import Fact
from api.custody.replay import Custody
from api.custody.scans import is_scans_only
from api.custody.vocabulary import EventType

ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
"""Whose days are counted."""

_AMOUNTS: Final = ("data.fee_dong", "data.postage_dong", "data.cash_dong")

TAKES: Final[Mapping[EventType, int]] = {
    EventType.ACCEPT: 1,
    EventType.DELIVER: 1,
    EventType.COLLECT_RESULT: 1,
    EventType.RETURN_DONE: 1,
    EventType.HAND_AGENCY: -1,
}
"""1 = the post takes the money, -1 = it hands it on: the agency gets its fee. The fee of an attempt was not paid."""

_OUTCOME: Final = {
    EventType.DELIVER: "delivered",
    EventType.HAND_AGENCY: "agency",
    EventType.RETURN_DONE: "returned",
}


PICKUP, DELIVERY = "pickup", "delivery"
"""Legs on which a courier holds a shipment."""


@dataclass(frozen=True, slots=True)
class Taking:
    """Money that somebody of the post took; below zero = gave away."""

    kind: str
    taker: str
    day: int
    fee_dong: int | None
    """For the State; None = erased."""
    postage_dong: int | None
    cash_dong: int | None
    """What changed hands in cash: all of it, unless the event says less."""


@dataclass(frozen=True, slots=True)
class Passage:
    """How far a shipment got."""

    holding: str
    due_holding: str
    taken_day: int | None
    outcome: str | None
    done_day: int | None
    due_leg: str
    """As `due_holding`; of a courier `pickup` until it has lain at a site or gone with a line, then `delivery`."""


def taking_of(
    fact: Fact, record: Mapping[str, Any], personal: Mapping[str, Any] | None, *, enrolled_at: datetime | None
) -> Taking | None:
    """
    Say what money an event tells of.

    Parameters
    ----------
    fact
        The event without anything personal.
    record
        As chained: its commitments tell that there were amounts, even after they are erased.
    personal
        What lies apart; None = erased.
    enrolled_at
        Of the device that signed it; None = not known.
    """
    sign = TAKES.get(fact.event.type)
    if sign is None or not any(path in record["commitments"] for path in _AMOUNTS):
        return None
    kind, taker = _taker(fact)
    day = _day(_credible(fact.moment, datetime.fromisoformat(record["recorded_at"]), enrolled_at))
    if personal is None:
        return Taking(kind, taker, day, None, None, None)
    fee, postage, cash = (personal.get(path, {}).get("value") for path in _AMOUNTS)
    owed = (fee or 0) + (postage or 0)
    if owed == 0 and not cash:
        return None
    return Taking(kind, taker, day, sign * (fee or 0), sign * (postage or 0), sign * (owed if cash is None else cash))


def _credible(moment: datetime, heard: datetime, enrolled_at: datetime | None) -> datetime:
    """
    When money changed hands: at the event's own time, put right by the clock's offset, where that can be.

    A clock that was wrong when the event was made and right when it was sent has no offset that tells. What lies after
    the server heard of it, or before its device was enrolled, cannot be: it counts when the server heard of it, on a
    day on which somebody still settles.
    """
    is_possible = moment <= heard and (enrolled_at is None or enrolled_at <= moment)
    return moment if is_possible else heard


def passage_of(custody: Custody, due_on: date | None) -> Passage:
    """Say how far a shipment got; without a due day, `due_holding` is who holds it now."""
    held = next((step for step in custody.steps if step.holder.holding is not Holding.NOBODY), None)
    taken_day = None if held is None else _day(held.at)
    due = custody.holder if due_on is None else _holder_after(custody, due_on)
    outcome, done_day = None, None
    if custody.holder.holding is Holding.DONE:
        first_told = (step for step in reversed(custody.steps) if not step.is_told_again)
        ends = ((_outcome(step.fact.event), step) for step in first_told)
        outcome, last = next((found, step) for found, step in ends if found is not None)
        done_day = _day(last.at)
    leg = _leg(custody, due, due_on)
    return Passage(custody.holder.holding, due.holding, taken_day, outcome, done_day, leg)


def _leg(custody: Custody, due: Holder, due_on: date | None) -> str:
    if due.holding is not Holding.COURIER:
        return due.holding
    until = [step.holder for step in custody.steps if due_on is None or _day(step.at) <= due_on.toordinal()]
    return DELIVERY if any(holder.holding in (Holding.SITE, Holding.LINE) for holder in until) else PICKUP


def _outcome(event: Event) -> str | None:
    """How an event ends a shipment's way; None = it does not."""
    return "scanned" if is_scans_only(event) else _OUTCOME.get(event.type)


def _holder_after(custody: Custody, day: date) -> Holder:
    """Who held it when a day ended."""
    return next((step.holder for step in reversed(custody.steps) if _day(step.at) <= day.toordinal()), NOBODY)


def _taker(fact: Fact) -> tuple[str, str]:
    """The courier or desk of the post that the event names; else whoever held the device."""
    named = [party for party in parties(fact.event) if party.holding is not Holding.LINE]
    party = named[0] if named else Holder(Holding.NOBODY, fact.event.device_id)
    return ("device" if party.holding is Holding.NOBODY else party.holding.value), party.name


def _day(moment: datetime) -> int:
    return moment.astimezone(ZONE).date().toordinal()
