"""Events and photos over HTTP: each answered for itself, each stored once, the chain whole."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from sqlalchemy import func, select

from api.custody.chain import first_hash, record_hash
from api.custody.tables import custody, event_personal, events, ledger, quarantine
from api.shipments.tables import shipments
from api.webhooks.tables import outbox
from tests.api.custody.test_evidence_rules import COMPLETE
from tests.api.service.custody_made import jpeg, made, name_of, png, proof, send, verdicts, with_device
from tests.api.service.running import PROVINCE, Service

THEIRS, OURS = png((b"tEXt", b"theirs")), png((b"tEXt", b"ours"))
SIGNED = {"signature_theirs": name_of(THEIRS), "signature_ours": name_of(OURS)}


def accept(counter: int = 1, **fields: Any) -> dict[str, Any]:
    return made("ACCEPT", counter, **{"data": {**COMPLETE["ACCEPT"], **SIGNED}, **fields})


def count(service: Service, table: Any) -> int:
    with service.runtime.database.read() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def test_a_proof_is_stored_once_however_often_it_is_sent(service: Service) -> None:
    with_device(service, "courier", "D1", "S1")
    event = accept()
    first = proof(service, [event], [THEIRS, OURS])
    assert verdicts(first.json()["answers"]) == [("accepted", [])], first.text
    again = proof(service, [event], [THEIRS, OURS])
    assert verdicts(again.json()["answers"]) == [("duplicate", [])]
    assert count(service, events) == count(service, event_personal) == count(service, custody) == 1
    for file in first.json()["files"]:
        kept = service.runtime.evidence.read(file["sha256"])
        assert sha256(kept).hexdigest() == file["stored_sha256"] != file["sha256"]
    with service.runtime.database.read() as connection:
        held = connection.execute(select(custody)).one()
    assert (held.holding, held.holder) == ("courier", "BT-01")


def test_one_event_never_blocks_the_next(service: Service) -> None:
    with_device(service, "courier", "D1", "S1", "S2")
    forged = {**accept(2), "counter": 9}
    found = send(service, accept(), None, forged, made("OUT", 3, data=COMPLETE["OUT"], code="S9"), accept(4, code="S2"))
    assert [answer["verdict"] for answer in found] == ["incomplete", "refused", "refused", "incomplete", "incomplete"]
    assert count(service, events) == 3
    assert count(service, quarantine) == 2


def test_the_chain_follows_from_its_records(service: Service) -> None:
    with_device(service, "courier", "D1", "S1")
    for number in range(5):
        send(service, accept(number), accept(100 + number))
    with service.runtime.database.read() as connection:
        rows = connection.execute(select(events).order_by(events.c.seq)).all()
        end = connection.execute(select(ledger)).one()
    found = first_hash(service.runtime.intake.origin)
    for number, row in enumerate(rows):
        found = record_hash(found, row.record.encode())
        assert (row.seq, row.hash) == (number, found)
    assert (end.size, end.head) == (10, found)


def test_a_photo_that_comes_later_completes_its_event(service: Service) -> None:
    with_device(service, "courier", "D1", "S1")
    assert verdicts(send(service, accept())) == [("incomplete", ["missing_file", "missing_file"])]
    for picture in (THEIRS, OURS):
        answer = service.ask("POST", "/api/v1/evidence", by="courier", content=picture)
        assert answer.status_code == 200, answer.text
    with service.runtime.database.read() as connection:
        assert connection.scalar(select(events.c.is_open)) == 0


def test_a_courier_sends_only_from_a_device(sqlite_service: Service) -> None:
    answer = sqlite_service.ask(
        "POST", "/api/v1/custody/events", by="courier", json={"sent_at": "2026-12-07T08:00:00Z", "events": [1]}
    )
    assert answer.status_code == 403


def test_a_large_jpeg_keeps_its_pixels(sqlite_service: Service) -> None:
    with_device(sqlite_service)
    picture = jpeg(bytes(range(256)) * 400, metadata=b"Exif\0\0GPS")
    answer = sqlite_service.ask(
        "POST", "/api/v1/evidence", by="courier", content=picture, headers={"X-Sha256": name_of(picture)}
    )
    assert answer.status_code == 200, answer.text
    assert sqlite_service.runtime.evidence.read(name_of(picture)) == jpeg(bytes(range(256)) * 400)


def test_a_shipment_says_itself_who_holds_it(service: Service) -> None:
    with_device(service, "courier", "D1", "S1")
    proof(service, [accept()], [THEIRS, OURS])
    with service.runtime.database.read() as connection:
        row = connection.execute(select(shipments).where(shipments.c.code == "S1")).one()
    assert (row.holding, row.holder) == ("courier", "BT-01")
    assert row.moved_at is not None


def test_who_subscribed_hears_of_each_shipment_and_of_nobody_s_name(service: Service) -> None:
    body = {"url": "https://mot-cua.example/nghe", "kinds": ["shipment.event"], "province_id": PROVINCE}
    service.ask("POST", "/api/v1/webhooks", json=body)
    with_device(service, "courier", "D1", "S1")
    proof(service, [accept()], [THEIRS, OURS])
    with service.runtime.database.read() as connection:
        (told,) = connection.execute(select(outbox)).all()
    assert (told.subject, told.facts["kind"]) == ("S1", "ACCEPT")
    assert told.facts.keys() == {"event_id", "kind", "at"}
