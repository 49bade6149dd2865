"""Troubles that somebody reported properly: nothing is missing of them, yet a dispatcher has to look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select

from api.auth.roles import Scope
from api.auth.tables import users
from api.custody.hands_store import is_theirs
from api.custody.tables import events

IS_INCIDENT: ColumnElement[bool] = or_(
    events.c.record.contains('"type":"EXCEPTION"'), events.c.record.contains('"action":"incident"')
)
"""By the canonical form of records, in which nothing but these fields is written so: words of people lie apart."""


def incidents_of(
    connection: Connection, scope: Scope, province_id: str, since: datetime, until: datetime
) -> Sequence[Any]:
    """Incidents that were recorded in a span, the oldest first, with the name of who settled each."""
    asked = select(events, users.c.name.label("settled_by_name")).outerjoin(
        users, users.c.user_id == events.c.settled_by
    )
    first = _first_since(connection, since)
    own = events.c.seq >= first, events.c.province_id == province_id, events.c.recorded_at < until, is_theirs(scope)
    return connection.execute(asked.where(*own, IS_INCIDENT).order_by(events.c.seq)).all()


def _first_since(connection: Connection, since: datetime) -> int:
    """
    The first record of a moment or later.

    Records have no index by time, and need none: they come in the order of the ledger, so halving finds the place.
    """
    newest = connection.scalar(select(events.c.seq).order_by(events.c.seq.desc()).limit(1))
    low, high = 0, 0 if newest is None else newest + 1
    while low < high:
        middle = (low + high) // 2
        at = connection.scalar(select(events.c.recorded_at).where(events.c.seq == middle))
        assert at is not None  # numbers have no holes
        low, high = (middle + 1, high) if at < since else (low, middle)
    return low
