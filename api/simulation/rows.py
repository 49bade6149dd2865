"""What a day leaves in each table of a run's folder, row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from api.shipments.model import Shipment, ShipmentKind
from api.simulation.items import Item
from api.simulation.ledger import Event, Holding
from api.simulation.records import DayRecord, RoundRecord
from api.simulation.run import State

Row = list[Any]

EVENTS = ("at", "shipment", "type", "holder", "name", "reason")
ROUNDS = tuple(column.name for column in fields(RoundRecord))
BASES = (
    "day", "base_id", "couriers", "reserve", "delivered", "collected", "turned_away", "not_done", "lying", "metres",
    "dong",
)  # fmt: skip
DAYS = (
    "day", "is_working", "accepted", "delivered", "returned", "in_custody", "not_accepted", "couriers", "metres",
    "seconds", "overtime", "dong",
)  # fmt: skip
SHIPMENTS = (
    "code", "kind", "procedure_code", "ready_at", "appointment_on", "due_on", "accepted_at", "done_at", "outcome",
    "against_due", "against_appointment", "days_late", "blame", "blame_leg", "blame_where", "blame_why", "tries",
    "invitations", "legs", "lies_at",
)  # fmt: skip
TABLES: Mapping[str, tuple[str, ...]] = {
    "events.csv": EVENTS, "rounds.csv": ROUNDS, "bases.csv": BASES, "days.csv": DAYS, "shipments.csv": SHIPMENTS,
}  # fmt: skip
"""Those that grow; `shipments.csv` holds what is done, `open.csv` the rest at the end."""


def event_row(event: Event) -> Row:
    """Of `events.csv`."""
    return [event.at, event.shipment, event.type.value, event.holder.holding.value, event.holder.name, event.reason]


def day_row(record: DayRecord, state: State) -> Row:
    """Of `days.csv`; accepted, delivered and returned are counted from the beginning of the run."""
    rounds, ledger = record.rounds, state.ledger
    return [
        record.day, record.is_working, ledger.accepted, ledger.delivered, ledger.returned, ledger.in_custody,
        sum(not item.is_accepted for item in state.items.values()), sum(row.trips > 0 for row in rounds),
        *(sum(getattr(row, name) for row in rounds) for name in ("metres", "seconds", "overtime", "dong")),
    ]  # fmt: skip


def base_rows(record: DayRecord, state: State) -> Iterator[Row]:
    """Of `bases.csv`: those that sent couriers out."""
    lying = Counter(holder.name for holder in state.ledger.holders.values() if holder.holding is Holding.SITE)
    for base in sorted({row.base_id for row in record.rounds}):
        rows = [row for row in record.rounds if row.base_id == base]
        sums = {name: sum(getattr(row, name) for row in rows) for name in ROUNDS[3:]}
        yield [
            record.day, base, sum(row.trips > 0 for row in rows), sums["reserve"], sums["delivered"],
            sums["collected"], sums["turned_away"], sums["not_done"], lying[base], sums["metres"], sums["dong"],
        ]  # fmt: skip


def shipment_row(item: Item, next_day: date) -> Row:
    """
    Of `shipments.csv`.

    Parameters
    ----------
    next_day
        The run has gone on to the day before it.
    """
    shipment, blame = item.shipment, item.blame
    done_on = None if item.done_at is None else item.done_at.date()
    late = max(0, ((done_on or next_day) - shipment.due_on).days)
    blamed = ("", "", "", "") if blame is None or not late else (blame.party.value, blame.leg, blame.where, blame.why)
    return [
        shipment.code, _kind(item), shipment.procedure_code, shipment.ready_at, shipment.appointment_on,
        shipment.due_on, item.accepted_at, item.done_at, _outcome(item, next_day),
        _against_due(item, done_on), _against_appointment(shipment, next_day), late, *blamed, item.tries,
        len(item.invitations), "; ".join(item.legs), "" if item.done_at else shipment.at_site,
    ]  # fmt: skip


def _kind(item: Item) -> str:
    """As it was handed in: what goes back is a result still."""
    return ShipmentKind.RESULT.value if item.is_returning else item.shipment.kind.value


def _outcome(item: Item, next_day: date) -> str:
    if item.done_at is not None:
        return "returned" if item.is_returning else "delivered"
    return "open" if item.shipment.ready_at.date() < next_day else "not_ready"


def _against_due(item: Item, done_on: date | None) -> str:
    """What went back was not handed over in time, nor late."""
    return "returned" if item.is_returning and item.done_at else _against(item.shipment.due_on, done_on)


def _against(limit: date | None, day: date | None) -> str:
    if limit is None:
        return ""
    if day is None:
        return "open"
    return "early" if day < limit else "on_the_day" if day == limit else "late"


def _against_appointment(shipment: Shipment, next_day: date) -> str:
    """The agency's part: the day on which a result is ready, against its appointment date."""
    ready = shipment.ready_at.date()
    return _against(shipment.appointment_on, ready if ready < next_day else None)
