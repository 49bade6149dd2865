"""A small province in the database that works every day from today on, and a citizen's result in it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import update

from api.plans.document import write_plan
from api.plans.planning import solve_group
from api.plans.schemas import Plan
from api.plans.snapshots import prepare_snapshot, snapshot_of
from api.shipments.tables import shipments
from api.tallies.figures import ZONE
from routing.stopping import StoppingCriterion
from tests.api.service.made_plans import best_of, store_plan
from tests.api.service.running import PROVINCE, Service
from tests.api.service.test_plans import publish
from tests.api.small_day import write_small_day

CODE = "RR123456785VN"
COURIER = "LX-1"


def today() -> date:
    """Here, where the post works."""
    return datetime.now(UTC).astimezone(ZONE).date()


def with_result(service: Service) -> Service:
    """A network whose couriers work from today for ten days, and `CODE`, ready at the base of Nguyễn Văn An's home."""
    working = [{"date": str(today() + timedelta(days=n)), "kind": "working", "name": "thử"} for n in range(10)]
    with TemporaryDirectory() as folder:
        network, _ = write_small_day(Path(folder))
        files = [("files", (path.name, path.read_bytes())) for path in sorted(network.iterdir())]
    files.append(("files", ("calendar.json", json.dumps({"calendar": working}).encode())))
    answer = service.ask("POST", f"/api/v1/network/import?province={PROVINCE}", files=files)
    assert answer.status_code == 200, answer.text
    answer = service.ask("POST", "/api/v1/shipments", by="desk", json=result_row())
    assert answer.status_code == 201, answer.text
    return service


def result_row() -> dict[str, Any]:
    """`CODE` as a desk registers it."""
    return {
        "code": CODE, "kind": "result", "origin_site": "BC-LX", "dest_lon": 105.418, "dest_lat": 10.361,
        "dest_address": "12 Trần Hưng Đạo", "dest_commune": "30307", "ready_at": f"{today()}T00:00:00+07:00",
        "due_on": str(today() + timedelta(days=1)), "appointment_on": str(today() + timedelta(days=1)),
        "contact_name": "Nguyễn Văn An", "contact_phone": "0912345612", "note": "Nhà sau chợ",
    }  # fmt: skip


def new_pin(service: Service) -> str:
    answer = service.ask("POST", f"/api/v1/track/{CODE}/pin", by="desk")
    assert answer.status_code == 201, answer.text
    return str(answer.json()["pin"])


def plan_of(service: Service, day: date) -> tuple[str, Plan]:
    """Plan a day from what the database knows; the plan's id, a draft."""
    folder = service.runtime.settings.data_folder
    with service.runtime.database.read() as connection:
        snapshot = snapshot_of(connection, PROVINCE, day, folder)
    prepared, stop = prepare_snapshot(snapshot, folder), StoppingCriterion(iterations=20)
    answers = [solve_group(group.problem, stop, 0, None) for group in prepared.groups]
    plan = write_plan(prepared.inputs, prepared.groups, answers, created_at=datetime.now(UTC))
    return store_plan(service, snapshot, best_of(plan), "planner"), plan


def published(service: Service, day: date) -> Plan:
    plan_id, plan = plan_of(service, day)
    answer = publish(service, plan_id, 1)
    assert answer.status_code == 200, answer.text
    return plan


def held_by(service: Service, holding: str, **values: Any) -> None:
    """Let custody's word on `CODE` be another."""
    of_code = update(shipments).where(shipments.c.code == CODE)
    service.runtime.writer.write_now(lambda c: c.execute(of_code.values(holding=holding, **values)))
