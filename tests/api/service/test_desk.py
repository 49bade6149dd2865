"""What a desk asks and says when it takes a dossier in."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.api.network_files import small_network, write_folder
from tests.api.service.running import Service

NEW = {
    "code": "RR000000028VN", "kind": "intake", "procedure_code": "1.001120", "origin_site": "B1", "dest_site": "CQ1",
    "origin_address": "12 Trần Hưng Đạo", "ready_at": "2026-11-20T08:00:00+07:00", "contact_name": "Nguyễn Văn An",
    "contact_phone": "0912345678", "fee_dong": 200_000,
}  # fmt: skip
"""Check digit by hand: 2*7 = 14, 14 mod 11 = 3, 11 - 3 = 8."""


@pytest.fixture(autouse=True)
def _network(sqlite_service: Service, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "network", small_network())
    files = [("files", (path.name, path.read_bytes())) for path in sorted(folder.iterdir())]
    assert sqlite_service.ask("POST", "/api/v1/network/import", by="planner", files=files).status_code == 200


def postage(service: Service, **asked: str) -> Any:
    return service.ask("GET", "/api/v1/network/postage", by="desk", params=asked)


def register(service: Service, by: str = "head-dispatcher", key: str | None = None, **changed: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return service.ask("POST", "/api/v1/shipments", by=by, json={**NEW, **changed}, headers=headers)


def test_postage_is_that_of_the_most_specific_row(sqlite_service: Service) -> None:
    found = postage(sqlite_service, procedure="1.001120", commune="30307").json()
    assert (found["allowed"], found["postage_dong"], found["title"]) == (True, 25_000, "Cấp phiếu lý lịch")
    assert postage(sqlite_service, procedure="2.000635", commune="30316").json()["postage_dong"] == 0


def test_a_procedure_that_may_not_go_by_post_names_its_decision(sqlite_service: Service) -> None:
    found = postage(sqlite_service, procedure="2.000635", commune="30307").json()
    assert (found["allowed"], found["decision_no"]) == (False, "12/QĐ-UBND")
    assert "12/QĐ-UBND" in found["message_vi"]
    assert "12/QĐ-UBND" in found["message_en"]
    assert postage(sqlite_service, procedure="9.9", commune="30307").status_code == 404


def test_a_shipment_is_registered_once_and_priced_by_the_tariff(sqlite_service: Service) -> None:
    key = str(uuid4())
    first, again, anew = (register(sqlite_service, key=one) for one in (key, key, None))
    assert [one.status_code for one in (first, again, anew)] == [201, 201, 201], first.text
    assert first.json() == again.json() == anew.json()
    told = first.json()
    assert (told["postage_dong"], told["fee_dong"], told["holding"]) == (25_000, 200_000, "nobody")
    assert (told["name"], told["revealed"]) == ("N*** V*** A***", False)
    found = sqlite_service.ask("GET", "/api/v1/shipments", by="head-dispatcher").json()["shipments"]
    assert [one["code"] for one in found] == [NEW["code"]]


def test_a_code_that_is_taken_stays_with_its_shipment(sqlite_service: Service) -> None:
    register(sqlite_service)
    assert register(sqlite_service, contact_name="Lê Thị Hoa").status_code == 409
    revealed = sqlite_service.ask("GET", f"/api/v1/shipments/{NEW['code']}?reveal=true", by="head-dispatcher").json()
    assert (revealed["name"], revealed["version"]) == ("Nguyễn Văn An", 1)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"code": "RR000000029VN"}, "s10_check_digit"),
        ({"procedure_code": "2.000635"}, "non_postal"),
        ({"dest_site": "CQ9"}, "unknown_site"),
        ({"dest_site": None}, "needs_site"),
    ],
)
def test_it_is_checked_as_a_row_of_an_import(sqlite_service: Service, changed: dict[str, Any], code: str) -> None:
    refused = register(sqlite_service, **changed)
    assert refused.status_code == 422
    assert [row["code"] for row in refused.json()["error"]["rows"]] == [code]


def test_a_desk_registers_for_its_own_office_only(sqlite_service: Service) -> None:
    refused = register(sqlite_service, by="desk")  # of BC-LX, which neither sends nor receives it
    assert refused.status_code == 422
    assert refused.json()["error"]["rows"][0]["code"] == "other_office"


def test_a_desk_reads_what_a_hand_over_needs(sqlite_service: Service) -> None:
    table = sqlite_service.ask("GET", "/api/v1/rounds/evidence", by="desk").json()
    assert "signature_theirs|pin_sealed" in table["outcomes"]["DELIVER"]
    assert table["outcomes"]["ARRIVE"] == ["site_id", "scanned|manifest_no|seal_intact"]
    assert table["offline"]["DELIVER"] == ["signature_theirs"]
