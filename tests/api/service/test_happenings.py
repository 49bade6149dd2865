"""What happened on a day since a plan last followed it: by hand, and no more is read than that asks for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.event import listen

from api.custody.ordering import Fact
from api.custody.store import fact_of
from api.live.replan.happening_store import happenings, next_seq
from tests.api.service.custody_made import made, send, user_id_of, with_device
from tests.api.service.running import PROVINCE, Service

CODES = [f"S{number}" for number in range(1, 5)]
MIDNIGHT = datetime.now(UTC) - timedelta(hours=12)
TRIED: dict[str, Any] = {"courier_id": "BT-01", "reason": "no_time", "action": "try_again"}


def tried(counter: int, code: str, **more: Any) -> dict[str, Any]:
    return made("ATTEMPT", counter, code=code, data=TRIED, **more)


def taken_out(service: Service) -> int:
    """All of them go out; returns where the ledger is then."""
    with_device(service, "courier", "D1", *CODES)
    send(service, *(made("OUT", n, code=code, data={"courier_id": "BT-01"}) for n, code in enumerate(CODES, 1)))
    with service.runtime.database.read() as connection:
        return next_seq(connection)


def found(service: Service, seq: int, *codes: str) -> list[tuple[str, tuple[str, ...]]]:
    with service.runtime.database.read() as connection:
        told = happenings(connection, PROVINCE, codes or CODES, seq, MIDNIGHT)
    return [(one.type.value, tuple(one.codes)) for one in told]


def test_only_shipments_that_something_happened_to_are_read(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    seq = taken_out(service)
    send(service, tried(9, "S2"))
    read: list[Any] = []

    def noted(record: Mapping[str, Any]) -> Fact:
        read.append(record["shipments"])
        return fact_of(record)

    monkeypatch.setattr("api.live.replan.happening_store.fact_of", noted)
    assert found(service, seq) == [("ATTEMPT", ("S2",))]
    assert read == [["S2"], ["S2"]]
    assert found(service, seq, "S1", "S3") == []
    assert len(read) == 2
    assert [kind for kind, _ in found(service, 0)] == ["OUT"] * 4 + ["ATTEMPT"]


def test_a_correction_that_came_in_before_what_it_corrects_still_counts(service: Service) -> None:
    with_device(service, "courier", "D1", *CODES)
    event = tried(1, "S1")
    said = {"who": user_id_of(service, "courier"), "why": "nhầm", "correction": "did_not_occur"}
    send(service, made("CORRECT", 2, code="S1", replaces=event["event_id"], data=said))
    with service.runtime.database.read() as connection:
        seq = next_seq(connection)
    send(service, event, tried(3, "S2"))
    assert found(service, seq) == [("ATTEMPT", ("S2",))]


def test_what_undoes_something_that_was_followed_is_told(service: Service) -> None:
    with_device(service, "courier", "D1", *CODES)
    event = made("DELIVER", 1, code="S3", data={"courier_id": "BT-01"})
    send(service, event)
    with service.runtime.database.read() as connection:
        seq = next_seq(connection)
    said = {"who": user_id_of(service, "courier"), "why": "nhầm", "correction": "did_not_occur"}
    send(service, made("CORRECT", 2, code="S3", replaces=event["event_id"], data=said))
    assert found(service, seq) == [("CORRECT", ("S3",))]


def test_what_is_new_of_each_shipment_is_found_by_its_key(sqlite_service: Service) -> None:
    """Not by the numbers of the ledger: those since a morning are everybody's."""
    seq = taken_out(sqlite_service)
    asked: list[tuple[str, Any]] = []
    with sqlite_service.runtime.database.read() as connection:
        listen(connection, "before_cursor_execute", lambda *told: asked.append((told[2], told[3])))
        happenings(connection, PROVINCE, CODES, seq, MIDNIGHT)
        ((statement, values),) = asked
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
    by_key = "USING PRIMARY KEY (province_id=? AND code=?"
    assert sum(by_key in line for line in plan) == 2, plan
    assert not [line for line in plan if line.startswith("SCAN")], plan
