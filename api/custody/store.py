"""Custody events in the database."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import BindParameter, Connection, bindparam, delete, insert, select, update

from api.auth.roles import Role
from api.auth.tables import devices, user_office_terms, users
from api.custody.chain import first_hash
from api.custody.ordering import Fact
from api.custody.owners import Owner, Term
from api.custody.personal import Personal, recall
from api.custody.rejudging import Kept
from api.custody.tables import (
    custody,
    event_awaits,
    event_personal,
    event_shipments,
    events,
    ledger,
    quarantine,
)
from api.custody.verdicts import Device, Known
from api.db.in_lists import in_lists

SERVER_FIELDS = frozenset({"clock_offset_ms", "province_id", "recorded_at"})
"""Of a record, added by the server."""

Code = tuple[str, str]
"""Province and code of a shipment."""


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain."""

    size: int
    """Number of records."""
    hash: bytes
    """Of the last one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """A record to add, and what goes with it."""

    seq: int
    event_id: str
    province_id: str
    office: str | None
    """Of who sent it, when they work in one."""
    sent_by: str
    recorded_at: datetime
    shipments: tuple[str, ...]
    record: bytes
    """Canonical."""
    leaf: bytes
    hash: bytes
    digest: str
    personal: Mapping[str, Personal]
    own_pieces: list[dict[str, str]]
    """What it lacks in itself, besides files that have not come."""
    awaits: tuple[str, ...]
    """Those files."""
    device_id: str
    counter: int


# Built once: to build a statement takes as long as to run it.
_NAMES: Final[BindParameter[Any]] = bindparam("names", expanding=True)
_HEAD = select(ledger.c.size, ledger.c.head).with_for_update()
_KNOWN = select(events.c.event_id, events.c.digest, events.c.sent_by).where(events.c.event_id.in_(_NAMES))
_DEVICES = (
    select(
        devices.c.device_id, devices.c.user_id, devices.c.public_key, devices.c.enrolled_at, devices.c.revoked_at,
        devices.c.barred_at,
        users.c.role, users.c.province_id, users.c.courier_id, user_office_terms.c.site_id, user_office_terms.c.since,
        user_office_terms.c.until,
    )
    .join(users, users.c.user_id == devices.c.user_id)
    .outerjoin(user_office_terms, user_office_terms.c.user_id == devices.c.user_id)
    .where(devices.c.device_id.in_(_NAMES))
)  # fmt: skip
_FACTS = (
    select(
        event_shipments.c.code,
        events.c.seq,
        events.c.event_id,
        events.c.record,
        events.c.pieces,
        events.c.is_open,
        events.c.settled_by,
    )
    .join(events, events.c.seq == event_shipments.c.seq)
    .where(event_shipments.c.province_id == bindparam("province_id"), event_shipments.c.code.in_(_NAMES))
)
_PASS_ON = (
    update(custody)
    .where(custody.c.province_id == bindparam("of_province"), custody.c.code == bindparam("of_code"))
    .values({name: bindparam(name) for name in ("holding", "holder", "since", "last_seq")})
)
_PUT_STATE = (
    update(events)
    .where(events.c.seq == bindparam("of_seq"))
    .values(settled_by=None, **{name: bindparam(name) for name in ("pieces", "settled_at", "is_open")})
)
_ADD_EVENTS, _ADD_PERSONAL, _ADD_SHIPMENTS = insert(events), insert(event_personal), insert(event_shipments)
_ADD_AWAITS, _ADD_CUSTODY = insert(event_awaits), insert(custody)
_MOVE_HEAD = update(ledger).values(size=bindparam("new_size"), head=bindparam("new_head"))
_AWAITING = select(event_awaits.c.seq).where(event_awaits.c.sha256.in_(_NAMES)).distinct()


def open_ledger(connection: Connection, origin: str) -> str:
    """Begin the ledger under a name; one that was begun keeps its own, which is returned."""
    found = connection.scalar(select(ledger.c.origin))
    if found is None:
        row = {"ledger_id": 1, "origin": origin, "size": 0, "grown": 0, "head": first_hash(origin)}
        connection.execute(insert(ledger), row)
    return origin if found is None else str(found)


def lock_head(connection: Connection) -> Head:
    """Read the end of the chain, and keep others from adding to it until this transaction ends."""
    row = connection.execute(_HEAD).one()
    return Head(row.size, row.head)


@dataclass(frozen=True, slots=True)
class State:
    """What becomes of an event in the queue."""

    seq: int
    pieces: list[Any]
    is_open: bool


def add_events(connection: Connection, new: Sequence[NewEvent], states: Sequence[State], head: Head) -> None:
    """Add records to the end of the chain, each with its state in the queue; `head` is the one after them."""
    connection.execute(_ADD_EVENTS, [_row(event, state) for event, state in zip(new, states, strict=True)])
    connection.execute(_ADD_PERSONAL, [{"seq": event.seq, "personal": event.personal} for event in new])
    connection.execute(
        _ADD_SHIPMENTS,
        [
            {"province_id": event.province_id, "code": code, "seq": event.seq}
            for event in new
            for code in event.shipments
        ],
    )
    awaits = [{"sha256": name, "seq": event.seq} for event in new for name in event.awaits]
    if awaits:
        connection.execute(_ADD_AWAITS, awaits)
    connection.execute(_MOVE_HEAD, {"new_size": head.size, "new_head": head.hash})


def known_events(connection: Connection, event_ids: Collection[str]) -> dict[str, Known]:
    """Which events are here already."""
    rows = (row for names in in_lists(event_ids) for row in connection.execute(_KNOWN, {"names": names}))
    return {row.event_id: Known(row.digest, row.sent_by) for row in rows}


def owned_devices(connection: Connection, device_ids: Collection[str]) -> dict[str, Device]:
    """Enrolled devices with the users that they belong to, and where those work and worked."""
    by_device: dict[str, list[Any]] = defaultdict(list)
    for row in connection.execute(_DEVICES, {"names": list(device_ids)}):
        by_device[row.device_id].append(row)
    return {device_id: _device(rows) for device_id, rows in by_device.items()}


def _device(rows: Sequence[Any]) -> Device:
    """One row a term; without any term one row."""
    first = rows[0]
    terms = tuple(Term(row.site_id, row.since, row.until) for row in rows if row.site_id is not None)
    owner = Owner(first.user_id, Role(first.role), first.province_id, first.courier_id, terms)
    barred = first.barred_at is not None
    return Device(first.public_key, owner, first.enrolled_at, first.revoked_at, barred=barred)


def facts_of(connection: Connection, codes: Iterable[Code]) -> dict[Code, list[Fact]]:
    """Everything that the ledger says of some shipments."""
    return facts_and_states(connection, codes)[0]


def facts_and_states(connection: Connection, codes: Iterable[Code]) -> tuple[dict[Code, list[Fact]], dict[str, Kept]]:
    """The same, and what the queue says of these events, by their ids."""
    by_province: dict[str, list[str]] = defaultdict(list)
    for province_id, code in codes:
        by_province[province_id].append(code)
    found: dict[Code, list[Fact]] = defaultdict(list)
    kept: dict[str, Kept] = {}
    for province_id, wanted in by_province.items():
        asked = [{"province_id": province_id, "names": names} for names in in_lists(wanted)]
        for row in (row for values in asked for row in connection.execute(_FACTS, values)):
            fact = fact_of(json.loads(row.record))
            found[province_id, row.code].append(fact)
            kept[row.event_id] = Kept(
                row.seq, fact.event.shipments, row.pieces or [], row.is_open == 1, row.settled_by is not None
            )
    return found, kept


def still_awaiting(connection: Connection, numbers: Collection[int]) -> set[int]:
    """Which events wait for files."""
    asked = select(event_awaits.c.seq).where(event_awaits.c.seq.in_(_NAMES))
    return {seq for names in in_lists(numbers) for seq in connection.scalars(asked, {"names": names})}


def put_states(connection: Connection, states: Sequence[State], at: datetime) -> None:
    """Write down what has become of events in the queue; one that is open again is nobody's decision any more."""
    rows = [
        {"of_seq": state.seq, "pieces": state.pieces or None, "settled_at": None if state.is_open else at,
         "is_open": int(state.is_open)}
        for state in states
    ]  # fmt: skip
    connection.execute(_PUT_STATE, rows)


def fact_of(record: Mapping[str, Any]) -> Fact:
    """A record as a fact, without anything personal."""
    said = {name: value for name, value in record.items() if name not in SERVER_FIELDS}
    return Fact(recall(said), timedelta(milliseconds=record["clock_offset_ms"]))


def put_custody(connection: Connection, rows: Sequence[dict[str, Any]], fresh: Collection[Code]) -> None:
    """Write down who holds shipments now; `fresh` ones have never been held."""
    begun = [row for row in rows if (row["province_id"], row["code"]) in fresh]
    if begun:
        connection.execute(_ADD_CUSTODY, begun)
    passed = [
        {"of_province": row["province_id"], "of_code": row["code"], **row}
        for row in rows
        if (row["province_id"], row["code"]) not in fresh
    ]
    if passed:
        connection.execute(_PASS_ON, passed)


def add_to_quarantine(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Keep refused events, each once for each sender."""
    names = [row["sha256"] for row in rows]
    here = select(quarantine.c.sha256, quarantine.c.sent_by).where(quarantine.c.sha256.in_(names))
    seen = {(row.sha256, row.sent_by) for row in connection.execute(here)}
    fresh = {(row["sha256"], row["sent_by"]): row for row in rows}
    new = [row for key, row in fresh.items() if key not in seen]
    if new:
        connection.execute(insert(quarantine), new)


def files_came(connection: Connection, names: Collection[str], at: datetime) -> None:
    """Cross off files that events waited for; an event that lacked nothing else is settled."""
    numbers = list(connection.scalars(_AWAITING, {"names": list(names)}))
    if not numbers:
        return
    connection.execute(delete(event_awaits).where(event_awaits.c.sha256.in_(list(names))))
    for some in in_lists(numbers):
        _complete(connection, some, at)


def _complete(connection: Connection, numbers: Sequence[int], at: datetime) -> None:
    complete = (
        events.c.seq.in_(numbers),
        events.c.is_open == 1,
        events.c.pieces.is_(None),
        ~select(event_awaits.c.seq).where(event_awaits.c.seq == events.c.seq).exists(),
    )
    connection.execute(update(events).where(*complete).values(is_open=0, settled_at=at))


def _row(event: NewEvent, state: State) -> dict[str, Any]:
    return {
        "seq": event.seq, "event_id": event.event_id, "province_id": event.province_id, "office": event.office,
        "sent_by": event.sent_by, "recorded_at": event.recorded_at, "record": event.record.decode(),
        "leaf": event.leaf, "hash": event.hash, "digest": event.digest, "pieces": state.pieces or None,
        "is_open": int(state.is_open), "device_id": event.device_id, "counter": event.counter,
    }  # fmt: skip
