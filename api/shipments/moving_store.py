"""Where shipments are, as custody says: told to their rows, and which of them are registered at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, String, and_, bindparam, exists, insert, select, update

from api.db.in_lists import in_lists
from api.shipments.tables import shipment_words, shipments
from api.shipments.words import office_word


@dataclass(frozen=True, slots=True)
class Move:
    """Who holds a shipment now, as custody says."""

    code: str
    holding: str
    holder: str
    since: datetime


def note_moves(connection: Connection, province_id: str, moves: Sequence[Move]) -> None:
    """
    Let the shipments say what custody says; codes that nobody announced are left out.

    A site that holds one is an office that sees it from then on.
    """
    rows: list[dict[str, Any]] = [
        {
            "of_province": province_id,
            "of_code": move.code,
            "holding": move.holding,
            "holder": move.holder,
            "moved_at": None if move.holding == "nobody" else move.since,
        }
        for move in moves
    ]
    there = [{**row, "at_site": row["holder"], "at_base": row["holder"]} for row in rows if row["holding"] == "site"]
    away = [row for row in rows if row["holding"] != "site"]
    for statement, some in ((_BE_AT, there), (_BE_AWAY, away)):
        if some:
            connection.execute(statement, some)
    if there:
        words = [{"seen": office_word(row["holder"]), **_of_code(row)} for row in there]
        connection.execute(_SEE_FROM, words)


def _of_code(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"of_province": row["of_province"], "of_code": row["of_code"]}


_OF_CODE = and_(shipments.c.province_id == bindparam("of_province"), shipments.c.code == bindparam("of_code"))
_HELD: dict[str, BindParameter[Any]] = {name: bindparam(name) for name in ("holding", "holder", "moved_at")}
_BE_AWAY = update(shipments).where(_OF_CODE).values(_HELD)
_BE_AT = _BE_AWAY.values({name: bindparam(name) for name in ("at_site", "at_base")})
_SEEN = shipment_words.alias()
_SEE_FROM = insert(shipment_words).from_select(
    ["province_id", "word", "ready_day", "shipment_id"],
    select(
        shipments.c.province_id, bindparam("seen", type_=String), shipments.c.ready_day, shipments.c.shipment_id
    ).where(
        _OF_CODE,
        ~exists().where(
            _SEEN.c.province_id == shipments.c.province_id,
            _SEEN.c.word == bindparam("seen", type_=String),
            _SEEN.c.ready_day == shipments.c.ready_day,
            _SEEN.c.shipment_id == shipments.c.shipment_id,
        ),
    ),
)
"""A word more for whoever holds a shipment, unless it has it."""


class Registered(NamedTuple):
    """What custody asks of a registered shipment."""

    dest_commune: str
    procedure_code: str | None


_REGISTERED = select(shipments.c.code, shipments.c.dest_commune, shipments.c.procedure_code).where(
    shipments.c.province_id == bindparam("province_id"), shipments.c.code.in_(bindparam("codes", expanding=True))
)


def registered(connection: Connection, codes: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Registered]:
    """Of some provinces and codes, those that are shipments."""
    by_province: dict[str, list[str]] = defaultdict(list)
    for province_id, code in codes:
        by_province[province_id].append(code)
    found: dict[tuple[str, str], Registered] = {}
    for province_id, wanted in by_province.items():
        for some in in_lists(wanted):
            rows = connection.execute(_REGISTERED, {"province_id": province_id, "codes": some})
            found.update({(province_id, row.code): Registered(row.dest_commune, row.procedure_code) for row in rows})
    return found
