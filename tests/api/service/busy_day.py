"""The sample day with so much mail that more than twenty couriers go out, planned and published."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from typing import Any

from api.plans.document import write_plan
from api.plans.planning import solve_group
from api.plans.schemas import Plan
from api.plans.snapshots import Snapshot, without_people
from routing.stopping import StoppingCriterion
from tests.api.service.day_inputs import day_inputs
from tests.api.service.made_plans import AT, best_of, made_ready, store_plan
from tests.api.service.running import Service
from tests.api.service.test_plans import publish

HALVES = ("08:00-10:00", "13:30-16:00")
"""In which citizens are at home, in turn: more couriers have to go than one a base."""


@cache
def busy_inputs(scale: float = 2.0) -> dict[str, Any]:
    """An Giang's sample day with so many times the mail, and citizens who are at home for a few hours only."""
    inputs = day_inputs(scale=scale)
    rows = [{**row, "windows": HALVES[number % 2]} for number, row in enumerate(inputs["shipments"])]
    return {**inputs, "shipments": rows}


@cache
def busy_snapshot() -> Snapshot:
    inputs = busy_inputs()
    day = datetime.fromisoformat(inputs["day"]).date()
    return Snapshot(inputs["province_id"], day, inputs["network"], without_people(inputs["shipments"]))


@cache
def busy_plan() -> Plan:
    """More than twenty rounds, always the same."""
    prepared = made_ready(busy_snapshot())
    answers = [solve_group(group.problem, StoppingCriterion(iterations=20), 0, None) for group in prepared.groups]
    return write_plan(prepared.inputs, prepared.groups, answers, created_at=AT)


def publish_busy_day(service: Service) -> str:
    """Take in the network and the day's shipments, and publish their plan; returns its id."""
    inputs = busy_inputs()
    files = [("files", ("network.json", json.dumps(inputs["network"]).encode()))]
    taken = service.ask("POST", "/api/v1/network/import", by="planner", files=files)
    assert taken.status_code == 200, taken.text
    file = ("shipments.json", json.dumps({"shipments": inputs["shipments"]}).encode())
    path = f"/api/v1/shipments/import?on={inputs['day']}"
    taken = service.ask("POST", path, by="head-dispatcher", files={"file": file})
    assert taken.status_code == 200, taken.text
    plan_id = store_plan(service, busy_snapshot(), best_of(busy_plan()), "planner")
    answer = publish(service, plan_id, 1)
    assert answer.status_code == 200, answer.text
    return plan_id
