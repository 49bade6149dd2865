"""What couriers did on a running day, read from the ledger."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from api.auth.tables import users
from api.custody.ordering import Fact
from api.custody.replay import replay
from api.custody.store import fact_of
from api.custody.tables import event_shipments, events, ledger
from api.custody.vocabulary import EventType
from api.live.replan.following import FOLLOWED, Happening
from api.tallies.store import batches

_MOST_VALUES = 500
"""In one IN list."""
_SINCE = event_shipments.alias("since")


@dataclass(frozen=True, slots=True)
class _Recorded:
    fact: Fact
    seq: int
    courier_id: str | None
    """Whose phone sent it; None = a desk."""


def next_seq(connection: Connection) -> int:
    """Of the ledger: the records before have been read by whoever reads them in the same snapshot."""
    return connection.scalar(select(ledger.c.size)) or 0


def happenings(
    connection: Connection, province_id: str, codes: Collection[str], seq: int, midnight: datetime
) -> list[Happening]:
    """
    What couriers did with shipments since a record of the ledger and on a day, in the order of their doing.

    What was corrected among it did not happen, whoever corrected it. A correction of what was followed before is told
    itself: the day has gone on from something that is not so.

    Only shipments to which something has happened since are read, and these from their first event: what corrects an
    event may have come in long before it.
    """
    known = _recorded(connection, province_id, codes, seq)
    void = _void(known.values())
    new = [one for name, one in known.items() if one.seq >= seq and name not in void]
    done = [
        (one.fact, one.courier_id)
        for one in new
        if one.courier_id is not None and one.fact.moment >= midnight and not _is_at_counter(one)
    ]
    done.sort(key=lambda pair: (pair[0].moment, pair[0].event.device_id, pair[0].event.counter))
    told = [_happening(fact, courier_id, fact.event.type, midnight, of=fact) for fact, courier_id in done]
    return [*(one for one in told if one.type is not EventType.CORRECT), *_corrections(new, known, seq, midnight)]


def _is_at_counter(one: _Recorded) -> bool:
    """Taken from a citizen at a site of the post: it lies there until the courier of its round comes for it."""
    event = one.fact.event
    return event.type is EventType.ACCEPT and event.data.site_id is not None and event.data.courier_id != one.courier_id


def _corrections(
    new: Iterable[_Recorded], known: Mapping[str, _Recorded], seq: int, midnight: datetime
) -> Iterator[Happening]:
    """What undoes an event that was followed; told again as the same, it undoes nothing."""
    for one in new:
        old = known.get(str(one.fact.event.replaces))
        if old is None or old.seq >= seq or old.courier_id is None or old.fact.moment < midnight:
            continue
        if old.fact.event.type in FOLLOWED and old.fact.event.type != one.fact.event.type:
            yield _happening(one.fact, old.courier_id, EventType.CORRECT, midnight, of=old.fact)


def _happening(fact: Fact, courier_id: str, kind: EventType, midnight: datetime, *, of: Fact) -> Happening:
    at = int((fact.moment - midnight).total_seconds())
    return Happening(str(fact.event.event_id), courier_id, EventType(kind), of.event.shipments, at)


def _recorded(connection: Connection, province_id: str, codes: Collection[str], seq: int) -> dict[str, _Recorded]:
    found: dict[str, _Recorded] = {}
    for some in batches(sorted(codes), _MOST_VALUES):
        touched = select(_SINCE.c.code).where(
            _SINCE.c.province_id == province_id, _SINCE.c.code.in_(some), _SINCE.c.seq >= seq
        )
        asked = (
            select(events.c.event_id, events.c.seq, events.c.record, users.c.courier_id)
            .join(event_shipments, event_shipments.c.seq == events.c.seq)
            .join(users, users.c.user_id == events.c.sent_by)
            .where(event_shipments.c.province_id == province_id, event_shipments.c.code.in_(touched))
        )
        for row in connection.execute(asked):
            found[row.event_id] = _Recorded(fact_of(json.loads(row.record)), row.seq, row.courier_id)
    return found


def _void(known: Iterable[_Recorded]) -> frozenset[str]:
    """As custody has it, shipment by shipment."""
    by_code: defaultdict[str, list[Fact]] = defaultdict(list)
    for one in known:
        for code in one.fact.event.shipments:
            by_code[code].append(one.fact)
    return frozenset[str]().union(*(replay(facts).void for facts in by_code.values()))
