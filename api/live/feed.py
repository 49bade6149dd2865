"""
What the stream of the day is made of: feeds, each a numbered sequence that only grows.

A feature that has something to say calls `feed_store.tell` in the transaction of what happened: both are there, or
neither, and the stream carries it to whoever may see it. What is numbered already, as custody events are, becomes a
feed of its own in `FEEDS` and costs its writer nothing. A new feed goes to the end: a cursor has one number a feed.

Numbers of a feed have to be committed in their order (both feeds lock a row until the commit): then whoever has seen
number n has seen all that they may see up to n, and a cursor loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection

from api.auth.roles import Who
from api.live.feed_store import custody_head, custody_items, told_head, told_items

MOST: Final = 200
"""Items that are read at once."""


class LiveKind(StrEnum):
    """What an item tells."""

    POSITION = "position"
    """A courier's newest fix."""
    CONSENT = "consent"
    """A courier agreed to be seen, or withdrew that."""
    MESSAGE = "message"
    READ = "read"
    """A message was read."""
    CUSTODY = "custody"
    """Something happened to a shipment: progress."""
    CHANGE = "change"
    """A courier's round changed while the day runs."""
    WISH = "wish"
    """A citizen left a wish, or took it back."""
    PROPOSAL = "proposal"
    """A change of the running day was proposed, or decided on."""
    DUTY = "duty"
    """A dispatcher handed the day over, or took it."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that the stream tells."""

    number: int
    """In its feed, from 1."""
    kind: str
    at: datetime
    courier_id: str | None
    base_id: str | None
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Feed:
    """A numbered sequence."""

    head: Callable[[Connection, str], int]
    """The last number in a province; 0 = none."""
    after: Callable[[Connection, Who, int, int], Sequence[Any]]
    """Rows with the fields of `Item` that somebody may see, in order: after a number, at most so many."""


FEEDS: Final = (Feed(told_head, told_items), Feed(custody_head, custody_items))

Cursor = tuple[int, ...]
"""The last number seen of each feed."""


def cursor_of(text: str, heads: Cursor) -> Cursor | None:
    """
    Read a cursor, as `12.345`.

    Returns
    -------
    cursor
        None when it lies beyond the heads: the database is an older one, restored, and what was seen says nothing.
        A feed that the cursor does not know yet begins at its head.
    """
    seen = tuple(int(part) for part in text.split("."))[: len(heads)]
    seen += heads[len(seen) :]
    return None if any(one > head for one, head in zip(seen, heads, strict=True)) else seen


def cursor_text(cursor: Cursor) -> str:
    """As `cursor_of` reads it."""
    return ".".join(map(str, cursor))


def heads_of(connection: Connection, province_id: str) -> Cursor:
    """Where the feeds end now."""
    return tuple(feed.head(connection, province_id) for feed in FEEDS)


@dataclass(frozen=True, slots=True)
class Read:
    """What one look found."""

    items: tuple[tuple[Cursor, Item], ...]
    """Each with the cursor of whoever has seen it."""
    cursor: Cursor
    """After all of them, and after all that is none of theirs."""
    more: bool
    """Whether others wait."""


def read_after(connection: Connection, who: Who, province_id: str, cursor: Cursor, *, most: int = MOST) -> Read:
    """Read what somebody has not seen; within one snapshot, in which the heads are those of the items."""
    heads, found, more = heads_of(connection, province_id), [], False
    for place, feed in enumerate(FEEDS):
        if cursor[place] >= heads[place]:
            continue
        rows = feed.after(connection, who, cursor[place], most)
        for row in rows:
            item = Item(row.number, row.kind, row.at, row.courier_id, row.base_id, row.body)
            cursor = _moved(cursor, place, item.number)
            found.append((cursor, item))
        if len(rows) < most:
            cursor = _moved(cursor, place, heads[place])
        else:
            more = True
    return Read(tuple(found), cursor, more)


def _moved(cursor: Cursor, place: int, number: int) -> Cursor:
    return (*cursor[:place], number, *cursor[place + 1 :])
