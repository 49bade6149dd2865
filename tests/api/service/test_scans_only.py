"""A dossier of which scans are enough, from its acceptance to reports, money and the citizen's page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from api.custody.evidence_rules import EvidenceRules
from api.plans.snapshots import snapshot_of
from api.tallies.tables import passages
from tests.api.custody.test_evidence_rules import COMPLETE
from tests.api.network_files import small_network, write_folder
from tests.api.service.custody_made import jpeg, made, name_of, proof, verdicts, with_device
from tests.api.service.running import COURIER, OFFICE, PROVINCE, Service
from tests.api.service.today import today

SCAN, INK = jpeg(b"a land title"), jpeg(b"ink")
pytestmark = pytest.mark.usefixtures("within_a_day")
READY = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
DIGITAL, PAPER = "1.001120", "1.000001"


@pytest.fixture(autouse=True)
def _network(service: Service, tmp_path: Path) -> None:
    """Of two procedures only the first says that scans suffice."""
    tables = small_network()
    listed = {**tables["procedures"][0], "digital_enough": "yes"}
    tables["procedures"] = [listed, {**listed, "procedure_code": PAPER, "digital_enough": "no"}]
    files = [
        ("files", (path.name, path.read_bytes().replace(b"B1", OFFICE.encode()).replace(b"C1", COURIER.encode())))
        for path in sorted(write_folder(tmp_path / "network", tables).iterdir())
    ]
    taken = service.ask("POST", "/api/v1/network/import", by="planner", files=files)
    assert taken.status_code == 200, taken.text
    with_device(service)


def register(service: Service, code: str = "A-1", procedure: str | None = DIGITAL) -> None:
    body = {
        "code": code, "kind": "intake", "procedure_code": procedure, "dest_site": "CQ1", "origin_lon": 105.431,
        "origin_lat": 10.384, "origin_address": "12 Trần Hưng Đạo", "origin_commune": "30307", "ready_at": READY,
        "contact_name": "Nguyễn Văn An", "contact_phone": "0912345678",
    }  # fmt: skip
    answer = service.ask("POST", "/api/v1/shipments", by="courier", json=body)
    assert answer.status_code == 201, answer.text


def accept(service: Service, code: str = "A-1", *, scans: bool = True, **more: Any) -> list[str]:
    """Tell the acceptance; gives what is doubtful about it."""
    signed = dict.fromkeys(("signature_theirs", "signature_ours"), name_of(INK))
    paid = {"courier_id": COURIER, "fee_dong": 50_000, "postage_dong": 24_000}
    data = {**COMPLETE["ACCEPT"], **signed, **paid, "scans_only": True, **more}
    del data["seal"]
    files = [INK, *([SCAN] if scans else [])]
    event = made("ACCEPT", 1, code=code, evidence=[name_of(file) for file in files], data=data)
    ((verdict, pieces),) = verdicts(proof(service, [event], files).json()["answers"])
    assert verdict == ("incomplete" if pieces else "accepted")
    return pieces


def history(service: Service, code: str = "A-1") -> Any:
    (event,) = service.ask("GET", f"/api/v1/shipments/{code}/history", by="head-dispatcher").json()["events"]
    return event


@pytest.mark.parametrize("first", ["registered", "accepted"])
def test_it_is_done_for_the_post_and_said_in_words(service: Service, first: str) -> None:
    if first == "registered":
        register(service)
        assert accept(service) == []
    else:
        assert accept(service) == ["unknown_shipment"]
        register(service)
    event = history(service)
    assert (event["holding"], event["holder"], event["pieces"], event["is_complete"]) == ("done", "", [], True)
    assert event["said_vi"] == "Bưu điện nhận bản quét, giấy tờ vẫn ở người dân"
    assert event["said_en"] == "The post took scans; the papers stay with the citizen"
    row = service.ask("GET", "/api/v1/shipments/A-1", by="head-dispatcher").json()
    assert (row["holding"], row["holder"]) == ("done", "")
    track = service.ask("GET", "/api/v1/track/A-1", by=None).json()
    assert (track["state"], track["next_vi"], track["expected_on"]) == ("scanned", "", None)
    assert track["state_vi"] == "Đã gửi bản quét, giấy tờ vẫn ở người dân"
    assert track["state_en"] == "Scans were sent; the papers stay with the citizen"
    assert [step["vi"] for step in track["timeline"]] == [event["said_vi"]]


def test_no_plan_has_a_task_of_it(service: Service, tmp_path: Path) -> None:
    register(service)
    register(service, "A-2")

    def planned() -> list[str]:
        with service.runtime.database.read() as connection:
            return [row["code"] for row in snapshot_of(connection, PROVINCE, today(), tmp_path).shipments]

    assert planned() == ["A-1", "A-2"]
    accept(service)
    assert planned() == ["A-2"]


def test_fee_and_postage_are_settled_and_the_report_counts_it_as_kept(service: Service) -> None:
    register(service)
    accept(service)
    period = {"first_day": str(today()), "last_day": str(today())}
    (day,) = service.ask("GET", "/api/v1/settlement", by="dispatcher", params=period).json()["settled"]
    assert (day["taker"], day["fee_dong"], day["postage_dong"], day["cash_dong"]) == (COURIER, 50_000, 24_000, 74_000)
    with service.runtime.database.read() as connection:
        (way,) = connection.execute(select(passages))
    assert (way.holding, way.outcome, way.done_day, way.taken_day) == (
        "done", "scanned", today().toordinal(), today().toordinal(),
    )  # fmt: skip
    promised = {"first_day": str(today()), "last_day": str(today() + timedelta(days=30)), "part": "post"}
    told = service.ask("GET", "/api/v1/reports/punctuality", by="head-dispatcher", params=promised).json()
    whole = told["whole"]
    assert (whole["total"], whole["settled"], whole["open"]) == (1, 1, 0)
    assert any("bản quét" in one["vi"] and "scans" in one["en"] for one in told["definitions"])


def test_a_procedure_that_wants_papers_is_named_and_so_is_a_missing_scan(service: Service) -> None:
    register(service, "A-1", PAPER)
    register(service, "A-2", None)
    register(service, "A-3")
    assert accept(service, "A-1") == ["scans_not_enough"]
    assert accept(service, "A-2", scans=True) == ["scans_not_enough"]
    assert accept(service, "A-3", scans=False) == ["missing_scan"]
    (piece,) = history(service)["pieces"]
    assert "giấy tờ" in piece["message_vi"]
    assert "papers" in piece["message_en"]


def test_what_the_procedure_wants_is_judged_when_the_shipment_is_known(service: Service) -> None:
    assert accept(service) == ["unknown_shipment"]
    register(service, "A-1", PAPER)
    assert [piece["code"] for piece in history(service)["pieces"]] == ["scans_not_enough"]


def test_pages_are_told_what_it_wants(service: Service) -> None:
    for by in ("courier", "desk"):
        table = service.ask("GET", "/api/v1/rounds/evidence", by=by).json()
        assert table["scans_only"] == list(EvidenceRules().scans_only)
        assert {"scan", "documents", "signature_theirs"} <= set(table["scans_only"])
        assert "seal" not in table["scans_only"]
