"""Custody events in the database."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import BindParameter, Connection, bindparam, delete, insert, select, update

from api.auth.tables import devices
from api.custody.answers import Device, Known
from api.custody.chain import first_hash
from api.custody.ordering import Fact
from api.custody.personal import Personal, recall
from api.custody.tables import (
    custody,
    event_awaits,
    event_personal,
    event_shipments,
    events,
    ledger,
    quarantine,
)

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
    pieces: list[dict[str, str]]
    """That a dispatcher has to clear up, besides files that have not come."""
    awaits: tuple[str, ...]
    """Those files."""


# Built once: to build a statement takes as long as to run it.
_NAMES: Final[BindParameter[Any]] = bindparam("names", expanding=True)
_HEAD = select(ledger.c.size, ledger.c.head).with_for_update()
_KNOWN = select(events.c.event_id, events.c.digest).where(events.c.event_id.in_(_NAMES))
_DEVICES = select(devices.c.device_id, devices.c.user_id, devices.c.public_key, devices.c.revoked_at).where(
    devices.c.device_id.in_(_NAMES)
)
_FACTS = (
    select(event_shipments.c.code, events.c.record)
    .join(events, events.c.seq == event_shipments.c.seq)
    .where(event_shipments.c.province_id == bindparam("province_id"), event_shipments.c.code.in_(_NAMES))
)
_PASS_ON = (
    update(custody)
    .where(custody.c.province_id == bindparam("of_province"), custody.c.code == bindparam("of_code"))
    .values({name: bindparam(name) for name in ("holding", "holder", "since", "last_seq")})
)
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


def add_events(connection: Connection, new: Sequence[NewEvent], head: Head) -> None:
    """Add records to the end of the chain; `head` is the one after them."""
    connection.execute(insert(events), [_row(event) for event in new])
    connection.execute(insert(event_personal), [{"seq": event.seq, "personal": event.personal} for event in new])
    connection.execute(
        insert(event_shipments),
        [
            {"province_id": event.province_id, "code": code, "seq": event.seq}
            for event in new
            for code in event.shipments
        ],
    )
    awaits = [{"sha256": name, "seq": event.seq} for event in new for name in event.awaits]
    if awaits:
        connection.execute(insert(event_awaits), awaits)
    connection.execute(update(ledger).values(size=head.size, head=head.hash))


def known_events(connection: Connection, event_ids: Collection[str]) -> dict[str, Known]:
    """Which events are here already."""
    rows = connection.execute(_KNOWN, {"names": list(event_ids)})
    return {row.event_id: Known(row.digest) for row in rows}


def owned_devices(connection: Connection, device_ids: Collection[str]) -> dict[str, tuple[str, Device]]:
    """Enrolled devices with the users that they belong to."""
    rows = connection.execute(_DEVICES, {"names": list(device_ids)})
    return {row.device_id: (row.user_id, Device(row.public_key, row.revoked_at)) for row in rows}


def facts_of(connection: Connection, codes: Iterable[Code]) -> dict[Code, list[Fact]]:
    """Everything that the ledger says of some shipments."""
    by_province: dict[str, list[str]] = defaultdict(list)
    for province_id, code in codes:
        by_province[province_id].append(code)
    found: dict[Code, list[Fact]] = defaultdict(list)
    for province_id, wanted in by_province.items():
        for row in connection.execute(_FACTS, {"province_id": province_id, "names": wanted}):
            found[province_id, row.code].append(fact_of(json.loads(row.record)))
    return found


def fact_of(record: Mapping[str, Any]) -> Fact:
    """A record as a fact, without anything personal."""
    said = {name: value for name, value in record.items() if name not in SERVER_FIELDS}
    return Fact(recall(said), timedelta(milliseconds=record["clock_offset_ms"]))


def put_custody(connection: Connection, rows: Sequence[dict[str, Any]], fresh: Collection[Code]) -> None:
    """Write down who holds shipments now; `fresh` ones have never been held."""
    begun = [row for row in rows if (row["province_id"], row["code"]) in fresh]
    if begun:
        connection.execute(insert(custody), begun)
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
    complete = (
        events.c.seq.in_(numbers),
        events.c.is_open == 1,
        events.c.pieces.is_(None),
        ~select(event_awaits.c.seq).where(event_awaits.c.seq == events.c.seq).exists(),
    )
    connection.execute(update(events).where(*complete).values(is_open=0, settled_at=at))


def _row(event: NewEvent) -> dict[str, Any]:
    return {
        "seq": event.seq, "event_id": event.event_id, "province_id": event.province_id, "office": event.office,
        "sent_by": event.sent_by, "recorded_at": event.recorded_at, "record": event.record.decode(),
        "leaf": event.leaf, "hash": event.hash, "digest": event.digest, "pieces": event.pieces or None,
        "is_open": 1 if event.pieces or event.awaits else 0,
    }  # fmt: skip
