"""One history of a shipment: in the ledger's order, with each event's true place, holder and doubts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import Connection

from api.auth.roles import Scope
from api.auth.store import add_user, find_user
from api.custody.signing import CURVE
from api.ids import new_id
from tests.api.service.custody_made import add_device, made, send, user_id_of, with_device
from tests.api.service.running import COURIER, OFFICE, PROVINCE, Service


def ago(minutes: float) -> str:
    return (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat()


def asked(service: Service, code: str, by: str, query: str = "") -> Any:
    return service.ask("GET", f"/api/v1/shipments/{code}/history{query}", by=by)


def test_events_that_came_late_have_their_true_place_and_void_ones_none(service: Service) -> None:
    with_device(service, "courier", "D1", "S1")
    key = ec.derive_private_key(0xC1, CURVE)
    service.tokens["desk"] = service.runtime.writer.write_now(lambda c: add_device(c, "desk", "DK", key))
    both = {"courier_id": COURIER, "site_id": OFFICE, "seal_intact": True}
    out = made("OUT", 2, data={**both, "scanned": ["S1"]}, at=ago(10))
    arrive = made("ARRIVE", 1, key=key, device_id="DK", data={"site_id": OFFICE, "seal_intact": True}, at=ago(30))
    back = made("ARRIVE", 3, data=both, at=ago(5))
    taken = made("ARRIVE", 2, key=key, device_id="DK", data=both, at=ago(6), follows=back["event_id"])
    wrong = made("ATTEMPT", 4, data={"courier_id": COURIER, "reason": "no_time"}, at=ago(4))
    data = {"who": user_id_of(service, "courier"), "why": "nhầm", "correction": "did_not_occur"}
    undo = made("CORRECT", 5, data=data, replaces=wrong["event_id"])
    send(service, out)
    send(service, arrive, taken, by="desk")
    send(service, back, wrong, undo)
    events = asked(service, "S1", "auditor").json()["events"]
    assert [event["seq"] for event in events] == [0, 1, 2, 3, 4, 5]
    assert [(event["event_id"], event["place"], event["ordered_by"], event["holding"]) for event in events] == [
        (out["event_id"], 1, "clock", "courier"),
        (arrive["event_id"], 0, None, "site"),
        (taken["event_id"], 3, "follows", "site"),
        (back["event_id"], 2, "counter", "site"),
        (wrong["event_id"], None, None, None),
        (undo["event_id"], 4, "clock", "site"),
    ]
    assert [event["pieces"] for event in events[2:4]] == [[], []], "both sides told it, and agree"


def test_a_shipment_that_nobody_registered_has_a_history(service: Service) -> None:
    with_device(service)
    send(service, made("ATTEMPT", 1, code="S9", data={"courier_id": COURIER}))
    (event,) = asked(service, "S9", "desk").json()["events"]
    assert (event["is_complete"], event["place"]) == (False, 0)
    assert "unknown_shipment" in {piece["code"] for piece in event["pieces"]}
    assert len(asked(service, "S9", "admin", f"?province={PROVINCE}").json()["events"]) == 1
    assert asked(service, "S9", "admin", f"?province={PROVINCE}&reveal=true").status_code == 403
    assert asked(service, "S9", "other-dispatcher").status_code == 404
    assert asked(service, "S9", "far-dispatcher").status_code == 404
    assert asked(service, "S8", "desk").status_code == 404
    assert service.ask("GET", "/api/v1/custody/shipments/S9/events", by="desk").status_code == 404


def test_what_several_offices_told_is_nobody_elses_once_the_shipment_is_registered(service: Service) -> None:
    several = Scope(PROVINCE, frozenset({"BC-A", "BC-B"}))

    def write(connection: Connection) -> None:
        like = find_user(connection, login="desk")
        assert like is not None
        add_user(connection, replace(like, user_id=new_id(), login="several", scope=several), datetime.now(UTC))

    service.runtime.writer.write_now(write)
    with_device(service, "several", "D1", "S1")
    taken = send(service, *(made("ARRIVE", n, code=f"S{n}", data={"site_id": "BC-A"}) for n in (1, 9)), by="several")
    assert [one["verdict"] for one in taken] == ["incomplete"] * 2
    for code, statuses in (("S1", (200, 200, 404)), ("S9", (200, 200, 200))):
        for by, status in zip(("several", "desk", "other-dispatcher"), statuses, strict=True):
            assert asked(service, code, by, "?reveal=true").status_code == status, (code, by)
            receipt = service.ask("GET", f"/api/v1/ledger/receipts/{code}", by=by)
            assert receipt.status_code == status, (code, by)
