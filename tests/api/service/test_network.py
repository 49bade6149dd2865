"""A province's network in the database: what was read from files is what comes back, in every version."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from api.auth.roles import Role, Scope
from api.auth.store import User, add_user
from api.ids import new_id
from api.network.reader import read_network
from api.network.store import read_network_at
from tests.api.network_files import small_network, write_folder, write_json, write_workbook
from tests.api.service.running import _HASH, PROVINCE, Service

IMPORT = "/api/v1/network/import"
SETTINGS = 'name = "Tỉnh thử"\nspare_days = 2\n[[waves]]\nname = "sáng"\nstart = 07:30:00\nend = "11:30"\n'


def send(service: Service, *paths: Path, by: str = "planner") -> Any:
    files = [("files", (path.name, path.read_bytes())) for path in paths]
    return service.ask("POST", IMPORT, by=by, files=files, data={"note": "thử"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "network", small_network(), SETTINGS)


def test_a_network_comes_back_as_its_files_say_it(service: Service, folder: Path) -> None:
    answer = send(service, *sorted(folder.iterdir()))
    assert answer.status_code == 200, answer.text
    assert (answer.json()["changed"], answer.json()["version"]) == (True, 1)
    with service.runtime.database.read() as connection:
        stored = read_network_at(connection, PROVINCE)
    read = read_network(folder)
    assert (stored.rows, stored.settings, stored.sha256) == (read.rows, read.settings, read.sha256)
    assert stored.settings.spare_days == 2


def test_the_same_files_twice_change_nothing_in_whatever_format(service: Service, folder: Path, tmp_path: Path) -> None:
    send(service, *sorted(folder.iterdir()))
    for path in (
        write_workbook(tmp_path / "again.xlsx", small_network()),
        write_json(tmp_path / "again.json", small_network()),
    ):
        answer = send(service, path)
        assert (answer.json()["changed"], answer.json()["version"]) == (False, 1), answer.text
    exported = service.ask("GET", "/api/v1/network/export", by="auditor")
    (tmp_path / "export.json").write_bytes(exported.content)
    assert send(service, tmp_path / "export.json").json()["changed"] is False
    book = service.ask("GET", "/api/v1/network/export?file=xlsx", by="auditor")
    (tmp_path / "export.xlsx").write_bytes(book.content)
    assert send(service, tmp_path / "export.xlsx").json()["changed"] is False


def test_a_network_that_does_not_hold_is_refused_whole_with_its_rows(service: Service, tmp_path: Path) -> None:
    tables = small_network()
    tables["couriers"][1]["base_id"] = "B22"
    tables["sites"][0]["lon"] = "mười"
    answer = send(service, *sorted(write_folder(tmp_path / "bad", tables).iterdir()))
    assert answer.status_code == 422
    named = {(row["file"], row["row"], row["column"]) for row in answer.json()["error"]["rows"]}
    no_courier = ("areas.csv", 3, "base_id")  # nobody works at B2 any more
    assert named == {("sites.csv", 2, "lon"), ("couriers.csv", 3, "base_id"), no_courier}
    assert service.ask("GET", "/api/v1/network/versions", by="planner").json()["versions"] == []


def test_rows_change_one_by_one_and_every_version_stays(service: Service, folder: Path) -> None:
    send(service, *sorted(folder.iterdir()))
    cells = {"courier_id": "C9", "name": "Bưu tá Chín", "base_id": "B2", "valid_from": "2026-12-01"}
    put = {"cells": cells, "version": 1, "note": "người mới"}
    assert service.ask("PUT", "/api/v1/network/couriers", by="head-dispatcher", json=put).json()["version"] == 2
    late = service.ask("PUT", "/api/v1/network/couriers", by="planner", json=put)
    assert (late.status_code, late.json()["error"]["code"]) == (409, "refused")
    ended = service.ask("DELETE", "/api/v1/network/couriers/C9?last_day=2026-12-31&version=2", by="planner")
    assert ended.json() == {"changed": True, "version": 3, "began": 1, "ended": 1, "warnings": ended.json()["warnings"]}

    def couriers(query: str) -> list[str]:
        rows = service.ask("GET", f"/api/v1/network/couriers?{query}", by="courier").json()["rows"]
        return sorted(row["key"] for row in rows)

    assert couriers("on=2026-11-30") == ["C1", "C2"]
    assert couriers("on=2026-12-31") == ["C1", "C2", "C9"]
    assert couriers("on=2027-01-01") == ["C1", "C2"]
    assert couriers("on=2027-01-01&version=2") == ["C1", "C2", "C9"]
    assert couriers("version=1") == ["C1", "C2"]
    changes = service.ask("GET", "/api/v1/network/versions/1/differences/3", by="auditor").json()
    assert changes["gone"] == []
    assert [(row["key"], row["valid_from"], row["valid_to"]) for row in changes["new"]] == [
        ("C9", "2026-12-01", "2026-12-31")
    ]
    back = service.ask("GET", "/api/v1/network/versions/3/differences/1", by="auditor").json()
    assert (len(back["gone"]), back["new"]) == (1, [])
    with service.runtime.database.read() as connection:
        assert read_network_at(connection, PROVINCE, 1).sha256 == read_network(folder).sha256


def test_a_planner_of_an_office_changes_what_is_of_that_office(sqlite_service: Service, folder: Path) -> None:
    service = sqlite_service
    send(service, *sorted(folder.iterdir()))
    scope = Scope(PROVINCE, frozenset({"B1"}))
    user = User(new_id(), "of-b1", "B1", Role.PLANNER, scope, None, _HASH, must_change=False, disabled=False)
    service.runtime.writer.write_now(lambda connection: add_user(connection, user, datetime.now(UTC)))

    def put(sheet: str, version: int, **cells: str) -> int:
        body = {"cells": cells, "version": version}
        return int(service.ask("PUT", f"/api/v1/network/{sheet}", by="of-b1", json=body).status_code)

    assert put("couriers", 1, courier_id="C9", name="Chín", base_id="B1") == 200
    assert put("couriers", 2, courier_id="C9", name="Chín", base_id="B2") == 403  # given away
    assert put("couriers", 2, courier_id="C2", name="Hai", base_id="B1") == 403  # taken from B2
    assert put("calendar", 2, date="2027-01-02", kind="holiday", name="nghỉ") == 403  # everybody's
    assert send(service, *sorted(folder.iterdir()), by="of-b1").status_code == 403
    end = "/api/v1/network/couriers/C2?last_day=2026-12-31&version=2"
    assert service.ask("DELETE", end, by="of-b1").status_code == 403


def test_a_row_that_others_need_cannot_end(sqlite_service: Service, folder: Path) -> None:
    send(sqlite_service, *sorted(folder.iterdir()))
    answer = sqlite_service.ask("DELETE", "/api/v1/network/sites/B2?last_day=2026-12-31&version=1", by="planner")
    assert answer.status_code == 422
    places = {(row["file"], row["column"]) for row in answer.json()["error"]["rows"]}
    assert ("couriers [C2]", "base_id") in places, places
    assert ("lines [L/1/2]", "site_id") in places


def test_a_stop_of_a_line_is_named_by_all_of_its_key(sqlite_service: Service, folder: Path) -> None:
    send(sqlite_service, *sorted(folder.iterdir()))
    rows = sqlite_service.ask("GET", "/api/v1/network/lines?limit=1", by="planner").json()
    assert [row["key"] for row in rows["rows"]] == ["L/1/1"]
    more = sqlite_service.ask("GET", f"/api/v1/network/lines?after={rows['after']}", by="planner").json()
    assert ([row["key"] for row in more["rows"]], more["after"]) == (["L/1/2"], None)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("by", "sheet", "status"),
    [
        ("planner", "sites", 422),
        ("head-dispatcher", "calendar", 200),
        ("dispatcher", "calendar", 403),
        ("head-dispatcher", "tariffs", 403),
        ("courier", "calendar", 403),
        ("auditor", "calendar", 403),
        ("far-dispatcher", "calendar", 404),
    ],
)
def test_who_may_change_what(sqlite_service: Service, folder: Path, by: str, sheet: str, status: int) -> None:
    send(sqlite_service, *sorted(folder.iterdir()))
    cells = {
        "sites": {"site_id": "X"},
        "calendar": {"date": "2026-12-24", "kind": "holiday", "name": "nghỉ bù"},
        "tariffs": {"level": "commune", "postage_dong": "1"},
    }[sheet]
    query = "?province=89" if by == "far-dispatcher" else ""
    body = {"cells": cells, "version": 1}
    answer = sqlite_service.ask("PUT", f"/api/v1/network/{sheet}{query}", by=by, json=body)
    assert answer.status_code == status, answer.text


def test_an_admin_of_all_provinces_names_one(sqlite_service: Service) -> None:
    assert sqlite_service.ask("GET", "/api/v1/network/sites", by="admin").status_code == 409
    assert sqlite_service.ask("GET", "/api/v1/network/sites?province=89", by="admin").status_code == 404
    assert json.loads(sqlite_service.ask("GET", "/api/v1/network/versions?province=89", by="admin").text) == {
        "versions": [],
        "before": None,
    }
