"""What is open in the queue follows from the set of facts, not from the order in which they came; whose rules count."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from api.custody.replay import replay
from api.custody.store import facts_of
from api.custody.tables import events
from tests.api.service.custody_made import add_shipments, made, send, with_device
from tests.api.service.running import OFFICE, PROVINCE, Service
from tests.effort import draws

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY = date(2026, 3, 2)
NUMBERS = itertools.count()


def at(day: int, hour: int = 9) -> str:
    return datetime.combine(MONDAY + timedelta(days=day), time(hour), ZONE).isoformat()


def story(*codes: str) -> list[dict[str, Any]]:
    """Two shipments: out and back, invited too early, held too short, returned, corrected; each complete in itself."""
    site, courier = {"site_id": OFFICE}, {"courier_id": "BT-01"}
    notice = {**site, "notice_no": "M1"}

    def event(counter: int, kind: str, day: int, data: dict[str, Any], *of: str, **more: Any) -> dict[str, Any]:
        return made(kind, counter, code=codes[0], shipments=list(of or codes), at=at(day), data=data, **more)

    scanned = {**site, "scanned": list(codes)}
    found = [
        event(1, "ARRIVE", 0, scanned),
        event(2, "OUT", 1, {**courier, "scanned": list(codes)}),
        event(3, "ATTEMPT", 2, {**courier, "reason": "no_time", "action": "try_again"}, codes[0]),
        event(4, "ARRIVE", 3, scanned),
        event(5, "INVITE_1", 4, notice),
        event(6, "INVITE_2", 5, notice),
        event(7, "HOLD", 6, {**notice, "held_until": (MONDAY + timedelta(days=10)).isoformat()}, codes[1]),
        event(8, "RETURN_START", 7, {**site, "legal_ground": "17.1.d"}),
    ]
    correction = {"who": "u", "why": "nhầm", "correction": "did_not_occur"}
    found.append(event(9, "CORRECT", 8, correction, replaces=found[5]["event_id"]))
    found.append(event(10, "CORRECT", 9, correction, codes[0], replaces=found[7]["event_id"]))
    found.append(event(11, "CORRECT", 9, correction, replaces=found[8]["event_id"]))
    return found


def queue(service: Service, ids: list[str]) -> dict[str, list[tuple[str, str | None]]]:
    """What is open, and why."""
    with service.runtime.database.read() as connection:
        rows = connection.execute(select(events).where(events.c.event_id.in_(ids), events.c.is_open == 1)).all()
    return {row.event_id: [(piece["code"], piece.get("shipment")) for piece in row.pieces or ()] for row in rows}


@pytest.fixture
def ready(sqlite_service: Service) -> Service:
    return with_device(sqlite_service)


@pytest.mark.slow
@settings(max_examples=draws(15, 400), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_is_open_in_the_end_does_not_depend_on_the_order_of_arrival(ready: Service, data: st.DataObject) -> None:
    wanted = data.draw(st.lists(st.sampled_from(range(11)), unique=True, min_size=1))
    order = data.draw(st.permutations(range(len(wanted))))
    size = data.draw(st.integers(1, 4))
    found = []
    for arrival, step in ((range(len(wanted)), 1), (order, size)):
        codes = [f"H{next(NUMBERS)}" for _ in range(2)]
        ready.runtime.writer.write_now(partial(_add, codes))
        told = story(*codes)
        chosen = [told[number] for number in sorted(wanted)]
        names = {one["event_id"]: number for number, one in zip(sorted(wanted), chosen, strict=True)}
        sent = [chosen[number] for number in arrival]
        for batch in _batched(sent, step):
            send(ready, *batch)
        found.append(
            {
                names[event_id]: sorted((code, codes.index(of) if of else None) for code, of in pieces)
                for event_id, pieces in queue(ready, list(names)).items()
            }
        )
        assert {names[name] for name in _contradicted(ready, codes)} <= found[-1].keys()
    assert found[0] == found[1]


def _batched(sent: list[Any], size: int) -> Iterator[list[Any]]:
    for start in range(0, len(sent), size):
        yield sent[start : start + size]


def _contradicted(service: Service, codes: list[str]) -> set[str]:
    """By the history alone."""
    with service.runtime.database.read() as connection:
        facts = facts_of(connection, [(PROVINCE, code) for code in codes])
    steps = [step for some in facts.values() for step in replay(some).steps]
    return {step.fact.event.event_id for step in steps if step.contradictions}


def _add(codes: list[str], connection: Connection) -> None:
    add_shipments(connection, *codes)
