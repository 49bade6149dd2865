"""The ledger out of the database: heads, proofs, export, receipts; and what is erased."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from api.commands.ledger import export_command
from api.custody.checkpoint import parse_head
from api.custody.history_store import erase_personal
from api.custody.ledger_store import StoredHashes, grow_tree, sign_head
from api.custody.notes import VerifierKey
from api.custody.receipt import read_receipt, verify_receipt
from api.custody.tables import event_personal, events, tree_nodes
from api.custody.tree import KeptHashes, is_consistent, is_included, leaf_hash, tree_root
from api.custody.verifying import verify_export
from tests.api.service.custody_made import made, send, verdicts, with_device
from tests.api.service.running import Service

NOTE = {"courier_id": "BT-01", "reason": "no_time", "action": "try_again", "note": "nhà có chó dữ"}


def attempts(service: Service, first: int, count: int) -> list[dict[str, Any]]:
    made_now = [made("ATTEMPT", number, data=NOTE) for number in range(first, first + count)]
    assert {verdict for verdict, _ in verdicts(send(service, *made_now))} == {"accepted"}
    return made_now


def head(service: Service) -> Any:
    text = service.ask("GET", "/api/v1/ledger/checkpoint", by=None).text
    return parse_head(text, VerifierKey.parse(service.ask("GET", "/api/v1/ledger/key", by=None).text))


def hashes(service: Service, path: str) -> list[bytes]:
    answer = service.ask("GET", f"/api/v1/ledger/proof/{path}", by=None)
    assert answer.status_code == 200, answer.text
    return [base64.b64decode(step) for step in answer.json()["hashes"]]


def test_an_export_verifies_against_the_signed_head(service: Service) -> None:
    with_device(service, "courier", "D1", "S1")
    attempts(service, 0, 300)
    seen = head(service)
    attempts(service, 300, 7)
    exported = service.ask("GET", "/api/v1/ledger/export", by="auditor")
    assert exported.status_code == 200, exported.text
    found = verify_export(BytesIO(exported.content), seen)
    assert (found.size, found.proved, len(found.heads)) == (307, 300, 1)
    assert "chó" not in exported.text


def test_proofs_from_the_database_hold(service: Service) -> None:
    with_device(service, "courier", "D1", "S1")
    attempts(service, 0, 257)
    old = head(service)
    attempts(service, 257, 300)
    key = service.runtime.ledger_key
    service.runtime.writer.write_now(lambda connection: sign_head(connection, key, datetime.now(UTC)))
    new = head(service)
    assert (old.size, new.size) == (257, 557)
    with service.runtime.database.read() as connection:
        records = [record.encode() for record in connection.scalars(select(events.c.record).order_by(events.c.seq))]
        assert connection.scalar(select(func.count()).select_from(tree_nodes)) == 2
    assert is_consistent(257, 557, old.root, new.root, hashes(service, "consistency?old=257&size=557"))
    for index in (0, 255, 256, 300, 556):
        path = hashes(service, f"inclusion?index={index}&size=557")
        assert is_included(leaf_hash(records[index]), index, 557, path, new.root)
    assert service.ask("GET", "/api/v1/ledger/proof/inclusion?index=5&size=558", by=None).status_code == 404


@pytest.mark.slow
def test_the_stored_tree_is_the_tree_in_memory(sqlite_service: Service) -> None:
    service = with_device(sqlite_service, "courier", "D1", "S1")
    kept = KeptHashes()
    for first in range(0, 900, 300):
        attempts(service, first, 300)
        size = service.runtime.writer.write_now(grow_tree)
        with service.runtime.database.read() as connection:
            leaves = connection.scalars(select(events.c.leaf).where(events.c.seq >= first).order_by(events.c.seq))
            kept.append(list(leaves))
            assert tree_root(StoredHashes(connection), size) == tree_root(kept, size)


def test_a_receipt_verifies_with_no_server(service: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = tmp_path / "receipt.js"
    script.write_text("'built by build_pages.py'", encoding="utf-8")
    monkeypatch.setattr("api.custody.receipt.SCRIPT", script)
    with_device(service, "courier", "D1", "S1", "S2")
    attempts(service, 0, 3)
    send(service, made("ATTEMPT", 9, code="S2", data=NOTE))
    answer = service.ask("GET", "/api/v1/ledger/receipts/S1", by="desk")
    assert answer.status_code == 200, answer.text
    receipt = read_receipt(answer.text)
    assert verify_receipt(receipt, service.runtime.ledger_key.verifier).head.size == 4
    assert [event.seq for event in receipt.events] == [0, 1, 2]
    assert service.ask("GET", "/api/v1/ledger/receipts/S1", by="other-dispatcher").status_code == 404


def test_what_is_erased_is_gone_and_the_ledger_verifies_all_the_same(service: Service) -> None:
    with_device(service, "courier", "D1", "S1")
    (first,) = attempts(service, 0, 1)
    seen = head(service)
    path = "/api/v1/shipments/S1/history"
    masked = service.ask("GET", path, by="desk").json()["events"][0]
    assert masked["personal"]["data.note"] == "***"
    shown = service.ask("GET", f"{path}?reveal=true", by="desk").json()["events"][0]
    assert (shown["personal"]["data.note"], shown["erased"]) == (NOTE["note"], None)
    later = datetime.now(UTC) + timedelta(seconds=1)
    assert service.runtime.writer.write_now(lambda connection: erase_personal(connection, later)) == 1
    gone = service.ask("GET", f"{path}?reveal=true", by="desk").json()["events"][0]
    assert (gone["personal"], gone["erased"]) == (None, "erased by retention")
    with service.runtime.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(event_personal)) == 0
    exported = service.ask("GET", "/api/v1/ledger/export", by="auditor").content
    assert verify_export(BytesIO(exported), seen).proved == 1
    assert verdicts(send(service, first)) == [("duplicate", [])]


def test_the_queue_shows_what_is_missing_until_it_is_settled(service: Service) -> None:
    with_device(service, "courier", "D1", "S1")
    event = made("ATTEMPT", 1, data={"courier_id": "BT-01", "reason": "no_time"})
    assert verdicts(send(service, event)) == [("incomplete", ["missing_action"])]
    queue = service.ask("GET", "/api/v1/custody/incomplete", by="dispatcher").json()
    assert [one["event_id"] for one in queue["events"]] == [event["event_id"]]
    assert service.ask("GET", "/api/v1/custody/incomplete", by="other-dispatcher").json()["events"] == []
    settled = f"/api/v1/custody/incomplete/{event['event_id']}/settled"
    assert service.ask("POST", settled, by="far-dispatcher", json={"note": "x"}).status_code == 404
    assert service.ask("POST", settled, by="dispatcher", json={"note": "đã gọi"}).status_code == 204
    assert service.ask("GET", "/api/v1/custody/incomplete", by="dispatcher").json()["events"] == []


def test_the_export_command_writes_what_verify_proves(
    service: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with_device(service, "courier", "D1", "S1")
    attempts(service, 0, 5)
    seen = head(service)
    monkeypatch.setenv("DUONGTHU_DATABASE_URL", str(service.runtime.settings.database_url))
    export_command(tmp_path / "ledger.jsonl")
    with (tmp_path / "ledger.jsonl").open("rb") as file:
        assert verify_export(file, seen, service.runtime.ledger_key.verifier).proved == 5
