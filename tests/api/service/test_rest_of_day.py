"""The rest of a running day searched anew by a job: a proposal like any other, which can be cancelled."""

from __future__ import annotations

from typing import Any

import pytest

from api.ids import new_id
from tests.api.service.made_plans import day_plan
from tests.api.service.running import Service
from tests.api.service.test_plan_jobs import job_of, wait_for
from tests.api.service.test_replan import accept, codes_of, moment, plan_of, propose, published, round_of
from tests.api.service.test_running_proof import proof


def ask_for(service: Service, plan_id: str, fact: dict[str, Any], *, seconds: float, version: int = 2) -> Any:
    body = {"proposal_id": new_id(), "at": moment(5 * 3600), "facts": [fact], "seconds": seconds}
    headers = {"If-Match": f'"{version}"'}
    return service.ask("POST", f"/api/v1/live/plans/{plan_id}/rest", by="head-dispatcher", json=body, headers=headers)


@pytest.mark.slow
def test_a_job_proposes_a_rest_of_the_day_that_is_accepted_and_proved(service: Service) -> None:
    route = round_of(service)
    plan_id = published(service)
    out = {"kind": "courier_out", "courier_id": route.courier_id}
    at_once = propose(service, plan_id, 2, out).json()
    answer = ask_for(service, plan_id, out, seconds=3)
    assert answer.status_code == 202, answer.text
    job = wait_for(lambda: job_of(service, answer.json()["job_id"]), lambda job: job["finished_at"] is not None)
    assert (job["state"], job["error"], job["progress"]["stage"]) == ("done", None, "solving")
    assert (job["result"]["plan_id"], job["result"]["version"]) == (plan_id, 3)
    told = service.ask("GET", f"/api/v1/live/proposals/{job['result']['proposal_id']}", by="auditor").json()
    assert told["status"] == "open"
    assert told["after"]["must_go_unassigned"] <= at_once["after"]["must_go_unassigned"]
    assert accept(service, told["proposal_id"]).status_code == 200
    plan = plan_of(service, plan_id)
    assert codes_of(plan) == codes_of(day_plan())
    assert route.courier_id not in {one.courier_id for one in plan.routes}
    assert proof(service, plan_id) == {"valid": True, "faults": []}


@pytest.mark.slow
def test_it_is_cancelled_and_leaves_the_plan_as_it_was(sqlite_service: Service) -> None:
    service = sqlite_service
    route = round_of(service)
    plan_id = published(service)
    out = {"kind": "courier_out", "courier_id": route.courier_id}
    job_id = ask_for(service, plan_id, out, seconds=600).json()["job_id"]
    started = wait_for(lambda: job_of(service, job_id), lambda job: (job["progress"] or {}).get("stage") == "solving")
    assert started["result"] is None
    service.ask("POST", f"/api/v1/jobs/{job_id}/cancel", by="planner", json={})
    ended = wait_for(lambda: job_of(service, job_id), lambda job: job["finished_at"] is not None)
    assert (ended["state"], ended["result"]) == ("cancelled", None)
    assert service.ask("GET", f"/api/v1/live/plans/{plan_id}/proposals", by="auditor").json()["proposals"] == []
    assert plan_of(service, plan_id).version == 2


@pytest.mark.slow
def test_it_wants_a_published_plan_the_version_seen_last_and_an_id_of_its_own(sqlite_service: Service) -> None:
    service = sqlite_service
    plan_id = published(service)
    late = {"kind": "courier_late", "courier_id": day_plan().routes[0].courier_id, "minutes": 10}
    assert ask_for(service, plan_id, late, seconds=1, version=1).status_code == 409
    known = propose(service, plan_id, 2, late).json()["proposal_id"]
    body = {"proposal_id": known, "at": moment(5 * 3600), "facts": [late], "seconds": 1}
    path, seen = f"/api/v1/live/plans/{plan_id}/rest", {"If-Match": '"2"'}
    for login, status in (("head-dispatcher", 409), ("dispatcher", 404), ("far-dispatcher", 404), ("courier", 403)):
        assert service.ask("POST", path, by=login, json=body, headers=seen).status_code == status, login
    assert service.ask("GET", "/api/v1/jobs", by="planner").json()["jobs"][1:] == []
    seen = {"If-Match": '"2"'}
    service.ask("POST", f"/api/v1/plans/{plan_id}/unpublish", by="head-dispatcher", headers=seen)
    assert ask_for(service, plan_id, late, seconds=1, version=3).status_code == 409
