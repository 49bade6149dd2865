"""Shipments in the database: taken once, found by a plain scan's own answer, shown only to those who may see them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from api.auth.roles import Role, Scope
from api.auth.store import User, add_user
from api.auth.tables import looks
from api.custody.tables import custody
from api.ids import new_id
from api.network.reader import read_network
from api.shipments.erasing_store import erase_persons
from api.shipments.moving_store import Move, note_moves
from api.shipments.reader import read_shipments
from api.shipments.store import waiting_shipments
from api.shipments.tables import shipment_persons, shipment_words
from api.shipments.words import digits, folded
from tests.api.network_files import small_network, small_shipments, write_folder, write_shipments
from tests.api.service import running
from tests.api.service.custody_made import made, with_device
from tests.api.service.custody_made import send as post
from tests.api.service.running import PROVINCE, Service

DAY = "2026-11-20"
SHIPMENTS = "/api/v1/shipments"
NAMES = ("Nguyễn Thị Đào", "TRẦN VĂN Nguyên", "")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "network", small_network())


@pytest.fixture(autouse=True)
def _network(request: pytest.FixtureRequest, folder: Path) -> None:
    name = next((name for name in ("service", "sqlite_service") if name in request.fixturenames), None)
    if name is None:
        return
    service: Service = request.getfixturevalue(name)
    files = [("files", (path.name, path.read_bytes())) for path in sorted(folder.iterdir())]
    assert service.ask("POST", "/api/v1/network/import", by="planner", files=files).status_code == 200
    for login, office in (("one", "B1"), ("two", "B2")):
        scope = Scope(PROVINCE, frozenset({office}))
        user = User(new_id(), login, login, Role.DESK, scope, None, running._HASH, must_change=False, disabled=False)
        service.runtime.writer.write_now(partial(_add, user))


def _add(user: User, connection: Connection) -> None:
    add_user(connection, user, datetime.now(UTC))


def rows() -> list[dict[str, Any]]:
    return [{**row, "contact_name": name} for row, name in zip(small_shipments(), NAMES, strict=True)]


def send(service: Service, path: Path, by: str = "head-dispatcher", query: str = "") -> Any:
    files = {"file": (path.name, path.read_bytes())}
    return service.ask("POST", f"{SHIPMENTS}/import?on={DAY}{query}", by=by, files=files)


def found(service: Service, query: str, by: str = "head-dispatcher") -> list[str]:
    answer = service.ask("GET", f"{SHIPMENTS}?{query}", by=by)
    assert answer.status_code == 200, answer.text
    return [one["code"] for one in answer.json()["shipments"]]


def counts(answer: Any) -> tuple[int, int, int, int]:
    assert answer.status_code == 200, answer.text
    body = answer.json()
    return body["new"], body["changed"], body["same"], body["refused"]


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json"])
def test_the_same_rows_again_change_nothing(sqlite_service: Service, tmp_path: Path, ending: str) -> None:
    assert counts(send(sqlite_service, write_shipments(tmp_path / "s.csv", rows()))) == (3, 0, 0, 0)
    assert counts(send(sqlite_service, write_shipments(tmp_path / f"t.{ending}", rows()[::-1]))) == (0, 0, 3, 0)


def test_what_was_read_comes_back_whole(service: Service, folder: Path, tmp_path: Path) -> None:
    path = write_shipments(tmp_path / "s.csv", rows())
    send(service, path)
    network = read_network(folder)
    read = read_shipments(path, network, on=date.fromisoformat(DAY), each_on_its_day=True)
    with service.runtime.database.read() as connection:
        stored = waiting_shipments(connection, PROVINCE, date(2026, 11, 20), network.settings.zone)
        assert tuple(stored) == read.shipments
        assert waiting_shipments(connection, PROVINCE, date(2026, 11, 18), network.settings.zone) == []


def test_bad_rows_are_named_and_good_ones_go_on_when_asked(service: Service, tmp_path: Path) -> None:
    bad = rows()
    bad[1]["dest_site"] = "CQ9"
    path = write_shipments(tmp_path / "s.csv", bad)
    refused = send(service, path)
    assert refused.status_code == 422
    assert [(r["row"], r["column"], r["code"]) for r in refused.json()["error"]["rows"]] == [
        (3, "dest_site", "unknown_site")
    ]
    assert found(service, "") == []
    report = send(service, path, query="&accept_good=true")
    assert counts(report) == (2, 0, 0, 1)
    assert report.json()["bad_rows"][0]["cells"]["dest_site"] == "CQ9"
    assert send(service, path, query="&accept_good=true").json()["same"] == 2


def test_what_nobody_has_yet_may_change_and_is_found_by_its_new_words_only(service: Service, tmp_path: Path) -> None:
    send(service, write_shipments(tmp_path / "s.csv", rows()))
    changed = rows()
    changed[0] |= {"contact_name": "Lê Thị Hoa", "ready_at": "2026-11-20T09:00:00+07:00"}
    assert counts(send(service, write_shipments(tmp_path / "t.csv", changed))) == (0, 1, 2, 0)
    assert found(service, "q=dao") == []
    assert found(service, "q=hoa") == ["RR000000014VN"]
    assert found(service, f"q=hoa&first_day={DAY}&commune=30307") == ["RR000000014VN"]
    assert service.ask("GET", f"{SHIPMENTS}/RR000000014VN", by="auditor").json()["version"] == 2


def test_what_somebody_has_is_not_changed_by_an_import(service: Service, tmp_path: Path) -> None:
    send(service, write_shipments(tmp_path / "s.csv", rows()))
    at = datetime(2026, 11, 20, 3, tzinfo=UTC)
    moves = [Move("A-3", "courier", "C1", at), Move("nowhere", "courier", "C1", at)]
    service.runtime.writer.write_now(lambda c: note_moves(c, PROVINCE, moves))
    changed = rows()
    changed[2]["note"] = "khác"
    refused = send(service, write_shipments(tmp_path / "t.csv", changed))
    assert [(r["row"], r["code"]) for r in refused.json()["error"]["rows"]] == [(4, "in_custody")]
    assert counts(send(service, tmp_path / "t.csv", query="&accept_good=true")) == (0, 0, 2, 1)
    assert found(service, "holding=courier") == ["A-3"]
    assert found(service, "holding=nobody") == ["A-2", "RR000000014VN"]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["A-3", "A-2", "RR000000014VN"]),
        ("q=NGUYEN", ["A-2", "RR000000014VN"]),
        ("q=nguyễn+thi", ["RR000000014VN"]),
        ("q=ngu*+tr*", ["A-2"]),
        ("q=x*", []),
        ("q=thi+tran", []),
        ("code=A-", ["A-2", "A-3"]),
        ("code=A-3", ["A-3"]),
        ("code=A-&kind=intake", ["A-2"]),
        ("phone=0912 345 678", ["RR000000014VN"]),
        ("phone=5678", ["RR000000014VN"]),
        ("phone=%2B84912345678", ["RR000000014VN"]),
        ("phone=5678&kind=intake", []),
        ("procedure=1.001120", ["RR000000014VN"]),
        ("commune=30316", ["A-3", "A-2"]),
        ("commune=30316&last_day=2026-11-19", []),
        ("office=B2&kind=transfer", ["A-3"]),
        ("first_day=2026-11-20", ["A-3", "A-2"]),
        ("last_day=2026-11-19", ["RR000000014VN"]),
    ],
)
def test_searches_find_what_they_say(sqlite_service: Service, tmp_path: Path, query: str, codes: list[str]) -> None:
    send(sqlite_service, write_shipments(tmp_path / "s.csv", rows()))
    assert found(sqlite_service, query) == codes


def test_pages_follow_one_another(service: Service, tmp_path: Path) -> None:
    send(service, write_shipments(tmp_path / "s.csv", rows()))
    for query, codes in (("q=*", ["A-3", "A-2", "RR000000014VN"]), ("code=A", ["A-2", "A-3"])):
        seen: list[str] = []
        after: str | None = ""
        while after is not None:
            page = service.ask("GET", f"{SHIPMENTS}?{query}&limit=1{after}", by="auditor").json()
            seen += [one["code"] for one in page["shipments"]]
            after = f"&after={page['after']}" if page["after"] else None
        assert seen == codes
    assert service.ask("GET", f"{SHIPMENTS}?after=x.1", by="auditor").status_code == 409


def test_an_office_sees_what_comes_goes_or_lies_there(service: Service, tmp_path: Path) -> None:
    send(service, write_shipments(tmp_path / "s.csv", rows()))
    assert found(service, "", by="two") == ["A-3", "A-2"]
    assert found(service, "", by="one") == ["A-3", "A-2", "RR000000014VN"]  # CQ1 stands in a commune of B1
    assert service.ask("GET", f"{SHIPMENTS}/RR000000014VN", by="two").status_code == 404
    assert service.ask("GET", f"{SHIPMENTS}/RR000000014VN?province=89", by="far-dispatcher").status_code == 404
    at = datetime(2026, 11, 20, 3, tzinfo=UTC)
    service.runtime.writer.write_now(lambda c: note_moves(c, PROVINCE, [Move("RR000000014VN", "site", "B2", at)]))
    assert found(service, "q=dao", by="two") == ["RR000000014VN"]
    assert found(service, "", by="two") == ["A-3", "A-2", "RR000000014VN"]


def test_a_desk_does_not_bring_in_what_is_not_its_own(service: Service, tmp_path: Path) -> None:
    path = write_shipments(tmp_path / "s.csv", rows())
    refused = send(service, path, by="two")
    assert [(r["row"], r["code"]) for r in refused.json()["error"]["rows"]] == [(2, "other_office")]
    assert counts(send(service, path, by="two", query="&accept_good=true")) == (2, 0, 0, 1)


def test_people_are_masked_and_a_look_at_them_is_noted(service: Service, tmp_path: Path) -> None:
    send(service, write_shipments(tmp_path / "s.csv", rows()))
    path = f"{SHIPMENTS}/RR000000014VN"
    masked = service.ask("GET", path, by="one").json()
    assert (masked["name"], masked["phone"], masked["dest_address"]) == ("N*** T*** Đ***", "09******78", None)
    shown = service.ask("GET", f"{path}?reveal=true", by="one").json()
    assert (shown["name"], shown["phone"]) == ("Nguyễn Thị Đào", "0912345678")
    assert service.ask("GET", f"{path}?reveal=true&province=89", by="admin").status_code == 403
    with service.runtime.database.read() as connection:
        noted = select(looks.c.subject).where(looks.c.action == "shipment_revealed")
        assert connection.scalars(noted).all() == ["RR000000014VN"]


def test_note_windows_and_priority_change_by_version(service: Service, tmp_path: Path) -> None:
    send(service, write_shipments(tmp_path / "s.csv", rows()))
    path, body = f"{SHIPMENTS}/RR000000014VN", {"version": 1, "windows": "14:00-15:00", "priority": 5}
    changed = service.ask("PATCH", path, by="one", json=body).json()
    assert (changed["windows"], changed["priority"], changed["version"]) == ("14:00-15:00", 5, 2)
    assert service.ask("PATCH", path, by="one", json=body).status_code == 409
    assert service.ask("PATCH", path, by="two", json={**body, "version": 2}).status_code == 404
    wrong = service.ask("PATCH", path, by="one", json={"version": 2, "windows": "15:00-14:00"})
    assert wrong.json()["error"]["rows"][0]["code"] == "reversed_span"


def test_people_are_really_erased_and_no_longer_found(service: Service, tmp_path: Path) -> None:
    send(service, write_shipments(tmp_path / "s.csv", rows()))
    at = datetime(2026, 11, 20, 3, tzinfo=UTC)
    writer = service.runtime.writer
    writer.write_now(lambda c: note_moves(c, PROVINCE, [Move("RR000000014VN", "done", "", at)]))
    assert writer.write_now(lambda c: erase_persons(c, at)) == 0
    assert writer.write_now(lambda c: erase_persons(c, datetime(2027, 1, 1, tzinfo=UTC))) == 1
    assert found(service, "q=dao") == []
    assert found(service, "procedure=1.001120") == ["RR000000014VN"]
    one = service.ask("GET", f"{SHIPMENTS}/RR000000014VN?reveal=true", by="auditor").json()
    assert (one["name"], one["phone"], one["dest_address"]) == (None, None, None)
    with service.runtime.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(shipment_persons)) == 2
        words = connection.scalars(select(shipment_words.c.word).distinct()).all()
    assert {word for word in words if ":" not in word} == {"tran", "van", "nguyen"}


def test_folding() -> None:
    assert folded("Nguyễn Văn ĐỎ") == "nguyen van do"
    assert digits("+84 912.345-612") == "0912345612"


def test_a_shipment_moves_with_its_events_and_tells_its_history(service: Service) -> None:
    with_device(service, "courier", "D1", "S1", "S2")
    at_desk = made("ARRIVE", 1, code="S1", data={"site_id": "B2"})
    given = made("DELIVER", 2, code="S1", data={"recipient_name": "Nguyễn Văn A"})
    post(service, at_desk, given, made("OUT", 3, code="S2"))
    history = service.ask("GET", f"{SHIPMENTS}/S1/history?limit=1", by="dispatcher").json()
    assert [event["record"]["event_id"] for event in history["events"]] == [at_desk["event_id"]]
    more = service.ask("GET", f"{SHIPMENTS}/S1/history?after={history['after']}", by="dispatcher").json()
    assert [event["record"]["type"] for event in more["events"]] == ["DELIVER"]
    assert (more["events"][0]["personal"]["data.recipient_name"], more["after"]) == ("***", None)
    assert [(e["place"], e["ordered_by"]) for e in history["events"] + more["events"]] == [(0, None), (1, "counter")]
    shown = service.ask("GET", f"{SHIPMENTS}/S1/history?reveal=true", by="dispatcher").text
    assert "Nguyễn Văn A" in shown
    assert "Nguyễn Văn A" not in service.ask("GET", f"{SHIPMENTS}/S1/history", by="dispatcher").text
    assert service.ask("GET", f"{SHIPMENTS}/S1/history", by="other-dispatcher").status_code == 404
    assert service.ask("GET", f"{SHIPMENTS}/S1/history?reveal=true&province=89", by="admin").status_code == 403
    one = service.ask("GET", f"{SHIPMENTS}/S1", by="dispatcher").json()
    assert one["holding"] == "done"
    assert found(service, "holding=done") == ["S1"]


def test_what_moved_before_it_was_announced_is_where_custody_has_it(service: Service, tmp_path: Path) -> None:
    with_device(service, "courier", "D1")
    post(service, made("ARRIVE", 1, code="A-3", data={"site_id": "B2"}))
    doubts = "/api/v1/custody/incomplete/counts"
    assert "unknown_shipment" in service.ask("GET", doubts, by="auditor").json()["by_piece"]
    send(service, write_shipments(tmp_path / "s.csv", rows()))
    left = service.ask("GET", doubts, by="auditor").json()["by_piece"]
    assert left == {"custody_elsewhere": 1, "missing_scanned_or_manifest_no_or_seal_intact": 1}, "it is known now"
    with service.runtime.database.read() as connection:
        held = connection.execute(select(custody).where(custody.c.code == "A-3")).one()
    one = service.ask("GET", f"{SHIPMENTS}/A-3", by="auditor").json()
    assert (one["holding"], one["holder"]) == (held.holding, held.holder) == ("site", "B2")
    assert one["at_site"] == "B2"
    assert found(service, "holding=site&office=B2") == ["A-3"]


def test_what_no_column_holds_is_named(service: Service, tmp_path: Path) -> None:
    faults = [("grams", str(2**31), "out_of_range"), ("code", "A" * 65, "too_long"), ("note", "a\0b", "bad_text")]
    faults += [("note", "\ud800", "bad_text")]
    for column, value, code in faults:
        odd = rows()
        odd[1][column] = value
        (tmp_path / "s.json").write_text(json.dumps({"shipments": odd}), "ascii")
        refused = send(service, tmp_path / "s.json")
        assert (refused.status_code, refused.json()["error"]["rows"][0]["code"]) == (422, code)
        report = send(service, tmp_path / "s.json", query="&accept_good=true")
        assert (report.status_code, report.json()["errors"][0]["code"]) == (200, code)


def test_odd_questions_are_answered(service: Service) -> None:
    odd = "code=%00 code=%F4%8F%BF%BF q=%00a* phone=%2B%2B%2B%2B after=9.9999999999999999999 province=%00"
    for query in (*odd.split(), "after=%D9%A1.1", "commune=%00", "q=%ED%A0%80"):
        assert service.ask("GET", f"{SHIPMENTS}?{query}", by="auditor").status_code in (200, 409, 422), query
