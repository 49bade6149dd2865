"""Edits taken back over HTTP, withdrawn plans, and what retention leaves of old plans."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import func, select, update

from api.plans.schemas import Plan, PlanStatus, parse_plan
from api.plans.steps import MOST_UNDONE
from api.plans.tables import plan_changes, plan_inputs, plans
from api.retention import run_retention
from tests.api.service.made_plans import day_plan, day_snapshot, put_plan
from tests.api.service.running import Service
from tests.api.service.test_plans import edit, first_code, publish


def undo(service: Service, plan_id: str, version: int, by: str = "planner") -> Response:
    return service.ask("POST", f"/api/v1/plans/{plan_id}/undo", by=by, headers={"If-Match": f'"{version}"'})


def stored(service: Service, plan_id: str) -> Plan:
    return parse_plan(service.ask("GET", f"/api/v1/plans/{plan_id}", by="auditor").content)


def content(plan: Plan) -> dict[str, Any]:
    return plan.model_dump(exclude={"version", "created_at", "status"})


def test_each_undo_goes_one_edit_further_back_as_a_new_version(service: Service) -> None:
    plan_id, code = put_plan(service), first_code()
    seen = [content(stored(service, plan_id))]
    assert edit(service, plan_id, 1, kind="lock", shipments=[code]).status_code == 200
    seen.append(content(stored(service, plan_id)))
    assert edit(service, plan_id, 2, kind="unlock", shipments=[code]).status_code == 200
    assert edit(service, plan_id, 3, kind="unassign", shipments=[code]).status_code == 200
    for version, expected in ((4, 0), (5, 1), (6, 0)):  # before the unassigning, the unlocking, the locking
        answer = undo(service, plan_id, version)
        assert (answer.status_code, answer.headers["ETag"]) == (200, f'"{version + 1}"')
        assert (answer.json()["version"], answer.json()["status"]) == (version + 1, "draft")
        assert content(stored(service, plan_id)) == seen[expected]
    assert undo(service, plan_id, 7).status_code == 409
    history = service.ask("GET", f"/api/v1/plans/{plan_id}/history", by="auditor").json()["changes"]
    assert [one["what"]["kind"] for one in history] == ["lock", "unlock", "unassign", "undo", "undo", "undo"]


@pytest.mark.slow
def test_an_edit_after_an_undo_is_the_next_to_be_undone(service: Service) -> None:
    plan_id, code = put_plan(service), first_code()
    before = content(stored(service, plan_id))
    assert edit(service, plan_id, 1, kind="lock", shipments=[code]).status_code == 200
    assert undo(service, plan_id, 2).status_code == 200
    assert edit(service, plan_id, 3, kind="unassign", shipments=[code]).status_code == 200
    assert undo(service, plan_id, 4).status_code == 200
    assert content(stored(service, plan_id)) == before
    assert undo(service, plan_id, 5).status_code == 409


@pytest.mark.slow
def test_undo_wants_the_version_seen_last_and_a_draft(service: Service) -> None:
    plan_id, code = put_plan(service), first_code()
    assert undo(service, plan_id, 1).json()["error"]["code"] == "refused"
    assert edit(service, plan_id, 1, kind="lock", shipments=[code]).status_code == 200
    assert undo(service, plan_id, 1).json()["error"]["code"] == "changed_meanwhile"
    assert publish(service, plan_id, 2).status_code == 200
    assert undo(service, plan_id, 3).status_code == 409
    headers = {"If-Match": '"3"'}
    assert (
        service.ask("POST", f"/api/v1/plans/{plan_id}/unpublish", by="dispatcher", headers=headers).status_code == 404
    )
    assert (
        service.ask("POST", f"/api/v1/plans/{plan_id}/unpublish", by="head-dispatcher", headers=headers).status_code
        == 200
    )
    assert undo(service, plan_id, 4).status_code == 409  # what was published is not taken back silently
    assert undo(service, plan_id, 4, by="far-dispatcher").status_code == 404


@pytest.mark.slow
def test_only_the_latest_documents_are_kept(service: Service) -> None:
    plan_id, code = put_plan(service), first_code()
    for version in range(1, MOST_UNDONE + 6):
        kind = "lock" if version % 2 else "unlock"
        assert edit(service, plan_id, version, kind=kind, shipments=[code]).status_code == 200
    with service.runtime.database.read() as connection:
        kept = connection.scalar(select(func.count()).where(plan_changes.c.before.is_not(None)))
    assert kept == MOST_UNDONE


@pytest.mark.slow
def test_a_plan_that_another_one_replaced_says_so_itself(service: Service) -> None:
    first, second = put_plan(service), put_plan(service)
    assert publish(service, first, 1).status_code == 200
    assert publish(service, second, 1, replaces=first).status_code == 200
    plan = stored(service, first)
    shown = service.ask("GET", f"/api/v1/plans/{first}/history", by="auditor").json()
    assert (plan.status, plan.version) == (PlanStatus.WITHDRAWN, 3)
    assert (shown["plan"]["status"], shown["plan"]["version"]) == ("withdrawn", 3)
    assert shown["changes"][-1]["what"] == {"kind": "withdraw", "replaced_by": second}
    assert content(plan) == content(day_plan())
    assert undo(service, first, 3).status_code == 409


@pytest.mark.slow
def test_retention_takes_the_places_out_of_old_plans_and_leaves_their_totals(service: Service) -> None:
    plan_id, code = put_plan(service), first_code()
    assert edit(service, plan_id, 1, kind="lock", shipments=[code]).status_code == 200
    before, runtime, day = stored(service, plan_id), service.runtime, day_snapshot().day
    over = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=runtime.settings.personal_days)
    assert run_retention(runtime.database, runtime.settings, over).counts["plans"] == 0
    later = over + timedelta(days=1)
    assert run_retention(runtime.database, runtime.settings, later, rehearse=True).counts["plans"] == 2
    assert run_retention(runtime.database, runtime.settings, later).counts["plans"] == 2
    assert run_retention(runtime.database, runtime.settings, later).counts["plans"] == 0
    service.tokens.clear()  # the sessions of two years ago are gone too
    after = stored(service, plan_id)
    assert (after.routes, after.unassigned) == ((), ())
    assert (after.totals, after.objective, after.version) == (before.totals, before.objective, 2)
    listed = service.ask("GET", "/api/v1/plans", by="auditor").json()["plans"]
    assert listed[0]["figures"]["carried"] == before.totals.carried
    with runtime.database.read() as connection:
        inputs = connection.execute(select(plan_inputs)).one()
        texts = [*connection.scalars(select(plans.c.document)), *connection.scalars(select(plan_changes.c.before))]
    assert (inputs.network, inputs.shipments) == ({}, [])
    points = {f"{row['dest_lon']}" for row in day_snapshot().shipments if row.get("dest_lon")}
    assert points
    everything = json.dumps([text for text in texts if text])
    assert not any(point in everything for point in points)
    for answer in (
        edit(service, plan_id, 2, kind="unlock", shipments=[code]),
        undo(service, plan_id, 2),
        publish(service, plan_id, 2),
    ):
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "refused")


def test_inputs_that_were_erased_can_be_sent_again(service: Service) -> None:
    put_plan(service)
    runtime, sha256 = service.runtime, day_snapshot().sha256
    run_retention(runtime.database, runtime.settings, datetime(2040, 1, 1, tzinfo=UTC))
    service.tokens.clear()
    asked = {"inputs_sha256": sha256, "seconds": 1}
    assert "erased" in service.ask("POST", "/api/v1/plans", by="planner", json=asked).json()["error"]["message_en"]
    put_plan(service)
    with runtime.database.read() as connection:
        row = connection.execute(select(plan_inputs)).one()
    assert (row.shipments, row.erased_at) == (day_snapshot().shipments, None)


def test_a_young_plan_is_left_alone(service: Service) -> None:
    plan_id = put_plan(service)
    today = datetime.now(UTC).date().isoformat()
    service.runtime.writer.write_now(lambda c: c.execute(update(plans).values(day=today)))
    service.runtime.writer.write_now(lambda c: c.execute(update(plan_inputs).values(day=today)))
    assert run_retention(service.runtime.database, service.runtime.settings, datetime.now(UTC)).counts["plans"] == 0
    assert stored(service, plan_id).routes == day_plan().routes
