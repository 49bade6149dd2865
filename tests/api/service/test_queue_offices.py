"""Doubtful events that no single office told: shown to the offices with a hand in the shipment, and to no others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from sqlalchemy import Connection, insert, update
from sqlalchemy.event import listen

from api.auth.roles import Scope
from api.auth.tables import user_offices
from api.custody.queue_store import counts, lacking, open_events
from api.custody.tables import custody
from api.shipments.tables import shipments
from tests.api.service.custody_made import made, send, user_id_of, with_device
from tests.api.service.running import OFFICE, OTHER_OFFICE, PROVINCE, Service

QUEUE = "/api/v1/custody/incomplete"
ALL = {"dispatcher", "other-dispatcher", "head-dispatcher", "auditor"}
WHOLE_PROVINCE = {"head-dispatcher", "auditor"}
NOWHERE: Mapping[str, Any] = dict.fromkeys(
    ("origin_site", "origin_base", "dest_site", "dest_base", "at_site", "at_base")
)


def doubtful(service: Service, *codes: str, by: str = "head-dispatcher") -> str:
    """An event told from no single office that does not say what the trouble is."""
    event = made("EXCEPTION", code=codes[0], shipments=list(codes), device_id="D-head")
    ((answer),) = send(service, event, by=by)
    assert answer["verdict"] == "incomplete"
    return str(event["event_id"])


def see(service: Service, event_id: str) -> set[str]:
    """Who is shown it: in the list, in the counts and by its id alike."""
    found = set()
    for login in sorted(ALL):
        listed = service.ask("GET", QUEUE, by=login).json()["events"]
        counted = service.ask("GET", f"{QUEUE}/counts", by=login).json()["open"]
        is_there = service.ask("GET", f"{QUEUE}/{event_id}", by=login).status_code == 200
        assert (len(listed), counted) == (int(is_there), int(is_there)), login
        found |= {login} if is_there else set()
    return found


def moved(service: Service, *codes: str, **ends: str) -> None:
    of_codes = shipments.c.code.in_(codes)
    service.runtime.writer.write_now(lambda c: c.execute(update(shipments).where(of_codes).values({**NOWHERE, **ends})))


@pytest.mark.parametrize("end", list(NOWHERE))
def test_an_office_from_to_or_at_which_the_shipment_is_sees_it(sqlite_service: Service, end: str) -> None:
    service = with_device(sqlite_service, "head-dispatcher", "D-head", "S1")
    moved(service, "S1", **{end: OTHER_OFFICE})
    assert see(service, doubtful(service, "S1")) == WHOLE_PROVINCE | {"other-dispatcher"}


def test_it_belongs_to_every_office_of_each_of_its_shipments(service: Service) -> None:
    with_device(service, "head-dispatcher", "D-head", "S1", "S2")
    moved(service, "S2", dest_base=OTHER_OFFICE)
    assert see(service, doubtful(service, "S1", "S2")) == ALL


@pytest.mark.parametrize(("holding", "holder"), [("site", OFFICE), ("courier", "BT-01")])
def test_the_office_whose_people_hold_it_sees_it(service: Service, holding: str, holder: str) -> None:
    with_device(service, "head-dispatcher", "D-head", "S1")
    moved(service, "S1")
    event_id = doubtful(service, "S1")
    assert see(service, event_id) == WHOLE_PROVINCE
    put = {"holding": holding, "holder": holder}
    service.runtime.writer.write_now(lambda c: c.execute(update(custody).values(put)))
    assert see(service, event_id) == WHOLE_PROVINCE | {"dispatcher"}


def test_what_nobody_has_a_hand_in_is_left_to_the_provinces_own_people(service: Service) -> None:
    with_device(service, "head-dispatcher", "D-head")
    event_id = doubtful(service, "UNKNOWN")
    assert see(service, event_id) == WHOLE_PROVINCE
    for login, status in (("other-dispatcher", 404), ("head-dispatcher", 204)):
        settled = service.ask("POST", f"{QUEUE}/{event_id}/settled", by=login, json={"note": "đã hỏi"})
        assert settled.status_code == status


def test_who_works_in_several_offices_tells_it_for_each(service: Service) -> None:
    with_device(service, "head-dispatcher", "D-head")
    rows = [{"user_id": user_id_of(service, "head-dispatcher"), "site_id": s} for s in (OFFICE, OTHER_OFFICE)]
    service.runtime.writer.write_now(lambda c: c.execute(insert(user_offices), rows))
    assert see(service, doubtful(service, "UNKNOWN")) == ALL


def plans_of(service: Service, ask: Callable[[Connection], object]) -> list[list[str]]:
    """How SQLite finds what each statement asks for."""
    asked: list[tuple[str, Any]] = []
    with service.runtime.database.read() as connection:
        listen(connection, "before_cursor_execute", lambda *told: asked.append((told[2], told[3])))
        ask(connection)
        return [
            [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
            for statement, values in list(asked)
        ]


def test_the_queue_of_an_office_is_found_by_indexes_alone(sqlite_service: Service) -> None:
    with_device(sqlite_service, "head-dispatcher", "D-head")
    doubtful(sqlite_service, "UNKNOWN")
    scope = Scope(PROVINCE, frozenset({OFFICE}))
    asks: list[Callable[[Connection], object]] = [
        lambda c: open_events(c, scope, PROVINCE, -1, 100),
        lambda c: open_events(c, Scope(PROVINCE), PROVINCE, -1, 100),
        lambda c: counts(c, scope, PROVINCE),
    ]
    for ask in asks:
        scanned = {
            line.split()[1]
            for plan in plans_of(sqlite_service, ask)
            for line in plan
            if line.startswith("SCAN") and "INDEX" not in line
        }
        assert scanned.isdisjoint({"events", "event_shipments", "event_awaits", "shipments", "custody"})
    ((plan, awaits),) = [plans_of(sqlite_service, asks[1])]
    assert ["ix_events_open" in plan[0], "ix_event_awaits_seq" in awaits[0]] == [True, True]
    looked_up = " ".join(line for line in plans_of(sqlite_service, asks[0])[0] if line.startswith("SEARCH"))
    for index in ("ix_events_open", "ix_event_shipments_seq", "_shipments_1", "_custody_1"):
        assert index in looked_up


def test_what_a_duplicate_lacks_is_found_by_indexes_alone(sqlite_service: Service) -> None:
    with_device(sqlite_service, "head-dispatcher", "D-head")
    event_id = doubtful(sqlite_service, "UNKNOWN")
    plans = plans_of(sqlite_service, lambda connection: lacking(connection, [event_id]))
    assert len(plans) == 2
    assert [line for plan in plans for line in plan if line.startswith("SCAN")] == []
