"""Shipments in the database: taken in, read back, moved, changed, their people erased."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, Connection, Row, String, and_, bindparam, delete, exists, insert, select, update

from api.custody.tables import custody, event_personal, event_shipments, events
from api.shipments.columns import shipments_table
from api.shipments.model import Shipment, ShipmentKind
from api.shipments.tables import shipment_changes, shipment_persons, shipment_words, shipments
from api.shipments.words import digits, finding_words, office_word, words_of
from api.tables.moments import SPANS

T = TypeVar("T")

_MOST_VALUES = 500
"""Values in one IN list."""

_PERSONAL = (
    "contact_name", "contact_phone", "origin_lon", "origin_lat", "origin_address", "dest_lon", "dest_lat",
    "dest_address", "windows", "note",
)  # fmt: skip
_PERSON = [column for column in shipment_persons.c if column.name not in shipments.c]
_PLAIN = (
    "code", "procedure_code", "origin_site", "origin_commune", "dest_site", "dest_commune", "at_site", "ready_at",
    "pieces", "grams", "fee_dong", "postage_dong", "id_check", "priority",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """A checked shipment and the offices that see it."""

    shipment: Shipment
    origin_base: str | None
    dest_base: str | None
    at_base: str | None

    @property
    def offices(self) -> tuple[str | None, ...]:
        return self.origin_base, self.dest_base, self.at_base


@dataclass(frozen=True, slots=True)
class Move:
    """Who holds a shipment now, as custody says."""

    code: str
    holding: str
    holder: str
    since: datetime


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
    note_moves(connection, province_id, _moved_before(connection, province_id, taken.new))
    return taken


def _moved_before(connection: Connection, province_id: str, codes: Sequence[str]) -> list[Move]:
    """What custody knew of shipments before they were announced: papers may be quicker than files."""
    found: list[Move] = []
    for some in _batches(codes, _MOST_VALUES):
        asked = select(custody).where(custody.c.province_id == province_id, custody.c.code.in_(some))
        found += [Move(row.code, row.holding, row.holder, row.since) for row in connection.execute(asked)]
    return found


def _known(connection: Connection, province_id: str, codes: Sequence[str]) -> dict[str, Row[Any]]:
    found = {}
    for some in _batches(codes, _MOST_VALUES):
        asked = select(shipments, shipment_persons.c.sha256).outerjoin(shipment_persons)
        of_codes = shipments.c.province_id == province_id, shipments.c.code.in_(some)
        found.update({row.code: row for row in connection.execute(asked.where(*of_codes))})
    return found


def _add(connection: Connection, province_id: str, fresh: Sequence[tuple[Entry, str]]) -> None:
    if not fresh:
        return
    rows = [{"province_id": province_id, **_plain(e), "holding": "nobody", "version": 1} for e, _ in fresh]
    added = insert(shipments).returning(shipments.c.code, shipments.c.shipment_id)
    ids = {row.code: row.shipment_id for row in connection.execute(added, rows)}
    persons = [_person(province_id, ids[e.shipment.code], e.shipment, sha256) for e, sha256 in fresh]
    connection.execute(insert(shipment_persons), persons)
    _add_words(connection, province_id, ((ids[e.shipment.code], e) for e, _ in fresh))


def _add_words(connection: Connection, province_id: str, entries: Iterable[tuple[int, Entry]]) -> None:
    """In the order of the index, which a big import then fills from left to right."""
    found = sorted(
        (word, entry.shipment.ready_at.date().toordinal(), shipment_id)
        for shipment_id, entry in entries
        for word in finding_words(entry.shipment, entry.offices)
    )
    names = ("word", "ready_day", "shipment_id")
    rows = [{"province_id": province_id, **dict(zip(names, row, strict=True))} for row in found]
    connection.execute(insert(shipment_words), rows)


def _replace(
    connection: Connection, province_id: str, row: Row[Any], entry: Entry, sha256: str, at: datetime, by: str | None
) -> None:
    shipment_id = row.shipment_id
    person = connection.execute(_person_of(shipment_id)).one()
    values, people = _plain(entry), _person(province_id, shipment_id, entry.shipment, sha256)
    columns = [name for name, value in values.items() if getattr(row, name) != value]
    columns += [name for name, value in people.items() if getattr(person, name) != value and name != "sha256"]
    same = shipments.c.shipment_id == shipment_id
    connection.execute(update(shipments).where(same).values(**values, version=row.version + 1))
    connection.execute(update(shipment_persons).where(shipment_persons.c.shipment_id == shipment_id).values(**people))
    _remove_words(connection, province_id, row, _words_of_row(row, person.name))
    _add_words(connection, province_id, [(shipment_id, entry)])
    _note_change(connection, shipment_id, row.version + 1, at, by, columns)


def _note_change(
    connection: Connection, shipment_id: int, version: int, at: datetime, by: str | None, columns: Sequence[str]
) -> None:
    noted = {"shipment_id": shipment_id, "version": version, "at": at, "by_user": by, "columns": sorted(columns)}
    connection.execute(insert(shipment_changes).values(noted))


def _remove_words(connection: Connection, province_id: str, row: Row[Any], words: Collection[str]) -> None:
    connection.execute(
        delete(shipment_words).where(
            shipment_words.c.province_id == province_id,
            shipment_words.c.word.in_(sorted(words)),
            shipment_words.c.ready_day == row.ready_day,
            shipment_words.c.shipment_id == row.shipment_id,
        )
    )


def _words_of_row(row: Row[Any], name: str) -> set[str]:
    marked = {f"c:{row.origin_commune}", f"c:{row.dest_commune}"}
    if row.procedure_code is not None:
        marked.add(f"p:{row.procedure_code}")
    offices = {office_word(base) for base in (row.origin_base, row.dest_base, row.at_base) if base is not None}
    return marked | offices | set(words_of(name))


def find_shipment(connection: Connection, province_id: str, code: str) -> Row[Any] | None:
    """One shipment with its person; the personal columns are None after their erasure."""
    asked = select(shipments, *_PERSON).outerjoin(shipment_persons)
    return connection.execute(
        asked.where(shipments.c.province_id == province_id, shipments.c.code == code)
    ).one_or_none()


def changes_of(connection: Connection, shipment_id: int) -> Sequence[Row[Any]]:
    """What was changed, the oldest first."""
    asked = select(shipment_changes).where(shipment_changes.c.shipment_id == shipment_id)
    return connection.execute(asked.order_by(shipment_changes.c.version)).all()


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of a shipment, as the ledger has it."""

    seq: int
    recorded_at: datetime
    record: Mapping[str, Any]
    personal: Mapping[str, Any] | None
    """None = erased by retention, or there never was any."""


def history_of(connection: Connection, province_id: str, code: str, *, after: int, limit: int) -> list[Happened]:
    """
    The events of a shipment in the order of the ledger.

    Parameters
    ----------
    after
        The last `seq` seen; -1 = none.
    """
    asked = (
        select(events.c.seq, events.c.recorded_at, events.c.record, event_personal.c.personal)
        .join(event_shipments, event_shipments.c.seq == events.c.seq)
        .outerjoin(event_personal, event_personal.c.seq == events.c.seq)
        .where(
            event_shipments.c.province_id == province_id,
            event_shipments.c.code == code,
            event_shipments.c.seq > after,
        )
        .order_by(event_shipments.c.seq)
        .limit(limit)
    )
    rows = connection.execute(asked)
    return [Happened(row.seq, row.recorded_at, json.loads(row.record), row.personal) for row in rows]


def change_shipment(
    connection: Connection, row: Row[Any], values: Mapping[str, Any], *, at: datetime, by: str | None
) -> bool:
    """
    Change note, windows or priority of one.

    Parameters
    ----------
    row
        As found in this transaction.

    Returns
    -------
    changed
        False when it is as wanted already.
    """
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not different:
        return False
    plain = {name: value for name, value in different.items() if name in shipments.c}
    personal = {name: value for name, value in different.items() if name not in plain}
    same = shipments.c.shipment_id == row.shipment_id
    connection.execute(update(shipments).where(same).values(**plain, version=row.version + 1))
    if personal:
        theirs = shipment_persons.c.shipment_id == row.shipment_id
        connection.execute(update(shipment_persons).where(theirs).values(**personal))
    _note_change(connection, row.shipment_id, row.version + 1, at, by, list(different))
    return True


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


_REGISTERED = select(shipments.c.code, shipments.c.dest_commune).where(
    shipments.c.province_id == bindparam("province_id"), shipments.c.code.in_(bindparam("codes", expanding=True))
)


def registered(connection: Connection, codes: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Of some provinces and codes, those that are shipments, each with the commune of its destination."""
    by_province: dict[str, list[str]] = defaultdict(list)
    for province_id, code in codes:
        by_province[province_id].append(code)
    found: dict[tuple[str, str], str] = {}
    for province_id, wanted in by_province.items():
        rows = connection.execute(_REGISTERED, {"province_id": province_id, "codes": wanted})
        found.update({(province_id, row.code): row.dest_commune for row in rows})
    return found


def waiting_shipments(connection: Connection, province_id: str, day: date, zone: ZoneInfo) -> list[Shipment]:
    """The shipments that a plan of a day can move, by code: ready, and with nobody or at a site."""
    asked = (
        select(shipments, *_PERSON)
        .join(shipment_persons)
        .where(
            shipments.c.province_id == province_id,
            shipments.c.holding.in_(("nobody", "site")),
            shipments.c.ready_day <= day.toordinal(),
        )
        .order_by(shipments.c.code)
    )
    return [_shipment(row, zone) for row in connection.execute(asked)]


def read_shipment(connection: Connection, province_id: str, code: str, zone: ZoneInfo) -> Shipment | None:
    """One shipment whose people are not erased."""
    asked = select(shipments, *_PERSON).join(shipment_persons)
    row = connection.execute(
        asked.where(shipments.c.province_id == province_id, shipments.c.code == code)
    ).one_or_none()
    return None if row is None else _shipment(row, zone)


def erase_persons(connection: Connection, moved_before: datetime) -> int:
    """
    Erase the people of shipments that were done before a moment, and the words of their names.

    Returns
    -------
    count
        Shipments whose people are gone.
    """
    asked = (
        select(shipments, shipment_persons.c.name)
        .join(shipment_persons)
        .where(
            shipments.c.holding == "done",
            shipments.c.moved_at < moved_before,
        )
    )
    rows = connection.execute(asked).all()
    for row in rows:
        _remove_words(connection, row.province_id, row, words_of(row.name))
    for some in _batches([row.shipment_id for row in rows], _MOST_VALUES):
        connection.execute(delete(shipment_persons).where(shipment_persons.c.shipment_id.in_(some)))
    return len(rows)


def _plain(entry: Entry) -> dict[str, Any]:
    shipment = entry.shipment
    return {
        **{name: getattr(shipment, name) for name in _PLAIN},
        "kind": shipment.kind.value,
        "ready_day": shipment.ready_at.date().toordinal(),
        "appointment_on": shipment.appointment_on.isoformat() if shipment.appointment_on else None,
        "due_on": shipment.due_on.isoformat(),
        "origin_base": entry.origin_base,
        "dest_base": entry.dest_base,
        "at_base": entry.at_base,
    }


def _person(province_id: str, shipment_id: int, shipment: Shipment, sha256: str) -> dict[str, Any]:
    values = {name.removeprefix("contact_"): getattr(shipment, name) for name in _PERSONAL}
    phone = digits(shipment.contact_phone)
    return {
        **values,
        "shipment_id": shipment_id,
        "province_id": province_id,
        "windows": SPANS.write(shipment.windows),
        "phone_backwards": phone[::-1],
        "sha256": sha256,
    }


def _shipment(row: Row[Any], zone: ZoneInfo) -> Shipment:
    personal = {name: getattr(row, name.removeprefix("contact_")) for name in _PERSONAL if name != "windows"}
    return Shipment(
        **{name: getattr(row, name) for name in _PLAIN if name != "ready_at"},
        **personal,
        kind=ShipmentKind(row.kind),
        ready_at=row.ready_at.astimezone(zone),
        appointment_on=date.fromisoformat(row.appointment_on) if row.appointment_on else None,
        due_on=date.fromisoformat(row.due_on),
        windows=SPANS.parse(row.windows, _no_warning) if row.windows else (),
    )


def _no_warning(code: str, **_: object) -> None:
    raise ValueError(f"what was written by the program is odd: {code}")


def _person_of(shipment_id: int) -> Any:
    return select(shipment_persons).where(shipment_persons.c.shipment_id == shipment_id)


def _batches(items: Sequence[T], size: int) -> Iterator[list[T]]:
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some
