"""The short way to the hot endpoints turns away, counts and names requests as the long one does."""

from __future__ import annotations

import pytest

from tests.api.service.custody_made import batch, made, send, with_device
from tests.api.service.running import Service

EVENTS, PROOFS = "/api/v1/custody/events", "/api/v1/custody/proofs"


def test_a_request_is_counted_under_its_route(sqlite_service: Service) -> None:
    service = with_device(sqlite_service, "courier", "D1", "S1")
    send(service, made("ATTEMPT"))
    assert (
        f'duongthu_requests_total{{method="POST",route="{EVENTS}",status="200"}} 1.0'
        in service.runtime.metrics.text().decode()
    )


@pytest.mark.parametrize("path", [EVENTS, PROOFS])
def test_who_may_not_call_is_turned_away(sqlite_service: Service, path: str) -> None:
    nobody, auditor = (sqlite_service.ask("POST", path, by=by, json={}) for by in (None, "auditor"))
    assert (nobody.status_code, nobody.json()["error"]["code"]) == (401, "unauthenticated")
    assert (auditor.status_code, auditor.json()["error"]["code"]) == (403, "forbidden")


def test_a_fault_of_the_program_is_answered_and_logged(
    sqlite_service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: object) -> None:
        raise ZeroDivisionError

    service = with_device(sqlite_service, "courier", "D1", "S1")
    monkeypatch.setattr(service.runtime.intake, "take", fail)
    answer = service.ask("POST", EVENTS, by="courier", json=batch(made("ATTEMPT")))
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    logged = next(record for record in caplog.records if record.exc_info)
    assert logged.exc_info is not None
    assert logged.exc_info[0] is ZeroDivisionError
    assert logged.__dict__["request_id"] == answer.headers["X-Request-Id"]
