"""Shipments taken in: new ones, and changes of those that nobody has yet; the same again changes nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, insert, select, update

from api.custody.reviewing import review
from api.custody.store import lock_head
from api.custody.tables import custody
from api.db.in_lists import in_lists
from api.shipments.columns import shipments_table
from api.shipments.model import Shipment
from api.shipments.moving_store import Move, note_moves
from api.shipments.rows import Entry, person_row, plain_row
from api.shipments.store import note_change
from api.shipments.tables import shipment_persons, shipments
from api.shipments.wish_store import end_wished_hours
from api.shipments.word_store import add_words, remove_words, words_of_row


@dataclass(slots=True)
class Taken:
    """What became of entries, by code."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    """Different from what is known, but somebody has them already: left as they are."""


def content_hash(shipment: Shipment, zone: ZoneInfo) -> str:
    """Hash a shipment as its file would hold it."""
    cells = shipments_table(zone).write(shipment)  # type: ignore[arg-type]  # the columns of both are the same
    return hashlib.sha256(json.dumps(cells, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def take_shipments(
    connection: Connection, province_id: str, entries: Sequence[Entry], *, zone: ZoneInfo, at: datetime, by: str | None
) -> Taken:
    """
    Take shipments in: new ones, and changes of those that nobody has yet. The same again changes nothing.

    Parameters
    ----------
    entries
        Each code once.
    """
    # First of all, as whoever takes events in does: papers that move meanwhile find their shipment registered, or are
    # found here, and on two servers neither waits for what the other holds.
    lock_head(connection)
    taken, fresh = Taken(), []
    known = _known(connection, province_id, [entry.shipment.code for entry in entries])
    for entry in entries:
        code = entry.shipment.code
        sha256, row = content_hash(entry.shipment, zone), known.get(code)
        if row is None:
            fresh.append((entry, sha256))
            taken.new.append(code)
        elif row.sha256 == sha256:
            taken.same.append(code)
        elif row.holding != "nobody":
            taken.held.append(code)
        else:
            _replace(connection, province_id, row, entry, sha256, at, by)
            taken.changed.append(code)
    _add(connection, province_id, fresh)
    if taken.new:
        _meet_events(connection, province_id, taken.new, at)
    return taken


def _meet_events(connection: Connection, province_id: str, codes: Sequence[str], at: datetime) -> None:
    """Papers may be quicker than files: let new shipments be where custody has them, and be known to their events."""
    note_moves(connection, province_id, _moved_before(connection, province_id, codes))
    review(connection, province_id, codes, at)


def _moved_before(connection: Connection, province_id: str, codes: Sequence[str]) -> list[Move]:
    """What custody knew of shipments before they were announced."""
    found: list[Move] = []
    for some in in_lists(codes):
        asked = select(custody).where(custody.c.province_id == province_id, custody.c.code.in_(some))
        found += [Move(row.code, row.holding, row.holder, row.since) for row in connection.execute(asked)]
    return found


def _known(connection: Connection, province_id: str, codes: Sequence[str]) -> dict[str, Row[Any]]:
    found = {}
    for some in in_lists(codes):
        asked = select(shipments, shipment_persons.c.sha256).outerjoin(shipment_persons)
        of_codes = shipments.c.province_id == province_id, shipments.c.code.in_(some)
        found.update({row.code: row for row in connection.execute(asked.where(*of_codes))})
    return found


def _add(connection: Connection, province_id: str, fresh: Sequence[tuple[Entry, str]]) -> None:
    if not fresh:
        return
    rows = [{"province_id": province_id, **plain_row(e), "holding": "nobody", "version": 1} for e, _ in fresh]
    added = insert(shipments).returning(shipments.c.code, shipments.c.shipment_id)
    ids = {row.code: row.shipment_id for row in connection.execute(added, rows)}
    persons = [person_row(province_id, ids[e.shipment.code], e.shipment, sha256) for e, sha256 in fresh]
    connection.execute(insert(shipment_persons), persons)
    add_words(connection, province_id, ((ids[e.shipment.code], e) for e, _ in fresh))


def _replace(
    connection: Connection, province_id: str, row: Row[Any], entry: Entry, sha256: str, at: datetime, by: str | None
) -> None:
    shipment_id = row.shipment_id
    values = plain_row(entry)
    same = shipments.c.shipment_id == shipment_id
    # First of all, as whoever leaves a wish does: from here on nobody else changes it, and the version is the next one.
    raised = update(shipments).where(same).values(**values, version=shipments.c.version + 1)
    version = connection.execute(raised.returning(shipments.c.version)).scalar_one()
    person = connection.execute(_person_of(shipment_id)).one()
    people = person_row(province_id, shipment_id, entry.shipment, sha256)
    columns = [name for name, value in values.items() if getattr(row, name) != value]
    columns += [name for name, value in people.items() if getattr(person, name) != value and name != "sha256"]
    connection.execute(update(shipment_persons).where(shipment_persons.c.shipment_id == shipment_id).values(**people))
    remove_words(connection, province_id, row, words_of_row(row, person.name))
    add_words(connection, province_id, [(shipment_id, entry)])
    if "windows" in columns and end_wished_hours(connection, shipment_id):
        columns.append("wish")
    note_change(connection, shipment_id, version, at, by, columns)


def _person_of(shipment_id: int) -> Any:
    return select(shipment_persons).where(shipment_persons.c.shipment_id == shipment_id)
