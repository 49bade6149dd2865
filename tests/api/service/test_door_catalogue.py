"""What a courier's phone keeps in order to take papers in at a door."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from api.auth.roles import Role
from tests.api.network_files import small_network, write_folder
from tests.api.service.custody_made import add_person
from tests.api.service.running import COURIER, OFFICE, Service


def _import(service: Service, folder: Path, tables: dict[str, Any]) -> None:
    files = [("files", (path.name, path.read_bytes())) for path in sorted(write_folder(folder, tables).iterdir())]
    assert service.ask("POST", "/api/v1/network/import", by="planner", files=files).status_code == 200


def test_a_phone_gets_what_is_in_force_and_of_its_base_only(sqlite_service: Service, tmp_path: Path) -> None:
    tables = small_network()
    base = tables["couriers"][0]["base_id"]
    tables["couriers"][0]["courier_id"] = COURIER
    _import(sqlite_service, tmp_path / "network", tables)
    answer = sqlite_service.ask("GET", "/api/v1/network/door", by="courier")
    assert answer.status_code == 200, answer.text
    found = answer.json()
    named = {one["code"]: (one["postal"], one["decision_no"]) for one in found["procedures"]}
    assert named["2.000635"] == (False, "12/QĐ-UBND")
    assert [one["site_id"] for one in found["agencies"]] == ["CQ1"]
    mine = sorted(row["commune_code"] for row in tables["areas"] if row["base_id"] == base)
    assert [one["code"] for one in found["communes"]] == mine
    assert all(one["name"].split()[0] in {"Phường", "Xã", "Đặc"} for one in found["communes"])
    dong = {(one["procedure"], one["commune"], one["level"]): one["dong"] for one in found["tariffs"]}
    told = [
        (r.get("procedure_code"), r.get("commune_code"), r.get("level"), r["postage_dong"]) for r in tables["tariffs"]
    ]
    assert dong == {(p or None, c or None, level or None): int(d) for p, c, level, d in told}
    again = sqlite_service.ask(
        "GET", "/api/v1/network/door", by="courier", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


def test_the_next_courier_of_a_phone_gets_the_communes_of_their_own_base(
    sqlite_service: Service, tmp_path: Path
) -> None:
    tables = small_network()
    (first, *_) = tables["couriers"]
    (far,) = {row["base_id"] for row in tables["areas"]} - {first["base_id"]}
    tables["couriers"] = [{**first, "courier_id": COURIER}, {**first, "courier_id": "BT-02", "base_id": far}]
    _import(sqlite_service, tmp_path / "network", tables)
    add_person(sqlite_service, "second", Role.COURIER, "BT-02")
    tag = sqlite_service.ask("GET", "/api/v1/network/door", by="courier").headers["ETag"]
    answer = sqlite_service.ask("GET", "/api/v1/network/door", by="second", headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert [one["code"] for one in answer.json()["communes"]] == [
        row["commune_code"] for row in tables["areas"] if row["base_id"] == far
    ]


def test_another_network_is_another_answer(sqlite_service: Service, tmp_path: Path) -> None:
    tables = small_network()
    _import(sqlite_service, tmp_path / "one", tables)
    first = sqlite_service.ask("GET", "/api/v1/network/door", by="courier")
    tables["procedures"][0] = {**tables["procedures"][0], "title": "Tên mới"}
    _import(sqlite_service, tmp_path / "two", tables)
    tag = {"If-None-Match": first.headers["ETag"]}
    second = sqlite_service.ask("GET", "/api/v1/network/door", by="courier", headers=tag)
    assert second.status_code == 200
    assert "Tên mới" in {one["title"] for one in second.json()["procedures"]}
    assert first.json()["communes"] == []  # this courier is of no base there
    assert OFFICE not in {one["site_id"] for one in second.json()["agencies"]}
