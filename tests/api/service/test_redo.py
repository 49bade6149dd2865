"""Edits done again after they were taken back, and edits that are only tried."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from httpx2 import Response
from hypothesis import given
from hypothesis import strategies as st

from api.plans.steps import MOST_UNDONE, steps_of
from tests.api.service.made_plans import day_plan, put_plan
from tests.api.service.running import Service
from tests.api.service.test_plans import a_bad_move, edit, first_code, publish
from tests.api.service.test_undo import content, stored, undo


def redo(service: Service, plan_id: str, version: int, by: str = "planner") -> Response:
    return service.ask("POST", f"/api/v1/plans/{plan_id}/redo", by=by, headers={"If-Match": f'"{version}"'})


def tried(service: Service, plan_id: str, version: int, by: str = "planner", **what: Any) -> Response:
    path, headers = f"/api/v1/plans/{plan_id}/trial", {"If-Match": f'"{version}"'}
    return service.ask("POST", path, by=by, json=what, headers=headers)


def can(service: Service, plan_id: str) -> tuple[bool, bool]:
    said = service.ask("GET", f"/api/v1/plans/{plan_id}/history", by="auditor").json()
    return said["can_undo"], said["can_redo"]


def all_broken(service: Service, plan_id: str) -> Any:
    return service.ask("GET", f"/api/v1/plans/{plan_id}/violations", by="auditor").json()


@given(st.lists(st.sampled_from(["edit", "edit", "undo", "undo", "redo"]), max_size=60))
def test_undoing_and_doing_again_walk_along_a_plain_list_of_documents(wishes: list[str]) -> None:
    documents, at = ["0"], 0  # the oracle: what was written, and where one stands in it
    changes: list[tuple[int, str, str]] = []  # version, kind, document before: what is kept
    for number, wish in enumerate(wishes, 1):
        known = changes[-MOST_UNDONE:]
        steps = steps_of((version, kind) for version, kind, _ in known)
        befores = {version: before for version, _, before in known}
        for step, goal in ((steps.undo, at - 1), (steps.redo, at + 1)):
            if step is not None:
                assert befores[step] == documents[goal]
            elif len(changes) <= MOST_UNDONE:
                assert not 0 <= goal < len(documents)
        if wish == "edit":
            changes.append((number, "move", documents[at]))
            documents[at + 1 :] = [str(number)]
            at += 1
        elif (step := steps.undo if wish == "undo" else steps.redo) is not None:
            changes.append((number, wish, documents[at]))
            at += -1 if wish == "undo" else 1


@pytest.mark.slow
def test_what_was_undone_is_done_again_until_something_else_is_edited(service: Service) -> None:
    plan_id, code = put_plan(service), first_code()
    assert can(service, plan_id) == (False, False)
    seen = [content(stored(service, plan_id))]
    for version, kind in ((1, "lock"), (2, "unlock"), (3, "unassign")):
        assert edit(service, plan_id, version, kind=kind, shipments=[code]).status_code == 200
        seen.append(content(stored(service, plan_id)))
    assert can(service, plan_id) == (True, False)
    steps = ((undo, 2), (undo, 1), (redo, 2), (redo, 3), (undo, 2), (undo, 1), (undo, 0), (redo, 1))
    for version, (step, expected) in enumerate(steps, 4):
        answer = step(service, plan_id, version)
        assert (answer.status_code, answer.headers["ETag"]) == (200, f'"{version + 1}"')
        assert content(stored(service, plan_id)) == seen[expected]
    assert can(service, plan_id) == (True, True)
    other = day_plan().routes[-1].trips[0].stops[-1].tasks[0].shipment
    assert edit(service, plan_id, 12, kind="lock", shipments=[other]).status_code == 200
    assert can(service, plan_id) == (True, False)
    assert redo(service, plan_id, 13).json()["error"]["message_en"] == "There is nothing left to do again."
    later = service.ask("GET", f"/api/v1/plans/{plan_id}/history?since=11", by="auditor").json()["changes"]
    assert [one["what"]["kind"] for one in later] == ["redo", "lock"]


@pytest.mark.slow
def test_doing_again_wants_the_version_seen_last_and_a_draft(sqlite_service: Service) -> None:
    service = sqlite_service
    plan_id, code = put_plan(service), first_code()
    assert redo(service, plan_id, 1).json()["error"]["code"] == "refused"
    assert edit(service, plan_id, 1, kind="lock", shipments=[code]).status_code == 200
    assert undo(service, plan_id, 2).status_code == 200
    assert redo(service, plan_id, 2).json()["error"]["code"] == "changed_meanwhile"
    for by, status in (("auditor", 403), ("courier", 403), ("desk", 403), ("dispatcher", 404), ("far-dispatcher", 404)):
        assert redo(service, plan_id, 3, by=by).status_code == status, by
    assert publish(service, plan_id, 3).status_code == 200
    assert can(service, plan_id) == (False, False)
    assert redo(service, plan_id, 4).status_code == 409


@pytest.mark.slow
def test_a_trial_answers_as_the_edit_that_follows_and_keeps_nothing(sqlite_service: Service) -> None:
    service, random = sqlite_service, Random(7)
    plan_id, version, done = put_plan(service), 1, 0
    while done < 25:
        what = random_edit(random, stored(service, plan_id).model_dump(mode="json"))
        before = service.ask("GET", f"/api/v1/plans/{plan_id}", by="auditor").content
        trial = tried(service, plan_id, version, **what)
        assert service.ask("GET", f"/api/v1/plans/{plan_id}", by="auditor").content == before
        edited = edit(service, plan_id, version, **what)
        assert trial.status_code == edited.status_code, what
        if edited.status_code == 200:
            assert trial.json() == edited.json()["edit"], what
            version, done = version + 1, done + 1
        else:
            assert trial.json() == edited.json()
    history = service.ask("GET", f"/api/v1/plans/{plan_id}/history", by="auditor").json()
    assert len(history["changes"]) == done


@pytest.mark.slow
def test_a_trial_tells_every_rule_that_is_broken_and_wants_a_draft_at_its_version(sqlite_service: Service) -> None:
    service, windows = sqlite_service, "08:00-09:30"
    plan_id, bad = put_plan(service, windows), a_bad_move()
    answer = tried(service, plan_id, 1, **bad).json()
    assert not answer["publishable"]
    assert "time_windows" in {one["constraint"] for one in answer["violations"]}
    assert tried(service, plan_id, 2, **bad).json()["error"]["code"] == "changed_meanwhile"
    assert all_broken(service, plan_id) == {"version": 1, "violations": []}
    assert edit(service, plan_id, 1, **bad).status_code == 200
    assert all_broken(service, plan_id) == {"version": 2, "violations": answer["violations"]}
    assert undo(service, plan_id, 2).status_code == 200
    assert all_broken(service, plan_id) == {"version": 3, "violations": []}
    assert publish(service, plan_id, 3).status_code == 200
    assert tried(service, plan_id, 4, **bad).json()["error"]["code"] == "refused"


def random_edit(random: Random, plan: dict[str, Any]) -> dict[str, Any]:
    """Anything a dispatcher may ask for, sensible or not."""
    stops = [stop for route in plan["routes"] for trip in route["trips"] for stop in trip["stops"]]
    codes = [task["shipment"] for task in random.choice(stops)["tasks"]]
    codes = random.choice([codes, codes, [one["shipment"] for one in plan["unassigned"]][:1] or codes])
    route = random.choice(plan["routes"])
    trip = random.randrange(len(route["trips"]) + 1)
    most = len(route["trips"][trip]["stops"]) if trip < len(route["trips"]) else 0
    spot = {"courier_id": route["courier_id"], "trip": trip, "position": random.randint(0, most + 1)}
    return random.choice(
        [
            {"kind": "move", "shipments": codes, **spot},
            {"kind": "move", "shipments": codes, **spot},
            {"kind": "unassign", "shipments": codes},
            {"kind": "assign", "shipment": codes[0]},
            {"kind": "assign_all", "shipments": codes, "courier_id": random.choice([None, route["courier_id"]])},
            {"kind": random.choice(["lock", "unlock"]), "shipments": codes},
            {"kind": random.choice(["lock_round", "unlock_round"]), "courier_id": route["courier_id"]},
        ]
    )
