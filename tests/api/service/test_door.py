"""A dossier that nobody registered, taken in by a courier at a citizen's door."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from api.custody.late_pins import check_late_pins
from api.custody.pin import seal_pin
from api.ids import new_id
from tests.api.custody.test_evidence_rules import COMPLETE
from tests.api.network_files import small_network, write_folder
from tests.api.service.custody_made import jpeg, made, name_of, proof, send, verdicts, with_device
from tests.api.service.phones import Phone
from tests.api.service.running import COURIER, OFFICE, Service

CODE = "RR000000028VN"
"""Check digit by hand: 2*7 = 14, 14 mod 11 = 3, 11 - 3 = 8."""
HOME: dict[str, Any] = {
    "origin_lon": 105.431,
    "origin_lat": 10.384,
    "origin_address": "12 Trần Hưng Đạo",
    "origin_commune": "30307",
}
"""In the area of the courier's own base."""
FAR_HOME: dict[str, Any] = {
    "origin_lon": 105.121,
    "origin_lat": 10.701,
    "origin_address": "Ấp 3",
    "origin_commune": "30316",
}
"""In that of the other base."""
NO_HOME: dict[str, Any] = {**dict.fromkeys(HOME), "origin_address": ""}
TO_HOME = {key.replace("origin", "dest"): value for key, value in HOME.items()}
READY = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
PICTURE = jpeg(b"signed")


@pytest.fixture(autouse=True)
def _network(sqlite_service: Service, tmp_path: Path) -> None:
    """The small network, whose first base and its courier have the names of those of the service's people."""
    files = []
    for path in sorted(write_folder(tmp_path / "network", small_network()).iterdir()):
        text = path.read_text(encoding="utf-8-sig")
        files.append(("files", (path.name, text.replace("B1", OFFICE).replace("C1", COURIER).encode())))
    taken = sqlite_service.ask("POST", "/api/v1/network/import", by="planner", files=files)
    assert taken.status_code == 200, taken.text
    with_device(sqlite_service)


def register(service: Service, *, by: str = "courier", key: str | None = None, **changed: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return service.ask("POST", "/api/v1/shipments", by=by, json=dossier(**changed), headers=headers)


def dossier(**changed: Any) -> dict[str, Any]:
    return {
        "code": CODE, "kind": "intake", "procedure_code": "1.001120", "dest_site": "CQ1", **HOME,
        "ready_at": READY, "contact_name": "Nguyễn Văn An",
        "contact_phone": "0912345678", "fee_dong": 200_000, **changed,
    }  # fmt: skip


def accepted(code: str = CODE, **more: Any) -> dict[str, Any]:
    """The event of an acceptance with everything in it."""
    signed = dict.fromkeys(("signature_theirs", "signature_ours"), name_of(PICTURE))
    data = {**COMPLETE["ACCEPT"], **signed, "courier_id": COURIER, **more}
    return made("ACCEPT", 1, code=code, evidence=[name_of(PICTURE)], data=data)


def custody_of(service: Service, code: str = CODE) -> tuple[str, str | None, list[str]]:
    """Who holds it by its own row, and what is doubtful about its events."""
    row = service.ask("GET", f"/api/v1/shipments/{code}", by="dispatcher").json()
    told = service.ask("GET", f"/api/v1/shipments/{code}/history", by="dispatcher").json()["events"]
    return row["holding"], row["holder"], [piece["code"] for event in told for piece in event["pieces"]]


def test_a_courier_registers_what_begins_in_the_area_of_their_base(sqlite_service: Service) -> None:
    first, again = (register(sqlite_service, key=key) for key in [str(uuid4())] * 2)
    assert (first.status_code, again.status_code) == (201, 201), first.text
    assert first.json() == again.json()
    assert (first.json()["postage_dong"], first.json()["name"]) == (25_000, "N*** V*** A***")
    at_site = register(sqlite_service, code="A-1", origin_site=OFFICE, **NO_HOME)
    assert at_site.status_code == 201, at_site.text


@pytest.mark.parametrize(
    "changed",
    [
        FAR_HOME,
        {**NO_HOME, "origin_site": "B2"},
        {**NO_HOME, **TO_HOME, "kind": "result", "origin_site": "CQ1", "dest_site": None},
    ],
    ids=["another base's home", "another base", "no dossier"],
)  # fmt: skip
def test_a_courier_registers_nothing_else(sqlite_service: Service, changed: dict[str, Any]) -> None:
    refused = register(sqlite_service, **changed)
    assert refused.status_code == 422, refused.text
    assert [row["code"] for row in refused.json()["error"]["rows"]] == ["other_office"]
    assert register(sqlite_service, by="head-dispatcher", **changed).status_code == 201


def test_what_a_base_serves_is_what_the_network_says_and_not_the_account(sqlite_service: Service) -> None:
    """The other base is in the account's offices by its destination only; its homes stay closed."""
    refused = register(sqlite_service, dest_site=OFFICE, procedure_code=None, **FAR_HOME)
    assert refused.status_code == 422
    message = refused.json()["error"]["rows"][0]
    assert "địa bàn" in message["message_vi"]
    assert "area of your own base" in message["message_en"]
    assert register(sqlite_service, province="92").status_code in {404, 422}


def test_a_courier_finds_the_procedure_and_its_postage(sqlite_service: Service) -> None:
    asked = {"procedure": "1.001120", "commune": "30307"}
    priced = sqlite_service.ask("GET", "/api/v1/network/postage", by="courier", params=asked).json()
    assert (priced["allowed"], priced["postage_dong"]) == (True, 25_000)
    listed = sqlite_service.ask("GET", "/api/v1/network/procedures", by="courier").json()["rows"]
    assert [row["key"] for row in listed] == ["1.001120", "2.000635"]
    refused = register(sqlite_service, procedure_code="2.000635")
    assert [row["code"] for row in refused.json()["error"]["rows"]] == ["non_postal"]


def test_the_acceptance_may_come_before_its_registration(sqlite_service: Service) -> None:
    (early,) = proof(sqlite_service, [accepted()], [PICTURE]).json()["answers"]
    assert verdicts([early]) == [("incomplete", ["unknown_shipment"])]
    assert register(sqlite_service).status_code == 201
    assert custody_of(sqlite_service) == ("courier", COURIER, [])
    queue = sqlite_service.ask("GET", "/api/v1/custody/incomplete", by="head-dispatcher").json()
    assert queue["events"] == []


def test_the_acceptance_may_come_after_its_registration(sqlite_service: Service) -> None:
    assert register(sqlite_service).status_code == 201
    event = accepted()
    assert verdicts(proof(sqlite_service, [event], [PICTURE]).json()["answers"]) == [("accepted", [])]
    assert verdicts(send(sqlite_service, event)) == [("duplicate", [])]
    assert custody_of(sqlite_service) == ("courier", COURIER, [])


def test_a_code_that_another_shipment_has_stays_with_it(sqlite_service: Service) -> None:
    assert register(sqlite_service).status_code == 201
    assert register(sqlite_service, contact_name="Lê Thị Hoa").status_code == 409


def test_a_courier_issues_the_pin_of_a_dossier_and_never_that_of_a_result(sqlite_service: Service) -> None:
    def issue(code: str) -> int:
        return sqlite_service.ask("POST", f"/api/v1/track/{code}/pin", by="courier").status_code

    with_device(sqlite_service, "desk", "DK", "S1")  # a result of the same office
    assert register(sqlite_service).status_code == 201
    assert (issue(CODE), issue("S1"), issue("A-9")) == (201, 404, 404)
    proof(sqlite_service, [accepted()], [PICTURE])
    assert issue(CODE) == 201
    data = {"courier_id": COURIER, "site_id": OFFICE, "scanned": [CODE]}
    assert verdicts(send(sqlite_service, made("ARRIVE", 2, code=CODE, data=data))) == [("accepted", [])]
    assert issue(CODE) == 404


def by_pin(service: Service, pin: str, counter: int) -> dict[str, Any]:
    """The dossier handed over for a PIN alone, without anybody's signature."""
    event_id, key = new_id(), service.ask("GET", "/api/v1/custody/seal-key", by="courier").json()["public_key"]
    data = {key: value for key, value in COMPLETE["DELIVER"].items() if not key.startswith("signature_")}
    data |= {"courier_id": COURIER, "pin_sealed": seal_pin(pin, event_id, key)}
    return made("DELIVER", counter, code=CODE, event_id=event_id, data=data)


def issued(service: Service, by: str) -> str:
    return str(service.ask("POST", f"/api/v1/track/{CODE}/pin", by=by).json()["pin"])


def test_a_pin_that_the_courier_issued_proves_no_delivery_of_theirs(sqlite_service: Service) -> None:
    """Else one person alone could make a dossier that they hold count as handed over."""
    register(sqlite_service)
    proof(sqlite_service, [accepted()], [PICTURE])
    own = by_pin(sqlite_service, issued(sqlite_service, "courier"), 2)
    assert verdicts(send(sqlite_service, own)) == [("incomplete", ["pin_own"])]
    assert custody_of(sqlite_service) == ("done", "", ["pin_own"])


def test_a_pin_that_a_desk_issued_proves_one(sqlite_service: Service) -> None:
    register(sqlite_service)
    proof(sqlite_service, [accepted()], [PICTURE])
    assert verdicts(send(sqlite_service, by_pin(sqlite_service, issued(sqlite_service, "desk"), 2))) == [
        ("accepted", [])
    ]


def test_nor_does_one_that_is_checked_later(sqlite_service: Service) -> None:
    """The server's key of the PINs was missing when the event came in."""
    register(sqlite_service)
    proof(sqlite_service, [accepted()], [PICTURE])
    own, runtime = by_pin(sqlite_service, issued(sqlite_service, "courier"), 2), sqlite_service.runtime
    kept = runtime.settings.data_folder / "keys" / "pin.key"
    away = kept.rename(kept.with_name("away"))
    assert verdicts(send(sqlite_service, own)) == [("incomplete", ["pin_not_checked"])]
    away.rename(kept)
    runtime.writer.write_now(lambda connection: check_late_pins(connection, runtime.pins, datetime.now(UTC)))
    assert custody_of(sqlite_service)[2] == ["pin_own"]


@pytest.mark.slow
def test_a_lost_phone_hands_in_whose_papers_it_took(sqlite_service: Service) -> None:
    """Else the citizen's name would be wiped with it; who looks finds that nobody signed for the registration."""
    phone = Phone.enrolled(sqlite_service)
    assert sqlite_service.ask("DELETE", f"/api/v1/devices/{phone.device_id}", by="dispatcher").status_code == 204
    tokens = phone.renew().json()
    shown = {"Authorization": f"Bearer {tokens['access_token']}"}
    for body, status in ((dossier(), 201), (dossier(code="A-2", **FAR_HOME), 422)):
        answer = sqlite_service.client.post("/api/v1/shipments", json=body, headers=shown)
        assert answer.status_code == status, answer.text
    assert sqlite_service.client.get("/api/v1/shipments", headers=shown).status_code == 403
    looks = sqlite_service.ask("GET", "/api/v1/looks", by="admin").json()["looks"]
    assert [look["subject"] for look in looks if look["action"] == "revoked_device_registered"] == [CODE]
    row = sqlite_service.ask("GET", f"/api/v1/shipments/{CODE}?reveal=true", by="head-dispatcher").json()
    assert row["name"] == "Nguyễn Văn An"
