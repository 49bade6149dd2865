"""What a stored plan is drawn on, and who is left out of it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from sqlalchemy import select

from api.plans.map_roads import road_map
from api.plans.places import places
from api.plans.roads import load_roads
from api.plans.snapshots import as_read
from api.plans.times import day_times
from api.shipments.tables import shipments
from tests.api.service.day_inputs import day_inputs
from tests.api.service.made_plans import day_prepared, day_snapshot, put_plan
from tests.api.service.running import Service
from tests.api.service.test_day_snapshot import imported


def test_a_stored_plan_has_the_places_and_roads_of_its_inputs(sqlite_service: Service) -> None:
    plan_id, snapshot, inputs = put_plan(sqlite_service), day_snapshot(), day_prepared().inputs
    shown = sqlite_service.ask("GET", f"/api/v1/plans/{plan_id}/places", by="auditor")
    assert shown.json() == json.loads(places(inputs.network, inputs.shipments, snapshot.day).model_dump_json())
    drawn = sqlite_service.ask("GET", f"/api/v1/plans/{plan_id}/roads", by="auditor")
    assert drawn.json() == json.loads(road_map(load_roads(inputs.network, snapshot.day)).model_dump_json())


def test_an_absent_courier_is_in_no_plan_and_an_unknown_one_is_named(sqlite_service: Service) -> None:
    sent = sqlite_service.ask("POST", "/api/v1/plans/inputs", by="planner", json=day_inputs()).json()
    crew = [row["courier_id"] for row in day_inputs()["network"]["couriers"]]
    body = {"inputs_sha256": sent["inputs_sha256"], "seconds": 1, "absent": crew[:2]}
    job = sqlite_service.ask("POST", "/api/v1/plans", by="planner", json=body)
    assert job.status_code == 202, job.text
    found = sqlite_service.runtime.database
    with found.read() as connection:
        payload = connection.exec_driver_sql("SELECT payload FROM jobs").scalar_one()
        sha256 = json.loads(payload)["inputs_sha256"]
        network = connection.exec_driver_sql("SELECT network FROM plan_inputs WHERE sha256 = ?", (sha256,)).scalar_one()
    there = [row["courier_id"] for row in json.loads(network)["couriers"]]
    assert there == crew[2:]
    refused = sqlite_service.ask("POST", "/api/v1/plans", by="planner", json={**body, "absent": ["BT-NHAM"]})
    assert refused.status_code == 409
    assert "BT-NHAM" in refused.json()["error"]["message_vi"]


def test_the_service_says_what_it_is_before_anybody_logs_in(sqlite_service: Service) -> None:
    assert sqlite_service.ask("GET", "/api/v1/source", by=None).json() == {"kind": "service", "basemap": None}


def test_what_waits_is_counted_with_what_earlier_days_left_over(service: Service) -> None:
    imported(service)
    rows = day_inputs()["shipments"]
    with service.runtime.database.read() as connection:
        due = {row.code: row.due_on for row in connection.execute(select(shipments.c.code, shipments.c.due_on))}
    for day in (date(2026, 11, 24), date(2026, 11, 25), date(2026, 11, 27)):
        there = [row for row in rows if date.fromisoformat(row["ready_at"][:10]) <= day]
        older = [row for row in there if date.fromisoformat(row["ready_at"][:10]) < day]
        late = [row for row in there if due[row["code"]] <= day.isoformat()]
        answer = service.ask("GET", f"/api/v1/plans/waiting?day={day}", by="planner")
        assert answer.json() == {"shipments": len(there), "left_over": len(older), "due": len(late)}
    assert service.ask("GET", f"/api/v1/plans/waiting?day={day}", by="dispatcher").status_code == 404


def test_a_stored_plan_has_the_times_of_its_inputs(sqlite_service: Service) -> None:
    plan_id, snapshot = put_plan(sqlite_service), day_snapshot()
    shown = sqlite_service.ask("GET", f"/api/v1/plans/{plan_id}/times", by="auditor")
    with as_read(snapshot, Path()) as read:
        assert shown.json() == json.loads(day_times(read.network, read.shipments, snapshot.day).model_dump_json())
    carried = {task["shipment"] for task in shown.json()["tasks"]}
    plan = sqlite_service.ask("GET", f"/api/v1/plans/{plan_id}", by="auditor").json()
    stops = [stop for route in plan["routes"] for trip in route["trips"] for stop in trip["stops"]]
    assert {task["shipment"] for stop in stops for task in stop["tasks"]} <= carried
