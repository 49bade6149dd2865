"""Around the service: health, figures, ids, logs, limits on size."""

from __future__ import annotations

import json
import logging

import pytest

from api.service.logs import JsonLines
from tests.api.service.running import Service


def test_a_running_service_is_alive_and_ready(service: Service) -> None:
    assert service.ask("GET", "/healthz", by=None).json()["status"] == "alive"
    assert service.ask("GET", "/readyz", by=None).json()["status"] == "ready"


def test_a_service_that_cannot_write_is_not_ready(service: Service) -> None:
    service.runtime.writer.close()
    answer = service.ask("GET", "/readyz", by=None)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0


def test_figures_name_routes_and_no_shipment(sqlite_service: Service) -> None:
    sqlite_service.ask("GET", "/api/v1/users/01936f5e-7a00-7000-8000-000000000000")
    runtime = sqlite_service.runtime
    text = runtime.metrics.text().decode()
    assert 'route="/api/v1/users/{user_id}",status="404"' in text
    assert "01936f5e" not in text


def test_figures_are_not_for_other_machines(sqlite_service: Service) -> None:
    assert sqlite_service.client.get("/metrics").status_code == 403  # the test client's address is no loopback


def test_every_answer_has_an_id_and_the_log_names_it_but_no_query(
    sqlite_service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "api.requests"):
        answer = sqlite_service.ask("GET", "/api/v1/looks?subject=RR123456785VN", by="auditor")
    record = next(r for r in caplog.records if r.name == "api.requests" and "/looks" in r.getMessage())
    line = json.loads(JsonLines().format(record))
    assert line["request_id"] == answer.headers["X-Request-Id"]
    assert line["status"] == 200
    assert "RR123456785VN" not in json.dumps(line)


def test_a_body_over_the_limit_is_refused_whether_it_says_its_size_or_not(sqlite_service: Service) -> None:
    large = b"x" * (sqlite_service.runtime.settings.request_bytes + 1)
    assert sqlite_service.client.post("/api/v1/auth/login", content=large).status_code == 413
    chunks = (large[i : i + 1_000_000] for i in range(0, len(large), 1_000_000))
    assert sqlite_service.client.post("/api/v1/auth/login", content=chunks).status_code == 413


def test_a_foreign_host_name_is_refused(sqlite_service: Service) -> None:
    assert sqlite_service.client.get("/healthz", headers={"Host": "evil.example"}).status_code == 400


def test_every_answer_forbids_frames_and_foreign_content(sqlite_service: Service) -> None:
    headers = sqlite_service.client.get("/healthz").headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
