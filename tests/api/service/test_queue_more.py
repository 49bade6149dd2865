"""The queue of a running day: refused events decided about, devices that have not told everything."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from api.custody.queue_store import erase_refused
from tests.api.service.custody_made import made, send, with_device
from tests.api.service.running import Service

REFUSED, QUEUE = "/api/v1/custody/refused", "/api/v1/custody/incomplete"
OUT = {"courier_id": "BT-01"}


def test_a_refused_event_is_put_aside_or_told_again_and_stays_where_it_is(service: Service) -> None:
    with_device(service, "courier", "D1", "S1")
    send(service, {"name": "một"}, {"name": "hai"})
    told = made("OUT", 1, code="S1", data=OUT)
    send(service, told)
    first, second = (one["quarantine_id"] for one in service.ask("GET", REFUSED, by="dispatcher").json()["events"])

    def settle(number: int, by: str = "dispatcher", **body: str) -> int:
        return service.ask("POST", f"{REFUSED}/{number}/settled", by=by, json=body).status_code

    assert settle(first, note="") == 422
    assert settle(first, by="auditor", note="x") == 403
    for stranger in ("other-dispatcher", "far-dispatcher"):
        assert settle(first, by=stranger, note="x") == 404
    assert settle(first, note="x", told_by="0190-nobody") == 404  # the ledger has no such event
    assert settle(first, note="Bưu tá đã ghi lại.", told_by=told["event_id"]) == 204
    assert settle(first, note="lần nữa") == 404  # decided
    assert [one["quarantine_id"] for one in service.ask("GET", REFUSED, by="auditor").json()["events"]] == [second]
    assert service.ask("GET", f"{QUEUE}/counts", by="dispatcher").json()["refused"] == 1
    kept = service.ask("GET", f"{REFUSED}/{first}", by="auditor").json()
    assert (kept["note"], kept["told_by"]) == ("Bưu tá đã ghi lại.", told["event_id"])
    assert json.loads(kept["content"]) == {"name": "một"}
    later = datetime.now(UTC) + timedelta(seconds=1)
    service.runtime.writer.write_now(lambda c: erase_refused(c, later))
    erased = service.ask("GET", f"{REFUSED}/{first}", by="auditor").json()
    assert (erased["content"], erased["note"], erased["told_by"]) == ("", None, told["event_id"])


def test_devices_that_have_not_told_everything_are_listed(service: Service) -> None:
    with_device(service, "courier", "D1", "S1", "S2", "S3")
    with_device(service, "desk", "D2")

    def listed(by: str = "auditor") -> list[tuple[str, int, int, int]]:
        found = service.ask("GET", "/api/v1/devices/gaps", by=by)
        assert found.status_code == 200, found.text
        return [(one["device_id"], one["missing"], one["first"], one["last"]) for one in found.json()["devices"]]

    assert listed() == []
    for counter in (3, 4, 7):
        send(service, made("OUT", counter, code=f"S{counter % 3 + 1}", data=OUT))
    assert listed() == [("D1", 4, 1, 6)]  # 1, 2, 5, 6
    assert listed("dispatcher") == [("D1", 4, 1, 6)]
    assert listed("other-dispatcher") == []
    assert listed("far-dispatcher") == []
    assert service.ask("GET", "/api/v1/devices/gaps", by="courier").status_code in {401, 403}
