"""Since when, and until when, people work in their offices: what they signed is judged by where they worked then."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, insert, update

from api.auth.tables import user_office_terms


def begin_terms(connection: Connection, user_id: str, offices: Collection[str], at: datetime) -> None:
    """Somebody works in these offices from now on, besides those they work in already."""
    rows = [{"user_id": user_id, "site_id": site_id, "since": at} for site_id in sorted(offices)]
    if rows:
        connection.execute(insert(user_office_terms), rows)


def end_terms(connection: Connection, user_id: str, offices: Collection[str], at: datetime) -> None:
    """Somebody works in these offices no longer."""
    ended = update(user_office_terms).where(
        user_office_terms.c.user_id == user_id,
        user_office_terms.c.site_id.in_(sorted(offices)),
        user_office_terms.c.until.is_(None),
    )
    connection.execute(ended.values(until=at))
