"""The short way to the hot endpoints turns away, counts and names requests as the long one does."""

from __future__ import annotations

import pytest

from tests.api.service.custody_made import made, send, with_device
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
