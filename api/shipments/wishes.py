"""
What a citizen asks of the post: a word for the courier, and a day and hours at which somebody is there.

A plan of that day comes to the citizen's door in those hours, and must: somebody waits there. A plan of an earlier day
does not come to the door, yet moves the papers wherever else they have to go, and does not hurry for a day that they do
not want. Later plans know nothing of it any more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Row

from api.shipments.model import Shipment
from api.tables.moments import SPANS
from api.tables.spans import Span

LONGEST_NOTE: Final = 200
"""Characters."""
NOT_AT_THE_DOOR: Final = (Span(0, 60),)
"""The first minute after midnight, in which no shift works: there is no column for a day without a visit."""


@dataclass(frozen=True, slots=True)
class Wish:
    """The last one of a shipment."""

    note: str
    """For the courier; empty = none."""
    day: date | None
    """None = any day."""
    window: Span | None
    """On that day; None with the day."""
    at: datetime
    """When it was left; aware."""

    @property
    def is_empty(self) -> bool:
        """It takes the one before back."""
        return not self.note and self.day is None

    def asks_new_hours(self, kept: Wish | None) -> bool:
        """Whether its day and hours are others than those that stand already; to want none is nothing new."""
        return self.day is not None and (kept is None or (self.day, self.window) != (kept.day, kept.window))

    @property
    def window_text(self) -> str | None:
        """As `14:00-16:00`."""
        return None if self.window is None else SPANS.write((self.window,))


def wish_of(row: Row[Any]) -> Wish | None:
    """Read the columns of `shipment_wishes`; None = none was left, or it was erased or taken back."""
    if row.wish_at is None or not (row.wish_note or row.wish_day):
        return None
    day = None if row.wish_day is None else date.fromisoformat(row.wish_day)
    window = None if row.wish_window is None else SPANS.parse(row.wish_window, _no_warning)[0]
    return Wish(row.wish_note, day, window, row.wish_at)


def as_wished(shipment: Shipment, wish: Wish | None, day: date) -> Shipment:
    """A shipment as the plan of a day shall have it."""
    if wish is None or wish.day is None or wish.window is None or day > wish.day:
        return shipment
    if day < wish.day:
        return replace(shipment, windows=NOT_AT_THE_DOOR, due_on=max(shipment.due_on, wish.day))
    return replace(shipment, windows=(wish.window,), due_on=wish.day)


def told_note(note: str | None, wish: Wish | None) -> str | None:
    """The note for the courier: the post's own, then the citizen's words."""
    if wish is None or not wish.note or note is None:
        return note
    return f"{note}\n{wish.note}" if note else wish.note


def told_windows(windows: str | None, wish: Wish | None, day: date) -> str | None:
    """The hours of a citizen on a day, as `14:00-16:00`."""
    return windows if wish is None or wish.day != day else wish.window_text


def _no_warning(code: str, **_: object) -> None:
    raise ValueError(f"what was written by the program is odd: {code}")
