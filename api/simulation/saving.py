"""The state between two days as JSON, so that a run can be taken up again and goes on the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import TypeAdapter

from api.shipments.model import Shipment
from api.simulation.items import Blame, Deadline, Item
from api.simulation.ledger import Ledger
from api.simulation.run import State, with_communes_of


@dataclass(frozen=True, slots=True)
class _SavedItem:
    """An item without what the shipments' file says of it."""

    code: str
    at_site: str | None
    since: datetime
    accepted_at: datetime | None
    deadlines: tuple[Deadline, ...]
    came_by: Deadline | None
    trouble: str
    blame: Blame | None
    tries: int
    tried_on: date | None
    invitations: tuple[date, ...]
    next_try: date | None
    held_until: date | None
    is_returning: bool
    legs: list[str]


@dataclass(frozen=True, slots=True)
class _Saved:
    next_day: date
    ledger: Ledger
    items: tuple[_SavedItem, ...]


_SAVED = TypeAdapter(_Saved)


def save(state: State) -> str:
    """Write a state down."""
    items = tuple(
        _SavedItem(
            code, item.shipment.at_site, item.since, item.accepted_at, item.deadlines, item.came_by, item.trouble,
            item.blame, item.tries, item.tried_on, item.invitations, item.next_try, item.held_until, item.is_returning,
            item.legs,
        )
        for code, item in state.items.items()
    )  # fmt: skip
    return _SAVED.dump_json(_Saved(state.next_day, state.ledger, items)).decode()


def load(text: str, shipments: Mapping[str, Shipment]) -> State:
    """
    Read a state.

    Parameters
    ----------
    shipments
        By code: those that the run began with.

    Raises
    ------
    pydantic.ValidationError
        When the text is no state.
    """
    saved = _SAVED.validate_json(text)
    items = {item.code: _item(item, shipments[item.code], saved.next_day) for item in saved.items}
    return State(saved.next_day, saved.ledger, items)


def _item(saved: _SavedItem, shipment: Shipment, day: date) -> Item:
    item = Item(
        with_communes_of(shipment, day), saved.since, saved.accepted_at, (), saved.came_by, saved.trouble, saved.blame,
        saved.tries, saved.tried_on, saved.invitations, legs=saved.legs,
    )  # fmt: skip
    if saved.is_returning:
        item.turn_round()
    item.deadlines, item.next_try, item.held_until = saved.deadlines, saved.next_try, saved.held_until
    item.lies_at(saved.at_site, saved.since)
    return item
