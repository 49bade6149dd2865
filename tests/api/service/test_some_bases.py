"""A first plan for some bases only, and a search that goes on for the others."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from api.plans.schemas import Plan, parse_plan
from tests.api.service.day_inputs import day_inputs
from tests.api.service.made_plans import day_plan
from tests.api.service.running import Service
from tests.api.service.test_plan_jobs import job_of, rounds_of, wait_for

pytestmark = pytest.mark.slow


def ended(service: Service, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = service.ask("POST", path, by="planner", json={"seconds": 2, **body})
    assert answer.status_code == 202, answer.text
    return wait_for(partial(job_of, service, answer.json()["job_id"]), lambda job: job["finished_at"] is not None)


def planned(service: Service, bases: list[str]) -> dict[str, Any]:
    sha = service.ask("POST", "/api/v1/plans/inputs", by="planner", json=day_inputs()).json()["inputs_sha256"]
    return ended(service, "/api/v1/plans", {"inputs_sha256": sha, "bases": bases})


def plan_of(service: Service, job: dict[str, Any]) -> Plan:
    assert job["state"] == "done", job
    return parse_plan(service.ask("GET", f"/api/v1/plans/{job['result']['plan_id']}", by="planner").content)


def why(plan: Plan) -> dict[str, str]:
    return {left.shipment: left.reasons[0].constraint for left in plan.unassigned}


@pytest.mark.long
def test_the_other_bases_are_said_to_be_not_asked_for_until_they_are_searched_for(sqlite_service: Service) -> None:
    everywhere = day_plan()
    bases = sorted({route.base_id for route in everywhere.routes})
    first = plan_of(sqlite_service, planned(sqlite_service, [bases[0]]))
    assert {route.base_id for route in first.routes} == {bases[0]}
    # Whom the whole day's plan carries from elsewhere lies there, and nobody was asked to carry it.
    elsewhere = {
        task.shipment
        for route in everywhere.routes
        if route.base_id != bases[0]
        for trip in route.trips
        for stop in trip.stops
        for task in stop.tasks
    }
    assert elsewhere
    assert {why(first)[code] for code in elsewhere} == {"not_asked"}
    assert first.totals.carried + len(first.unassigned) == len(day_inputs()["shipments"])

    sought = planned_on(sqlite_service, bases[1:])
    assert {route.base_id for route in sought.routes} == set(bases)
    kept = rounds_of(first)
    assert {courier: stops for courier, stops in rounds_of(sought).items() if courier in kept} == kept
    assert "not_asked" not in why(sought).values()
    assert all(left.reasons for left in sought.unassigned)


def planned_on(service: Service, bases: list[str]) -> Plan:
    (first,) = service.ask("GET", f"/api/v1/plans?day={day_inputs()['day']}", by="planner").json()["plans"]
    return plan_of(service, ended(service, f"/api/v1/plans/{first['plan_id']}/replan", {"bases": bases}))


def test_a_name_that_is_no_base_is_refused_by_name(sqlite_service: Service) -> None:
    job = planned(sqlite_service, ["BC-NHAM"])
    assert job["state"] == "failed"
    assert "BC-NHAM" in job["error"]["message_vi"]
