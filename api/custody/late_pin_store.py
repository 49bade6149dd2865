"""Events whose sealed PIN waits to be checked, in the database."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, Text, and_, select, type_coerce

from api.auth.roles import Role
from api.auth.tables import provinces, users
from api.custody.pin_arrivals import NOT_CHECKED
from api.custody.tables import event_personal, event_shipments, events


@dataclass(frozen=True, slots=True)
class Waiting:
    """One of them."""

    seq: int
    event_id: str
    province_id: str
    shipments: tuple[str, ...]
    pieces: list[Any]
    sealed: str
    courier: str | None
    """Who told it: a user's id; None = no courier."""


def waiting_pins(connection: Connection, of: tuple[str, Collection[str]] | None) -> list[Waiting]:
    """
    Find them in the queue, in the order of the ledger; whose PIN was erased is not among them.

    Parameters
    ----------
    of
        A province and codes; None = all.
    """
    asked = _open_with_pin()
    if of is not None:
        province_id, codes = of
        of_codes = (event_shipments.c.province_id == province_id, event_shipments.c.code.in_(sorted(codes)))
        asked = asked.where(events.c.seq.in_(select(event_shipments.c.seq).where(*of_codes)))
    return list(_waiting(connection.execute(asked)))


def _open_with_pin() -> Select[Any]:
    """Through the provinces, so that the index of open events is used."""
    return (
        select(events.c.seq, events.c.event_id, events.c.province_id, events.c.record, events.c.pieces,
               event_personal.c.personal, users.c.user_id)
        .select_from(provinces)
        .join(events, events.c.province_id == provinces.c.province_id)
        .join(event_personal, event_personal.c.seq == events.c.seq)
        .outerjoin(users, and_(users.c.user_id == events.c.sent_by, users.c.role == Role.COURIER.value))
        .where(events.c.is_open == 1, type_coerce(events.c.pieces, Text).contains(f'"{NOT_CHECKED.code}"'))
        .order_by(events.c.seq)
    )  # fmt: skip


def _waiting(rows: Iterable[Any]) -> Iterable[Waiting]:
    for row in rows:
        sealed = row.personal.get("data.pin_sealed")
        if sealed is not None:
            codes = tuple(json.loads(row.record)["shipments"])
            yield Waiting(row.seq, row.event_id, row.province_id, codes, row.pieces, sealed["value"], row.user_id)
