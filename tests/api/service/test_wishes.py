"""Wishes over HTTP: left with the PIN, kept by the next plan, shown to who has to know, and really erased."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, func, select, update

from api.auth.tables import users
from api.live.tables import live_items
from api.network.model import Network
from api.network.store import read_network_at
from api.plans.schemas import Plan
from api.shipments.erasing_store import erase_persons
from api.shipments.tables import shipment_changes, shipment_wishes
from tests.api.custody.test_evidence_rules import COMPLETE
from tests.api.service.custody_made import made, send, with_device
from tests.api.service.running import PROVINCE, Service
from tests.api.service.test_tracking import other
from tests.api.service.wished import CODE, held_by, new_pin, plan_of, published, result_row, today, with_result

PATH = f"/api/v1/track/{CODE}"


def leave(service: Service, pin: str, **wish: Any) -> Any:
    return service.ask("POST", f"{PATH}/wishes", by=None, json={"pin": pin, **wish})


def tomorrow() -> str:
    return str(today() + timedelta(days=1))


def afternoon(note: str = "") -> dict[str, str]:
    return {"note": note, "day": tomorrow(), "window": "14:00-16:00"}


def hours(plan: Plan) -> list[tuple[int, int]]:
    """Hour and minute at which the plan serves `CODE`."""
    stops = (stop for route in plan.routes for trip in route.trips for stop in trip.stops)
    mine = (stop.starts for stop in stops if any(task.shipment == CODE for task in stop.tasks))
    return [(at.hour, at.minute) for at in mine]


def test_a_wish_is_left_kept_by_the_next_plan_and_shown(service: Service) -> None:
    with_result(service)
    pin = new_pin(service)
    assert (7, 0) <= hours(plan_of(service, today() + timedelta(days=1))[1])[0] < (14, 0)  # as it comes
    left = leave(service, pin, **afternoon("Chó dữ, gọi trước"))
    assert left.status_code == 200, left.text
    wish = left.json()["wish"]
    assert (wish["day"], wish["window"], wish["note"]) == (tomorrow(), "14:00-16:00", "Chó dữ, gọi trước")
    assert hours(plan_of(service, today())[1]) == []
    plan = published(service, today() + timedelta(days=1))
    assert (14, 0) <= hours(plan)[0] <= (16, 0)
    visit = service.ask("POST", PATH, by=None, json={"pin": pin}).json()["visit"]
    at = datetime.fromisoformat(visit["arrives"])
    assert (at.date().isoformat(), at.hour in (13, 14, 15, 16), visit["under_way"]) == (tomorrow(), True, False)
    masked = service.ask("GET", f"/api/v1/shipments/{CODE}", by="dispatcher").json()
    assert (masked["wish_day"], masked["wish_window"], masked["wish_note"]) == (tomorrow(), "14:00-16:00", None)
    shown = service.ask("GET", f"/api/v1/shipments/{CODE}?reveal=true", by="dispatcher").json()
    assert (shown["wish_note"], shown["note"]) == ("Chó dữ, gọi trước", "Nhà sau chợ")


def test_the_courier_has_the_note_and_the_hours_in_the_round(sqlite_service: Service) -> None:
    service = with_result(sqlite_service)
    leave(service, new_pin(service), **afternoon("Chó dữ"))
    plan = published(service, today() + timedelta(days=1))
    (route,) = [route for route in plan.routes if hours(plan)]
    of_courier = update(users).where(users.c.login == "courier").values(courier_id=route.courier_id)
    service.runtime.writer.write_now(lambda c: c.execute(of_courier))
    mine = service.ask("GET", f"/api/v1/rounds/mine?day={tomorrow()}", by="courier").json()
    (parcel,) = mine["parcels"]
    assert (parcel["note"], parcel["windows"]) == ("Nhà sau chợ\nChó dữ", "14:00-16:00")


def test_what_is_published_keeps_its_hours_but_takes_a_note(sqlite_service: Service) -> None:
    service = with_result(sqlite_service)
    pin = new_pin(service)
    published(service, today() + timedelta(days=1))
    for day in (1, 2):
        asked = {"day": str(today() + timedelta(days=day)), "window": "14:00-16:00"}
        refused = leave(service, pin, **asked)
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "refused")
        assert "đã xếp" in refused.json()["error"]["message_vi"]
    assert leave(service, pin, note="Chó dữ").json()["wish"]["note"] == "Chó dữ"


def test_a_note_is_added_to_hours_that_are_published(sqlite_service: Service) -> None:
    service = with_result(sqlite_service)
    pin = new_pin(service)
    leave(service, pin, **afternoon())
    published(service, today() + timedelta(days=1))
    added = leave(service, pin, **afternoon("Chó dữ"))
    assert added.status_code == 200, added.text
    wish = added.json()["wish"]
    assert (wish["note"], wish["day"], wish["window"]) == ("Chó dữ", tomorrow(), "14:00-16:00")
    assert leave(service, pin, **afternoon() | {"window": "14:00-15:00"}).status_code == 409


def test_a_wrong_pin_leaves_nothing_and_is_counted(service: Service) -> None:
    with_result(service)
    pin = new_pin(service)
    for n in range(1, 6):
        assert leave(service, other(pin, n), **afternoon()).status_code == 401
    waiting = leave(service, pin, **afternoon())
    assert waiting.status_code == 429
    assert int(waiting.headers["Retry-After"]) > 0
    with service.runtime.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(shipment_wishes)) == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ({"note": "x" * 201}, 422),
        ({"note": "\x00"}, 422),
        ({"day": "2026-11-20"}, 422),
        ({"window": "14:00-16:00"}, 422),
        ({"day": str(today() + timedelta(days=1)), "window": "16:00-14:00"}, 422),
        ({"day": str(today() + timedelta(days=1)), "window": "quá trưa"}, 422),
        ({"day": str(today() + timedelta(days=1)), "window": "05:00-06:30"}, 409),
        ({"day": str(today() - timedelta(days=1)), "window": "14:00-16:00"}, 409),
        ({"day": str(today() + timedelta(days=8)), "window": "14:00-16:00"}, 409),
        ({"note": "x" * 200}, 200),
    ],
    ids=("long", "null", "no-hours", "no-day", "backwards", "words", "night", "yesterday", "far", "fits"),
)
def test_what_cannot_be_wished_is_refused(sqlite_service: Service, wish: dict[str, str], status: int) -> None:
    service = with_result(sqlite_service)
    answer = leave(service, new_pin(service), **wish)
    assert answer.status_code == status, answer.text
    if status == 409:
        assert {"message_vi", "message_en"} <= answer.json()["error"].keys()


@pytest.mark.slow
def test_the_open_days_are_the_working_days_with_their_hours(sqlite_service: Service) -> None:
    service = with_result(sqlite_service)
    found = service.ask("GET", f"{PATH}/days", by=None)
    days = {one["day"]: one["hours"] for one in found.json()["days"]}
    assert {day: days[day] for day in days if day != str(today())} == {
        str(today() + timedelta(days=n)): "07:00-17:30" for n in range(1, 8)
    }


def test_a_network_is_read_once_a_version_however_often_its_days_are_asked_for(
    sqlite_service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []

    def reads(connection: Connection, province_id: str, version: int) -> Network:
        read.append(version)
        return read_network_at(connection, province_id, version)

    monkeypatch.setattr("api.tracking.networks.read_network_at", reads)
    service = with_result(sqlite_service)
    first = [service.ask("GET", f"{PATH}/days", by=None).json() for _ in range(3)]
    assert (read, first[0] == first[1] == first[2]) == ([1], True)
    holiday = {"date": tomorrow(), "kind": "holiday", "name": "nghỉ"}
    body = {"cells": holiday, "version": 1, "note": "nghỉ"}
    changed = service.ask("PUT", f"/api/v1/network/calendar?province={PROVINCE}", json=body)
    assert changed.status_code == 200, changed.text
    after = [one["day"] for one in service.ask("GET", f"{PATH}/days", by=None).json()["days"]]
    assert (read, tomorrow() in after) == ([1, 2], False)


def test_a_courier_who_has_it_cannot_be_told_any_more(sqlite_service: Service) -> None:
    service = with_result(sqlite_service)
    pin = new_pin(service)
    with_device(service, "courier", "D1")
    for counter, kind in enumerate(("COLLECT_RESULT", "ARRIVE", "OUT"), 1):
        data = {**COMPLETE[kind], **({"scanned": [CODE]} if kind == "OUT" else {})}
        send(service, made(kind, counter, code=CODE, data=data))
    refused = leave(service, pin, note="Chó dữ")
    assert (refused.status_code, "gọi bưu cục" in refused.json()["error"]["message_vi"]) == (409, True)


def test_the_last_wish_stands_can_be_taken_back_and_ends_after_twenty(sqlite_service: Service) -> None:
    service = with_result(sqlite_service)
    pin = new_pin(service)
    leave(service, pin, **afternoon("một"))
    assert leave(service, pin, note="hai").json()["wish"]["day"] is None
    back = leave(service, pin)
    assert (back.status_code, back.json()["wish"]) == (200, None)
    assert service.ask("POST", PATH, by=None, json={"pin": pin}).json()["wish"] is None
    for n in range(17):
        assert leave(service, pin, note=f"lần {n}").status_code == 200
    assert leave(service, pin, note="nữa").status_code == 409
    assert leave(service, pin).json()["wish"] is None  # taking back is always free
    with service.runtime.database.read() as connection:
        before = connection.scalar(select(func.count()).select_from(shipment_changes))
    assert leave(service, pin).status_code == 200  # and nothing is changed by taking nothing back
    with service.runtime.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(shipment_changes)) == before


def test_a_wish_is_noted_without_its_words_and_raises_the_version(service: Service) -> None:
    with_result(service)
    leave(service, new_pin(service), **afternoon("Chó dữ"))
    looks = service.ask("GET", "/api/v1/looks", by="auditor")
    assert {"wish_by_pin", "wish_left"} <= {look["action"] for look in looks.json()["looks"]}
    assert "Chó dữ" not in looks.text
    with service.runtime.database.read() as connection:
        row = connection.execute(select(shipment_changes)).one()
    assert (row.version, row.by_user, row.columns) == (2, None, ["wish"])
    stale = service.ask("PATCH", f"/api/v1/shipments/{CODE}", by="dispatcher", json={"version": 1, "note": "khác"})
    assert stale.status_code == 409


@pytest.mark.parametrize("windows", ["08:00-10:00", ""], ids=("other", "as-before"))
def test_hours_that_a_desk_agrees_on_end_the_wished_ones_and_keep_the_note(service: Service, windows: str) -> None:
    with_result(service)
    pin = new_pin(service)
    assert leave(service, pin, **afternoon("Chó dữ")).status_code == 200
    path = f"/api/v1/shipments/{CODE}"
    noted = service.ask("PATCH", path, by="desk", json={"version": 2, "priority": 5}).json()
    assert noted["wish_window"] == "14:00-16:00"  # nothing was agreed on
    answer = service.ask("PATCH", path, by="desk", json={"version": 3, "windows": windows})
    assert answer.status_code == 200, answer.text
    agreed = answer.json()
    assert (agreed["windows"], agreed["wish_day"], agreed["wish_window"], agreed["version"]) == (windows, None, None, 4)
    ((at, _),) = hours(plan_of(service, today() + timedelta(days=1))[1])
    assert at < 14
    wish = service.ask("POST", PATH, by=None, json={"pin": pin}).json()["wish"]
    assert (wish["note"], wish["day"]) == ("Chó dữ", None)
    with service.runtime.database.read() as connection:
        changed = connection.scalars(select(shipment_changes.c.columns).order_by(shipment_changes.c.version)).all()
    assert changed == [["wish"], ["priority"], sorted({"wish"} | ({"windows"} if windows else set()))]
    again = service.ask("PATCH", path, by="desk", json={"version": 4, "windows": windows}).json()
    assert again["version"] == 4


@pytest.mark.parametrize(
    ("changed", "keeps"),
    [({"windows": "08:00-10:00"}, False), ({"grams": 900}, True), ({}, True)],
    ids=("windows", "something-else", "nothing"),
)
def test_an_imported_file_ends_the_wished_hours_when_it_changes_the_windows(
    service: Service, changed: dict[str, Any], *, keeps: bool
) -> None:
    with_result(service)
    pin = new_pin(service)
    assert leave(service, pin, **afternoon("Chó dữ")).status_code == 200
    rows = {"shipments": [{**result_row(), **changed}]}
    file = {"file": ("shipments.json", json.dumps(rows).encode())}
    taken = service.ask("POST", "/api/v1/shipments/import", by="dispatcher", files=file)
    assert (taken.status_code, taken.json()["changed"]) == (200, int(bool(changed))), taken.text
    found = service.ask("GET", f"/api/v1/shipments/{CODE}", by="dispatcher").json()
    assert found["wish_window"] == ("14:00-16:00" if keeps else None)
    wish = service.ask("POST", PATH, by=None, json={"pin": pin}).json()["wish"]
    assert wish["note"] == "Chó dữ"
    assert hours(plan_of(service, today() + timedelta(days=1))[1])[0] >= ((14, 0) if keeps else (8, 0))
    with service.runtime.database.read() as connection:
        noted = connection.scalars(select(shipment_changes.c.columns).order_by(shipment_changes.c.version)).all()
    assert noted == [["wish"], *([sorted(changed) + ([] if keeps else ["wish"])] if changed else [])]


def test_dispatchers_hear_of_a_wish_at_once_without_its_words(sqlite_service: Service) -> None:
    service = with_result(sqlite_service)
    leave(service, new_pin(service), **afternoon("Chó dữ"))
    with service.runtime.database.read() as connection:
        told = connection.execute(select(live_items)).one()
    assert (told.kind, told.base_id, told.courier_id) == ("wish", "BC-LX", None)
    assert told.body == {"code": CODE, "day": tomorrow()}


def test_a_wish_goes_with_the_people(service: Service) -> None:
    with_result(service)
    pin = new_pin(service)
    leave(service, pin, **afternoon("Chó dữ"))
    held_by(service, "done", holder="", moved_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert service.runtime.writer.write_now(lambda c: erase_persons(c, datetime(2021, 1, 1, tzinfo=UTC))) == 1
    with service.runtime.database.read() as connection:
        assert connection.execute(select(shipment_wishes)).all() == []
    found = service.ask("POST", PATH, by=None, json={"pin": pin}).json()
    assert (found["name"], found["wish"]) == (None, None)
    assert leave(service, pin, note="nữa").status_code == 409


@pytest.mark.slow
def test_nobody_sees_a_wish_without_the_pin(sqlite_service: Service) -> None:
    service = with_result(sqlite_service)
    leave(service, new_pin(service), **afternoon("Chó dữ"))
    found = service.ask("GET", PATH, by=None)
    assert "Chó dữ" not in found.text
    assert not {"wish", "visit", "name"} & found.json().keys()
