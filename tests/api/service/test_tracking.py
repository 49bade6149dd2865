"""What a citizen sees: state by state, nothing personal without the PIN, and no way to guess codes or PINs."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from api.auth.tables import attempts
from api.custody.receipt import read_receipt, verify_receipt
from api.errors import RefusedError
from api.network.tables import network_rows, network_versions
from api.shipments.tables import shipments
from api.tracking.pin_key import pin_key
from api.tracking.showing import half_masked
from api.tracking.tables import pins
from tests.api.custody.test_evidence_rules import COMPLETE
from tests.api.service.custody_made import made, send, user_id_of, with_device
from tests.api.service.reported import add_person, add_rows, shipment_row
from tests.api.service.running import OTHER_PROVINCE, PROVINCE, Service

NAME = "Nguyễn Văn An"


def with_papers(service: Service) -> Service:
    """Shipment S1 for `NAME`, site BC-LX with a name, and a courier who sends events."""
    with_device(service, "courier", "D1")

    def work(connection: Any) -> None:
        add_rows(connection, [shipment_row("S1", due_on="2099-01-02", appointment_on="2098-12-31")])
        shipment_id = connection.scalar(select(shipments.c.shipment_id))
        add_person(connection, shipment_id, NAME)
        version = {"province_id": PROVINCE, "version": 1, "note": "", "sha256": "0", "began": 1, "ended": 0}
        connection.execute(insert(network_versions).values(**version, at=datetime.now(UTC)))
        row = {
            "province_id": PROVINCE, "sheet": "sites", "row_key": "BC-LX", "valid_from": "2020-01-01",
            "valid_to": "9999-12-31", "content": {"site_id": "BC-LX", "name": "Bưu cục Long Xuyên"}, "since_version": 1,
        }  # fmt: skip
        connection.execute(insert(network_rows).values(row))

    service.runtime.writer.write_now(work)
    return service


def happens(service: Service, kind: str, counter: int, **data: Any) -> None:
    send(service, made(kind, counter, data={**COMPLETE[kind], **data}))


def track(service: Service, code: str = "S1") -> dict[str, Any]:
    answer = service.ask("GET", f"/api/v1/track/{code}", by=None)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def issue(service: Service, by: str = "desk") -> Any:
    return service.ask("POST", "/api/v1/track/S1/pin", by=by)


def show(service: Service, pin: str, path: str = "/api/v1/track/S1") -> Any:
    return service.ask("POST", path, by=None, json={"pin": pin})


def other(pin: str, n: int = 1) -> str:
    return f"{(int(pin) + n) % 1_000_000:06}"


def forget_addresses(service: Service) -> None:
    service.runtime.writer.write_now(lambda c: c.execute(delete(attempts)))


def test_every_state_on_the_way(service: Service) -> None:
    with_papers(service)
    before = track(service)
    assert (before["state"], before["since"], before["expected_on"]) == ("announced", None, "2099-01-02")
    way: list[tuple[str, dict[str, Any], str]] = [
        ("COLLECT_RESULT", {}, "collected"), ("ARRIVE", {}, "at_site"), ("BAG", {}, "at_site"),
        ("DEPART", {}, "travelling"), ("ARRIVE", {}, "at_site"), ("OUT", {}, "out"), ("ATTEMPT", {}, "out"),
        ("ARRIVE", {}, "at_site"), ("INVITE_1", {}, "invited"), ("EXCEPTION", {}, "invited"), ("HOLD", {}, "held"),
        ("RETURN_START", {}, "returning"), ("OUT", {}, "returning"), ("RETURN_DONE", {}, "returned"),
    ]  # fmt: skip
    for counter, (kind, data, state) in enumerate(way, 1):
        happens(service, kind, counter, **data)
        assert track(service)["state"] == state, kind
    found = track(service)
    assert [one["type"] for one in found["timeline"]] == [kind for kind, _, _ in way]
    assert (found["expected_on"], found["next_vi"], found["is_overdue"]) == (None, "", False)


@pytest.mark.parametrize(("kind", "state"), [("DELIVER", "delivered"), ("HAND_AGENCY", "at_agency")])
def test_both_ends(sqlite_service: Service, kind: str, state: str) -> None:
    with_papers(sqlite_service)
    happens(sqlite_service, "COLLECT_RESULT", 1)
    happens(sqlite_service, kind, 2)
    assert track(sqlite_service)["state"] == state


def test_a_corrected_event_is_not_told(sqlite_service: Service) -> None:
    service = with_papers(sqlite_service)
    happens(service, "COLLECT_RESULT", 1)
    wrong = made("DELIVER", 2, data=COMPLETE["DELIVER"])
    said = {**COMPLETE["CORRECT"], "who": user_id_of(service, "courier")}
    send(service, wrong, made("CORRECT", 3, replaces=wrong["event_id"], data=said))
    found = track(service)
    assert (found["state"], [one["type"] for one in found["timeline"]]) == ("collected", ["COLLECT_RESULT", "CORRECT"])


def test_what_everybody_sees_holds_nothing_personal(service: Service) -> None:
    with_papers(service)
    happens(service, "COLLECT_RESULT", 1)
    happens(service, "ARRIVE", 2)
    happens(service, "OUT", 3)
    happens(service, "ATTEMPT", 4, reason="deceased", note="gia đình báo")
    text = json.dumps(track(service), ensure_ascii=False)
    for secret in ("Nguyễn", " An", "0912", "Lê Lợi", "chợ", "deceased", "gia đình", "BT-01", "D1"):
        assert secret not in text, secret
    assert track(service)["timeline"][1]["site"] == "Bưu cục Long Xuyên"
    service.runtime.writer.write_now(lambda c: c.execute(update(shipments).values(due_on="2020-01-01")))
    assert track(service)["is_overdue"] is True


def test_the_words_name_the_site(sqlite_service: Service) -> None:
    with_papers(sqlite_service)
    happens(sqlite_service, "COLLECT_RESULT", 1)
    happens(sqlite_service, "ARRIVE", 2)
    assert track(sqlite_service)["state_vi"] == "Đang ở Bưu cục Long Xuyên"
    assert track(sqlite_service)["since"] == track(sqlite_service)["timeline"][1]["at"]


@pytest.mark.slow
def test_with_the_pin_one_sees_more_and_that_is_noted(service: Service) -> None:
    with_papers(service)
    happens(service, "COLLECT_RESULT", 1)
    happens(service, "ATTEMPT", 2, reason="no_time")
    issued = issue(service)
    assert (issued.status_code, issued.json()["issue"]) == (201, 1)
    found = show(service, issued.json()["pin"])
    assert found.status_code == 200, found.text
    assert (found.json()["name"], found.json()["appointment_on"]) == ("Nguyễn V*** An", "2098-12-31")
    assert found.json()["timeline"][1]["reason"] == "no_time"
    assert "0912" not in found.text
    looks = service.ask("GET", "/api/v1/looks", by="auditor").json()["looks"]
    assert {"pin_issued", "tracked_by_pin"} <= {look["action"] for look in looks}


def test_a_new_pin_ends_the_old_one_and_its_waits(service: Service) -> None:
    with_papers(service)
    old = issue(service).json()["pin"]
    for n in range(1, 6):
        assert show(service, other(old, n)).status_code == 401
    forget_addresses(service)  # another address, so that only the shipment's own limit is left
    waiting = show(service, old)
    assert waiting.status_code == 429
    assert 0 < int(waiting.headers["Retry-After"]) <= 900
    new = issue(service).json()
    assert new["issue"] == 2
    if new["pin"] != old:
        assert show(service, old).status_code == 401
    assert show(service, new["pin"]).status_code == 200
    with service.runtime.database.read() as connection:
        row = connection.execute(select(pins)).one()
    assert (row.failures, row.waits_until) == (0, None)
    assert new["pin"] not in row.tag


def test_an_address_that_tries_pins_has_to_wait(sqlite_service: Service) -> None:
    service = with_papers(sqlite_service)
    pin = issue(service).json()["pin"]
    for n in range(1, 7):
        show(service, other(pin, n))
    service.runtime.writer.write_now(lambda c: c.execute(update(pins).values(failures=0, waits_until=None)))
    assert show(service, pin).status_code == 429


def test_no_pin_and_a_wrong_pin_are_answered_alike(sqlite_service: Service) -> None:
    service = with_papers(sqlite_service)
    none = show(service, "000000")
    pin = issue(service).json()["pin"]
    wrong = show(service, other(pin))
    assert (none.status_code, none.json()) == (wrong.status_code, wrong.json())


def test_unknown_codes_and_no_codes_are_answered_alike_and_run_into_a_wait(service: Service) -> None:
    with_papers(service)
    answers = [
        service.ask("GET", f"/api/v1/track/{code}", by=None)
        for code in ("RR123456785VN", "x" * 500, "%01", "a%20b", "Đ")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    service.ask("GET", "/api/v1/track/S2", by=None)
    late = service.ask("GET", "/api/v1/track/S1", by=None)
    assert (late.status_code, late.json()["error"]["code"]) == (429, "too_many")


def test_a_code_of_two_provinces_asks_for_the_province(service: Service) -> None:
    with_papers(service)
    twin = shipment_row("S1", province_id=OTHER_PROVINCE, due_on="2088-01-01")
    service.runtime.writer.write_now(lambda c: add_rows(c, [twin]))
    assert service.ask("GET", "/api/v1/track/S1", by=None).json()["error"]["code"] == "refused"
    there = service.ask("GET", f"/api/v1/track/S1?province={OTHER_PROVINCE}", by=None)
    assert there.json()["expected_on"] == "2088-01-01"


def test_the_receipt_comes_with_the_pin_and_verifies(service: Service) -> None:
    with_papers(service)
    pin = issue(service).json()["pin"]
    path = "/api/v1/track/S1/receipt"
    assert show(service, pin, path).status_code == 404  # nothing to prove yet
    happens(service, "COLLECT_RESULT", 1)
    assert show(service, other(pin), path).status_code == 401
    answer = show(service, pin, path)
    assert answer.status_code == 200, answer.text
    receipt = read_receipt(answer.text)
    assert verify_receipt(receipt, service.runtime.ledger_key.verifier).head.size == 1


def test_other_offices_issue_no_pin(sqlite_service: Service) -> None:
    service = with_papers(sqlite_service)
    assert [issue(service, by).status_code for by in ("other-dispatcher", "far-dispatcher")] == [404, 404]


def test_the_key_is_made_once_and_never_beside_old_pins(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    key = pin_key(folder, may_make=True)
    assert (len(key), pin_key(folder, may_make=True), pin_key(folder, may_make=False)) == (32, key, key)
    assert stat.S_IMODE((folder / "pin.key").stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["pin.key"]
    (folder / "pin.key").unlink()
    with pytest.raises(RefusedError):
        pin_key(folder, may_make=False)


@pytest.mark.parametrize(
    ("name", "shown"),
    [(NAME, "Nguyễn V*** An"), ("Đỗ Bé", "Đỗ Bé"), ("Lan", "L***"), ("A", "A"), ("", "")],
)
def test_half_masks(name: str, shown: str) -> None:
    assert half_masked(name) == shown
