"""A PIN entered at the door: opened when its event comes in, counted once, and never a reason to lose the event."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import select, update

from api.custody.late_pins import check_late_pins
from api.custody.pin import DIGITS, FREE_FAILURES, seal_pin
from api.custody.seal_keys import PRESENT, load_seal_key, seal_keys
from api.custody.signing import sign
from api.custody.tables import events
from api.doctor.files import check_pin_keys
from api.doctor.findings import State
from api.errors import RefusedError
from api.ids import new_id
from api.tracking import endpoints
from api.tracking.tables import pins
from tests.api.custody.test_evidence_rules import COMPLETE
from tests.api.service.custody_made import KEY, add_shipments, jpeg, made, name_of, proof, send, with_device
from tests.api.service.running import COURIER, Service

SIGNATURE = jpeg(b"chu ky")
PIN_PIECES = {"pin_wrong", "pin_not_looked_at", "pin_unreadable", "pin_not_checked"}


def with_pin(service: Service, *codes: str) -> list[str]:
    """Let the courier carry papers with a PIN each."""
    with_device(service, "courier", "D1", *codes)
    issued = [service.ask("POST", f"/api/v1/track/{code}/pin", by="desk").json()["pin"] for code in codes]
    proof(service, [], [SIGNATURE])
    return issued


def public_key(service: Service) -> str:
    answer = service.ask("GET", "/api/v1/custody/seal-key", by="courier")
    assert answer.status_code == 200, answer.text
    return str(answer.json()["public_key"])


def delivered(service: Service, pin: str, counter: int = 1, *, sealed: str | None = None, **fields: Any) -> Any:
    """A signed delivery whose PIN is sealed as the page does it; offline, so with a signature besides."""
    event_id = new_id()
    data = {
        **COMPLETE["DELIVER"], "courier_id": COURIER, "signature_theirs": name_of(SIGNATURE),
        "pin_sealed": sealed or seal_pin(pin, event_id, public_key(service)),
    }  # fmt: skip
    return made("DELIVER", counter, event_id=event_id, offline=True, data=data, **fields)


def pin_pieces(answers: list[dict[str, Any]]) -> list[list[str]]:
    return [[piece["code"] for piece in one["pieces"] if piece["code"] in PIN_PIECES] for one in answers]


def failures(service: Service, code: str = "S1") -> int:
    with service.runtime.database.read() as connection:
        return int(connection.execute(select(pins.c.failures).where(pins.c.code == code)).scalar_one())


def wrong(pin: str) -> str:
    return f"{(int(pin) + 1) % 10**DIGITS:0{DIGITS}}"


def test_a_right_pin_is_checked_and_a_wrong_one_opens_an_incident(service: Service) -> None:
    first, second = with_pin(service, "S1", "S2")
    answers = send(service, delivered(service, first), delivered(service, wrong(second), 2, code="S2"))
    assert pin_pieces(answers) == [[], ["pin_wrong"]]
    assert answers[1]["verdict"] == "incomplete"
    with service.runtime.database.read() as connection:
        assert len(connection.execute(select(events)).all()) == 2
    queue = service.ask("GET", "/api/v1/custody/incomplete", by="dispatcher").json()["events"]
    assert "pin_wrong" in {piece["code"] for one in queue for piece in one["pieces"]}
    assert (failures(service), failures(service, "S2")) == (0, 1)


def test_sending_again_costs_no_attempt(service: Service) -> None:
    (pin,) = with_pin(service, "S1")
    event = delivered(service, wrong(pin))
    answers = send(service, event, event) + send(service, event)
    assert [one["verdict"] for one in answers] == ["incomplete", "duplicate", "duplicate"]
    assert pin_pieces(answers) == [["pin_wrong"]] * 3, "whoever lost the first answer learns of it as well"
    assert failures(service) == 1


def test_a_refused_event_costs_no_attempt(service: Service) -> None:
    (pin,) = with_pin(service, "S1")
    others = delivered(service, wrong(pin))
    others = sign({**others, "data": {**others["data"], "courier_id": "BT-02"}}, KEY)
    forged = {**delivered(service, wrong(pin)), "counter": 7}
    assert {one["verdict"] for one in send(service, others, forged)} == {"refused"}
    assert failures(service) == 0


def test_attempts_are_limited_within_one_batch_and_with_those_of_the_tracking_page(service: Service) -> None:
    """The fifth wrong one begins the wait; a right one is not looked at then, so guessing tells nothing."""
    (pin,) = with_pin(service, "S1")
    shown = service.ask("POST", "/api/v1/track/S1", by=None, json={"pin": wrong(pin)})
    assert shown.status_code == 401
    batch = [delivered(service, wrong(pin), number) for number in range(FREE_FAILURES - 1)]
    found = pin_pieces(send(service, *batch, delivered(service, pin, 9)))
    assert found == [["pin_wrong"]] * (FREE_FAILURES - 1) + [["pin_not_looked_at"]]
    assert failures(service) == FREE_FAILURES
    assert service.ask("POST", "/api/v1/track/S1", by=None, json={"pin": pin}).status_code == 429
    past = datetime.now(UTC) - timedelta(seconds=1)
    service.runtime.writer.write_now(lambda c: c.execute(update(pins).values(waits_until=past)))
    assert pin_pieces(send(service, delivered(service, pin, 10))) == [[]]
    assert failures(service) == 0


def test_the_pin_of_one_of_several_shipments_will_do(service: Service) -> None:
    _, second = with_pin(service, "S1", "S2")
    assert pin_pieces(send(service, delivered(service, second, shipments=["S1", "S2"]))) == [[]]
    assert (failures(service), failures(service, "S2")) == (0, 0)


def test_a_pin_of_another_event_or_server_is_unreadable(service: Service) -> None:
    (pin,) = with_pin(service, "S1")
    moved = seal_pin(pin, new_id(), public_key(service))
    assert pin_pieces(send(service, delivered(service, pin, sealed=moved))) == [["pin_unreadable"]]
    assert failures(service) == 0


def test_a_pin_that_was_re_issued_makes_the_sealed_old_one_wrong(service: Service) -> None:
    (pin,) = with_pin(service, "S1")
    queued = delivered(service, pin)
    assert service.ask("POST", "/api/v1/track/S1/pin", by="desk").status_code == 201
    assert pin_pieces(send(service, queued)) == [["pin_wrong"]]


def test_without_the_key_of_pins_events_come_in_unchecked(service: Service) -> None:
    (pin,) = with_pin(service, "S1")
    key = service.runtime.settings.data_folder / "keys" / "pin.key"
    aside = key.rename(key.with_name("aside"))
    answers = send(service, delivered(service, pin), made("ATTEMPT", 2, data={**COMPLETE["ATTEMPT"]}))
    assert pin_pieces(answers) == [["pin_not_checked"], []]
    assert [one["verdict"] for one in answers] != ["refused", "refused"]
    assert failures(service) == 0
    aside.rename(key)


def test_a_pin_that_came_before_its_key_is_checked_at_the_next_start(service: Service) -> None:
    first, second = with_pin(service, "S1", "S2")
    key = service.runtime.settings.data_folder / "keys" / "pin.key"
    aside = key.rename(key.with_name("aside"))
    events_ = [delivered(service, first), delivered(service, wrong(second), 2, code="S2")]
    assert pin_pieces(send(service, *events_)) == [["pin_not_checked"]] * 2
    assert late(service) == 0, "the key is still missing"
    aside.rename(key)
    assert late(service) == 2
    assert queued_pieces(service) == [set(), {"pin_wrong"}]
    assert (failures(service), failures(service, "S2")) == (0, 1)
    assert late(service) == 0, "each attempt counts once"
    assert failures(service, "S2") == 1


def test_a_pin_that_came_before_its_shipment_is_checked_when_one_is_issued(service: Service) -> None:
    """The slip was printed at a desk whose word came later than the courier's."""
    with_device(service)
    proof(service, [], [SIGNATURE])
    pin = "271828"
    right, other = delivered(service, pin, code="S8"), delivered(service, wrong(pin), 2, code="S9")
    assert pin_pieces(send(service, right, other)) == [["pin_not_checked"]] * 2
    service.runtime.writer.write_now(lambda c: add_shipments(c, "S8", "S9"))
    with patch.object(endpoints, "new_pin", lambda: pin):
        for code in ("S8", "S9"):
            assert service.ask("POST", f"/api/v1/track/{code}/pin", by="desk").status_code == 201
    assert queued_pieces(service) == [set(), {"pin_wrong"}]
    assert (failures(service, "S8"), failures(service, "S9")) == (0, 1)


def test_what_a_dispatcher_decided_stays_decided(service: Service) -> None:
    with_device(service, "courier", "D1", "S1")
    event = delivered(service, "271828")
    send(service, event)
    path = f"/api/v1/custody/incomplete/{event['event_id']}/settled"
    assert service.ask("POST", path, by="dispatcher", json={"note": "đã hỏi người nhận"}).status_code == 204
    assert service.ask("POST", "/api/v1/track/S1/pin", by="desk").status_code == 201
    assert (late(service), failures(service)) == (0, 0)


def late(service: Service) -> int:
    """What a start does; how many it checked."""
    runtime = service.runtime
    return runtime.writer.write_now(lambda c: check_late_pins(c, runtime.pins, datetime.now(UTC)))


def queued_pieces(service: Service) -> list[set[str]]:
    """What the queue says of PINs, by event."""
    with service.runtime.database.read() as connection:
        rows = connection.execute(select(events).order_by(events.c.seq)).all()
    return [{piece["code"] for piece in row.pieces or ()} & PIN_PIECES for row in rows]


def test_a_key_that_was_changed_still_opens_what_was_sealed_to_it(database_url: str, tmp_path: Path) -> None:
    with Service.opened(database_url, tmp_path) as service:
        (pin,) = with_pin(service, "S1")
        before, event = public_key(service), delivered(service, pin)
        keys = service.runtime.settings.data_folder / "keys"
        (keys / PRESENT).rename(keys / "seal-2026-12-01.key")
        present = seal_keys(keys)
        object.__setattr__(service.runtime.intake._pins, "seal", present)  # as a restart would
        service.runtime.seal_keys = present
        assert public_key(service) != before
        assert pin_pieces(send(service, event)) == [[]]


def test_the_seal_key_is_made_once_and_private(tmp_path: Path) -> None:
    first = seal_keys(tmp_path / "keys")
    assert seal_keys(tmp_path / "keys").public_key == first.public_key
    assert (tmp_path / "keys" / PRESENT).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "keys").iterdir()] == [PRESENT]


@pytest.mark.parametrize("content", [b"", b"x", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_broken_seal_key_is_refused_and_told_by_the_doctor(tmp_path: Path, content: bytes) -> None:
    (tmp_path / PRESENT).write_bytes(content)
    with pytest.raises(RefusedError):
        load_seal_key(tmp_path / PRESENT)
    with pytest.raises(RefusedError):
        seal_keys(tmp_path)
    assert check_pin_keys(tmp_path, has_pins=False).state is State.FAIL


def test_the_doctor_misses_keys_only_when_pins_were_issued(tmp_path: Path) -> None:
    assert check_pin_keys(tmp_path, has_pins=False).state is State.OK
    assert check_pin_keys(tmp_path, has_pins=True).state is State.FAIL
    (tmp_path / "pin.key").write_bytes(bytes(32))
    assert check_pin_keys(tmp_path, has_pins=True).state is State.FAIL
    seal_keys(tmp_path)
    assert check_pin_keys(tmp_path, has_pins=True).state is State.OK
