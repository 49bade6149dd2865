"""A search that goes on from a plan for some bases only."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from api.plans.schemas import parse_plan
from tests.api.service.made_plans import day_plan, put_plan
from tests.api.service.running import Service
from tests.api.service.test_plan_jobs import job_of, rounds_of, wait_for

pytestmark = pytest.mark.slow


def over(service: Service, plan_id: str, bases: list[str]) -> dict[str, Any]:
    answer = service.ask("POST", f"/api/v1/plans/{plan_id}/replan", by="planner", json={"seconds": 2, "bases": bases})
    assert answer.status_code == 202, answer.text
    return wait_for(partial(job_of, service, answer.json()["job_id"]), lambda job: job["finished_at"] is not None)


def test_the_rounds_of_all_other_bases_stay_as_they_are(sqlite_service: Service) -> None:
    plan_id, before = put_plan(sqlite_service), day_plan()
    base = max((route.base_id for route in before.routes), key=[route.base_id for route in before.routes].count)
    job = over(sqlite_service, plan_id, [base])
    assert job["state"] == "done", job
    assert job["progress"]["seconds"] == 2  # all of it for the one base
    found = sqlite_service.ask("GET", f"/api/v1/plans/{job['result']['plan_id']}", by="planner")
    after = parse_plan(found.content)
    others = {route.courier_id for route in before.routes if route.base_id != base}
    assert others
    assert {c: r for c, r in rounds_of(after).items() if c in others} == {
        c: r for c, r in rounds_of(before).items() if c in others
    }
    assert after.objective.total <= before.objective.total


def test_a_base_that_nothing_is_planned_from_is_named(sqlite_service: Service) -> None:
    job = over(sqlite_service, put_plan(sqlite_service), ["BC-NHAM"])
    assert job["state"] == "failed"
    assert "BC-NHAM" in job["error"]["message_vi"]
