"""
Which offices see a shipment, in the database: one answer for searches, histories and reports.

An office is any site: a base sees what its couriers move; an agency, a one-stop or a post point what comes from it,
goes to it or lies at it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, or_

from api.shipments.tables import shipments

OFFICES: Final = ("origin_base", "dest_base", "at_base", "origin_site", "dest_site", "at_site")
"""Columns of `shipments`."""


def of_offices(offices: Collection[str]) -> ColumnElement[bool]:
    """Shipments that one of some offices sees."""
    wanted = sorted(offices)
    return or_(*(shipments.c[name].in_(wanted) for name in OFFICES))


def offices_of(row: Row[Any]) -> tuple[str | None, ...]:
    """The offices that see a shipment; None = there is none of that kind."""
    return tuple(getattr(row, name) for name in OFFICES)
