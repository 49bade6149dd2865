"""Tallying the ledger in the database, some events at a time."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Row, delete, insert, select, update

from api.auth.tables import devices
from api.custody.ordering import Fact
from api.custody.replay import Custody, replay
from api.custody.store import Code, fact_of, facts_of, lock_head
from api.custody.tables import event_personal, events, ledger
from api.shipments.tables import shipments
from api.tallies.figures import TAKES, passage_of, taking_of
from api.tallies.tables import passages, takings, tallied

T = TypeVar("T")

AT_ONCE: Final = 100
"""Events in one work: an intake that waits behind it waits for some hundredths of a second."""
_MOST_VALUES: Final = 400
"""In one IN list."""


def progress(connection: Connection) -> tuple[int, int]:
    """How many events are tallied, and how many the ledger holds."""
    return _next(connection), connection.scalar(select(ledger.c.size)) or 0


def is_behind(connection: Connection) -> bool:
    """Whether the ledger holds events that are not tallied."""
    done, whole = progress(connection)
    return whole > done


def tally_some(connection: Connection, most: int = AT_ONCE) -> bool:
    """
    Tally the next events, under the ledger's lock: no two do it at once.

    Parameters
    ----------
    most
        Events.

    Returns
    -------
    more
        Whether others are left.
    """
    head, start = lock_head(connection), _next(connection)
    rows = _events(connection, start, most)
    if not rows:
        return False
    facts = [(row, fact_of(json.loads(row.record))) for row in rows]
    _add_takings(connection, facts)
    touched = {(row.province_id, code) for row, fact in facts for code in fact.event.shipments}
    _tally_shipments(connection, touched)
    end = rows[-1].seq + 1
    _set_next(connection, end, is_first=start == 0)
    return bool(end < head.size)


def _next(connection: Connection) -> int:
    return connection.scalar(select(tallied.c.next_seq)) or 0


def _set_next(connection: Connection, seq: int, *, is_first: bool) -> None:
    if is_first:
        connection.execute(insert(tallied).values(tallied_id=1, next_seq=seq))
    else:
        connection.execute(update(tallied).values(next_seq=seq))


def _events(connection: Connection, start: int, most: int) -> Sequence[Any]:
    columns = events.c.seq, events.c.event_id, events.c.province_id, events.c.office, events.c.record
    asked = (
        select(*columns, event_personal.c.personal, devices.c.enrolled_at)
        .outerjoin(event_personal)
        .outerjoin(devices, devices.c.device_id == events.c.device_id)
        .where(events.c.seq >= start)
    )
    return connection.execute(asked.order_by(events.c.seq).limit(most)).all()


def _add_takings(connection: Connection, facts: Sequence[tuple[Row[Any], Fact]]) -> None:
    rows = [
        {
            "seq": row.seq, "event_id": row.event_id, "province_id": row.province_id, "office": row.office,
            **asdict(taking), "is_void": 0,
        }
        for row, fact in facts
        for taking in [taking_of(fact, json.loads(row.record), row.personal, enrolled_at=row.enrolled_at)]
        if taking is not None
    ]  # fmt: skip
    if rows:
        connection.execute(insert(takings), rows)


def _tally_shipments(connection: Connection, touched: Collection[Code]) -> None:
    found = _custodies(connection, touched)
    money = [
        ((province_id, code), step.fact.event)
        for (province_id, _), custody in found.items()
        for step in custody.steps
        if step.fact.event.type in TAKES
        for code in step.fact.event.shipments
    ]
    # An event of several shipments is void when it is for any of them: all of them are looked at.
    others = _custodies(connection, {code for code, _ in money} - found.keys())
    _void(connection, {**found, **others})
    _put_passages(connection, found)


def _custodies(connection: Connection, codes: Collection[Code]) -> dict[Code, Custody]:
    found: dict[Code, Custody] = {}
    for some in batches(sorted(codes), _MOST_VALUES):
        found.update({code: replay(facts) for code, facts in facts_of(connection, some).items()})
    return found


def _void(connection: Connection, found: Mapping[Code, Custody]) -> None:
    """What is replaced counts no more, nor what the other side told before of each of its shipments."""
    void = {event_id for custody in found.values() for event_id in custody.void}
    steps = [
        step
        for (province_id, _), custody in found.items()
        for step in custody.steps
        if all((province_id, code) in found for code in step.fact.event.shipments)
    ]
    counted = {step.fact.event.event_id for step in steps if not step.is_told_again} - void
    void |= {step.fact.event.event_id for step in steps} - counted
    for names, is_void in ((counted, 0), (void, 1)):
        for some in batches(sorted(names), _MOST_VALUES):
            changed = takings.c.event_id.in_(some), takings.c.is_void != is_void
            connection.execute(update(takings).where(*changed).values(is_void=is_void))


def _put_passages(connection: Connection, found: Mapping[Code, Custody]) -> None:
    due = _due_days(connection, found.keys())
    rows = [
        {"province_id": key[0], "code": key[1], **asdict(passage_of(custody, due.get(key)))}
        for key, custody in found.items()
    ]
    for province_id, some in _by_province(found):
        of_some = passages.c.province_id == province_id, passages.c.code.in_(some)
        connection.execute(delete(passages).where(*of_some))
    if rows:
        connection.execute(insert(passages), rows)


def _due_days(connection: Connection, codes: Collection[Code]) -> dict[Code, date]:
    found: dict[Code, date] = {}
    for province_id, some in _by_province(codes):
        of_some = shipments.c.province_id == province_id, shipments.c.code.in_(some)
        rows = connection.execute(select(shipments.c.code, shipments.c.due_on).where(*of_some))
        found.update({(province_id, row.code): date.fromisoformat(row.due_on) for row in rows})
    return found


def _by_province(codes: Iterable[Code]) -> Iterator[tuple[str, list[str]]]:
    """Cut codes into lists of one province each: SQLite looks pairs up by reading the whole table."""
    for province_id, some in groupby(sorted(codes), key=itemgetter(0)):
        for few in batches([code for _, code in some], _MOST_VALUES):
            yield province_id, few


def batches(items: Sequence[T], size: int) -> Iterator[list[T]]:
    """Cut a sequence into pieces."""
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some
