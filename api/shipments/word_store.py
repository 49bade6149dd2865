"""The words that find a shipment, in the database."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Connection, Row, delete, insert

from api.shipments.office_store import offices_of
from api.shipments.rows import Entry
from api.shipments.tables import shipment_words
from api.shipments.words import finding_words, office_word, words_of


def add_words(connection: Connection, province_id: str, entries: Iterable[tuple[int, Entry]]) -> None:
    """In the order of the index, which a big import then fills from left to right."""
    found = sorted(
        (word, entry.shipment.ready_at.date().toordinal(), shipment_id)
        for shipment_id, entry in entries
        for word in finding_words(entry.shipment, entry.offices)
    )
    names = ("word", "ready_day", "shipment_id")
    rows = [{"province_id": province_id, **dict(zip(names, row, strict=True))} for row in found]
    connection.execute(insert(shipment_words), rows)


def remove_words(connection: Connection, province_id: str, row: Row[Any], words: Collection[str]) -> None:
    """Let some words find a shipment no more."""
    connection.execute(
        delete(shipment_words).where(
            shipment_words.c.province_id == province_id,
            shipment_words.c.word.in_(sorted(words)),
            shipment_words.c.ready_day == row.ready_day,
            shipment_words.c.shipment_id == row.shipment_id,
        )
    )


def words_of_row(row: Row[Any], name: str) -> set[str]:
    """All that find a shipment whose people are called `name`."""
    marked = {f"c:{row.origin_commune}", f"c:{row.dest_commune}"}
    if row.procedure_code is not None:
        marked.add(f"p:{row.procedure_code}")
    offices = {office_word(office) for office in offices_of(row) if office is not None}
    return marked | offices | set(words_of(name))
