"""Desks of agencies and one-stops: what concerns their site, told from their own computers, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from api.auth.roles import Role, Scope
from api.auth.store import add_user, find_user
from api.ids import new_id
from api.plans.snapshots import prepare_snapshot, snapshot_of
from routing.model import Action
from tests.api.custody.test_evidence_rules import COMPLETE
from tests.api.network_files import small_network, write_folder
from tests.api.service.custody_made import jpeg, made, name_of, proof, send, verdicts, with_device
from tests.api.service.running import COURIER, OFFICE, PASSWORD, PROVINCE, Service

INK = jpeg(b"ink")
DAY = date(2026, 11, 20)
"""A Friday."""
READY = "2026-11-20T07:00:00+07:00"
HOME = {"lon": 105.431, "lat": 10.384, "address": "12 Trần Hưng Đạo", "commune": "30307"}
DESKS = {"agency": "CQ1", "other-agency": "CQ2", "one-stop": "MC-LX"}
"""Who works where; none of these sites is a base."""


@pytest.fixture
def desks(service: Service, tmp_path: Path) -> Service:
    """A network with two agencies and a one-stop, each with a desk that has a computer; a courier with a phone."""
    tables = small_network()
    agency = next(site for site in tables["sites"] if site["site_id"] == "CQ1")
    always = {**agency, "opening_hours": "Mo-Su 07:00-17:00"}
    tables["sites"] += [{**agency, "site_id": "CQ2"}, {**always, "site_id": "MC-LX", "kind": "one_stop"}]
    files = [
        (
            "files",
            (path.name, path.read_bytes().replace(b"B1", OFFICE.encode()).replace(b"C1,", f"{COURIER},".encode())),
        )
        for path in sorted(write_folder(tmp_path / "network", tables).iterdir())
    ]
    taken = service.ask("POST", "/api/v1/network/import", by="planner", files=files)
    assert taken.status_code == 200, taken.text
    service.runtime.writer.write_now(_add_desks)
    for login in DESKS:
        answer = service.client.post("/api/v1/auth/login", json={"login": login, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        with_device(service, login, f"PC-{login}")
    return with_device(service)


def _add_person(connection: Connection, login: str, role: Role, site: str) -> None:
    like = find_user(connection, login="desk")
    assert like is not None
    scope = Scope(PROVINCE, frozenset({site}))
    add_user(connection, replace(like, user_id=new_id(), login=login, role=role, scope=scope), datetime.now(UTC))


def _add_desks(connection: Connection) -> None:
    for login, site in DESKS.items():
        _add_person(connection, login, Role.DESK, site)


def register(service: Service, code: str, kind: str, *, by: str = "head-dispatcher", **ends: Any) -> Any:
    """A dossier from a home or a result to it, unless an end is named."""
    at_home = "origin" if kind == "intake" else "dest"
    home = {} if f"{at_home}_site" in ends else {f"{at_home}_{name}": value for name, value in HOME.items()}
    body = {
        "code": code, "kind": kind, "procedure_code": "1.001120", "ready_at": READY, "contact_name": "Nguyễn Văn An",
        "contact_phone": "0912345678", **home, **ends,
    }  # fmt: skip
    return service.ask("POST", "/api/v1/shipments", by=by, json=body)


def tell(service: Service, login: str, kind: str, counter: int, code: str, **more: Any) -> list[str]:
    """Tell an event with everything in it, signed by somebody's own computer; gives what is wrong with it."""
    signed = {name: name_of(INK) for name in COMPLETE[kind] if name.startswith("signature_")}
    data = {name: value for name, value in COMPLETE[kind].items() if name not in ("courier_id", "site_id", "scanned")}
    event = made(kind, counter, code=code, device_id=f"PC-{login}", data={**data, **signed, **more})
    ((verdict, pieces),) = verdicts(proof(service, [event], [INK], by=login).json()["answers"])
    assert (verdict == "accepted") == (not pieces), (verdict, pieces)
    return pieces


def seen(service: Service, by: str, **asked: str) -> set[str]:
    answer = service.ask("GET", "/api/v1/shipments", by=by, params=asked)
    assert answer.status_code == 200, answer.text
    return {row["code"] for row in answer.json()["shipments"]}


def told(service: Service, code: str, by: str) -> list[tuple[str, str, str]]:
    """What happened, and who had it afterwards."""
    answer = service.ask("GET", f"/api/v1/shipments/{code}/history", by=by)
    assert answer.status_code == 200, answer.text
    return [(event["type"], event["holding"], event["holder"]) for event in answer.json()["events"]]


def courier_has(service: Service, code: str, counter: int = 1) -> None:
    (answer,) = send(service, made("ACCEPT", counter, code=code, data={"courier_id": COURIER}))
    assert answer["verdict"] == "incomplete"  # what it lacks does not matter here


def test_an_agency_takes_a_dossier_and_gives_a_result(desks: Service) -> None:
    assert register(desks, "D-1", "intake", dest_site="CQ1").status_code == 201
    assert register(desks, "R-1", "result", origin_site="CQ1").status_code == 201
    courier_has(desks, "D-1")
    assert seen(desks, "agency") == {"D-1", "R-1"}
    assert seen(desks, "agency", office="CQ1", holding="courier") == {"D-1"}, "what is on its way to the agency"
    assert seen(desks, "agency", office="CQ1", kind="result", holding="nobody") == {"R-1"}, "what waits there"

    assert tell(desks, "agency", "HAND_AGENCY", 1, "D-1", courier_id=COURIER, site_id="CQ1") == []
    assert tell(desks, "agency", "COLLECT_RESULT", 2, "R-1", courier_id=COURIER) == []
    assert [event[1:] for event in told(desks, "D-1", "agency")] == [("courier", COURIER), ("done", "")]
    assert told(desks, "R-1", "agency") == [("COLLECT_RESULT", "courier", COURIER)]
    assert told(desks, "R-1", "dispatcher") == told(desks, "R-1", "agency"), "the base sees the same"


def test_another_agency_sees_nothing_of_it(desks: Service) -> None:
    assert register(desks, "D-1", "intake", dest_site="CQ1").status_code == 201
    courier_has(desks, "D-1")
    assert seen(desks, "other-agency") == seen(desks, "other-agency", office="CQ1") == set()
    assert seen(desks, "other-agency", code="D-1") == seen(desks, "other-agency", q="nguyen") == set()
    paths = ("shipments/D-1", "shipments/D-1/history", "ledger/receipts/D-1")
    asked = [desks.ask("GET", f"/api/v1/{path}", by="other-agency").status_code for path in paths]
    change = desks.ask("PATCH", "/api/v1/shipments/D-1", by="other-agency", json={"version": 1, "note": "x"})
    pin = desks.ask("POST", "/api/v1/track/D-1/pin", by="other-agency")
    assert [*asked, change.status_code, pin.status_code] == [404] * 5
    own = [desks.ask("GET", f"/api/v1/{path}", by="agency").status_code for path in paths]
    assert own == [200] * 3
    as_another = tell(desks, "other-agency", "HAND_AGENCY", 1, "D-1", courier_id=COURIER, site_id="CQ1")
    assert as_another == ["not_the_owner"]
    refused = register(desks, "D-2", "intake", by="other-agency", dest_site="CQ1")
    assert [row["code"] for row in refused.json()["error"]["rows"]] == ["other_office"]


def test_a_one_stop_accepts_dossiers_that_a_courier_then_fetches(desks: Service, tmp_path: Path) -> None:
    made_here = {"origin_site": "MC-LX", "dest_site": "B2", "procedure_code": None}
    assert register(desks, "D-1", "intake", by="one-stop", **made_here).status_code == 201
    assert tell(desks, "one-stop", "ACCEPT", 1, "D-1", site_id="MC-LX") == []
    assert seen(desks, "one-stop", holding="site") == seen(desks, "dispatcher", holding="site") == {"D-1"}
    with desks.runtime.database.read() as connection:
        prepared = prepare_snapshot(snapshot_of(connection, PROVINCE, DAY, tmp_path), tmp_path)
    works = [(work.shipment.code, work.action, work.base_id) for group in prepared.groups for work in group.works]
    assert works == [("D-1", Action.COLLECT, OFFICE)]
    data = {"courier_id": COURIER, "scanned": ["D-1"], "site_id": "MC-LX"}
    assert verdicts(send(desks, made("OUT", 1, code="D-1", data=data))) == [("accepted", [])]
    assert told(desks, "D-1", "one-stop") == [("ACCEPT", "site", "MC-LX"), ("OUT", "courier", COURIER)]


def test_a_one_stop_takes_a_batch_in_and_hands_results_out(desks: Service) -> None:
    """For citizens who fetch them there; what a courier leaves there is seen also when it goes elsewhere."""
    assert register(desks, "R-1", "result", origin_site="CQ1", dest_site="MC-LX").status_code == 201
    assert register(desks, "R-2", "result", origin_site="CQ1").status_code == 201
    assert seen(desks, "one-stop") == {"R-1"}
    for counter, code in enumerate(("R-1", "R-2"), start=1):
        assert tell(desks, "agency", "COLLECT_RESULT", counter, code, courier_id=COURIER) == []
        came = {"courier_id": COURIER, "site_id": "MC-LX", "scanned": [code]}
        assert tell(desks, "one-stop", "ARRIVE", counter, code, **came) == []
    assert seen(desks, "one-stop") == seen(desks, "one-stop", holding="site") == {"R-1", "R-2"}
    assert tell(desks, "one-stop", "DELIVER", 3, "R-1", site_id="MC-LX") == []
    assert told(desks, "R-1", "one-stop")[-1] == ("DELIVER", "done", "")


def test_a_report_of_an_agency_counts_its_own(desks: Service) -> None:
    for code, site in (("R-1", "CQ1"), ("R-2", "CQ1"), ("R-3", "CQ2")):
        assert register(desks, code, "result", origin_site=site, due_on=str(DAY)).status_code == 201
    desks.runtime.writer.write_now(lambda c: _add_person(c, "agency-auditor", Role.AUDITOR, "CQ1"))
    asked = {"first_day": str(DAY), "last_day": str(DAY), "part": "post"}
    counted = {
        by: desks.ask("GET", "/api/v1/reports/punctuality", by=by, params=asked).json()["whole"]["total"]
        for by in ("auditor", "agency-auditor")
    }
    assert counted == {"auditor": 3, "agency-auditor": 2}
