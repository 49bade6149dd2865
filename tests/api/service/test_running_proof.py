"""Whatever is accepted while a day runs, the plan is proved by its inputs and by what happened; tampering is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from api.cli import app
from api.live.replan.kept import KeptDay, kept_day
from api.live.replan.proof import check_running
from api.live.replan.tables import live_days
from api.plans.schemas import Plan, PlannedRoute
from api.plans.tables import plans
from routing.model import Action
from tests.api.service.custody_made import made, send, user_id_of, with_device
from tests.api.service.made_plans import day_plan, day_prepared, day_snapshot
from tests.api.service.running import Service
from tests.api.service.test_replan import (
    a_fetched_one,
    accept,
    carrier,
    codes_of,
    moment,
    plan_of,
    propose,
    published,
    register,
    round_of,
)
from tests.api.service.test_replan_random import asked, with_more


def proof(service: Service, plan_id: str) -> dict[str, Any]:
    answer = service.ask("GET", f"/api/v1/live/plans/{plan_id}/proof", by="auditor")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def accepted(service: Service, plan_id: str, *facts: dict[str, Any], at: int) -> dict[str, Any]:
    """Propose, accept, and prove what is published then."""
    version = plan_of(service, plan_id).version
    answer = propose(service, plan_id, version, *facts, at=at)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    assert accept(service, told["proposal_id"]).status_code == 200
    assert proof(service, plan_id) == {"valid": True, "faults": []}, facts
    return told


def begins(route: PlannedRoute, code: str) -> datetime:
    """When a visit that handles a shipment begins."""
    stops = (stop for trip in route.trips for stop in trip.stops)
    return next(stop.starts for stop in stops if any(task.shipment == code for task in stop.tasks))


def trip_of(route: PlannedRoute, code: str) -> Any:
    return next(t for t in route.trips for stop in t.stops for task in stop.tasks if task.shipment == code)


def to_do(plan: Plan, action: Action, *, but: str = "") -> str:
    """Something that the longest round does, late in the day."""
    route = max(plan.routes, key=lambda route: sum(len(trip.stops) for trip in route.trips))
    tasks = [task for trip in route.trips for stop in trip.stops for task in stop.tasks]
    return [task.shipment for task in tasks if task.action is action and task.shipment != but][-1]


@pytest.mark.slow
def test_after_every_kind_of_acceptance_the_plan_is_proved(sqlite_service: Service) -> None:
    service = sqlite_service
    route = round_of(service)
    plan_id = published(service)
    with_device(service)
    assert proof(service, plan_id) == {"valid": True, "faults": []}

    register(service, "MOI-1", "MOI-2")
    accepted(service, plan_id, {"kind": "new_shipment", "code": "MOI-1"}, at=5 * 3600)
    plan = plan_of(service, plan_id)
    assert carrier(plan, "MOI-1").courier_id

    late = to_do(plan, Action.DELIVER)
    accepted(service, plan_id, {"kind": "line_late", "codes": [late], "until": moment(10 * 3600)}, at=5 * 3600)
    plan = plan_of(service, plan_id)
    left = {one.shipment for one in plan.unassigned}
    assert late in left or trip_of(carrier(plan, late), late).departs >= datetime.fromisoformat(moment(10 * 3600))

    door = to_do(plan, Action.COLLECT, but="MOI-1")
    window = {"kind": "window_changed", "code": door, "windows": [{"start": "14:00", "end": "15:00"}]}
    accepted(service, plan_id, window, at=5 * 3600 + 60)
    plan = plan_of(service, plan_id)
    begun = begins(carrier(plan, door), door)
    assert datetime.fromisoformat(moment(14 * 3600)) <= begun <= datetime.fromisoformat(moment(15 * 3600))

    cancelled = to_do(plan, Action.COLLECT, but=door)
    accepted(service, plan_id, {"kind": "cancelled", "code": cancelled}, at=5 * 3600 + 120)
    accepted(service, plan_id, {"kind": "courier_late", "courier_id": route.courier_id, "minutes": 45}, at=6 * 3600)

    plan = plan_of(service, plan_id)
    mine = next(one for one in plan.routes if one.courier_id == route.courier_id)
    first = mine.trips[0]
    items = sorted({t.shipment for stop in first.stops for t in stop.tasks if t.action is Action.DELIVER})
    out_at = first.departs.replace(second=7)
    if items:
        send(service, made("OUT", 1, shipments=items, at=out_at.isoformat(), data={"courier_id": mine.courier_id}))
    done = [task.shipment for task in first.stops[0].tasks]
    kind = "DELIVER" if first.stops[0].tasks[0].action is Action.DELIVER else "COLLECT_RESULT"
    send(service, made(kind, 2, shipments=done, at=first.stops[0].leaves.isoformat()))
    now = int((first.stops[0].leaves - datetime.fromisoformat(moment(0))).total_seconds()) + 60
    accepted(service, plan_id, at=now)
    again = trip_of(carrier(plan_of(service, plan_id), done[0]), done[0])
    assert again.departs == out_at or not items

    out = {"kind": "courier_out", "courier_id": route.courier_id, "lon": 105.44, "lat": 10.38}
    accepted(service, plan_id, out, at=now + 60)
    accepted(service, plan_id, {"kind": "new_shipment", "code": "MOI-2"}, at=now + 120)
    assert set(codes_of(plan_of(service, plan_id))) == {*codes_of(day_plan()), "MOI-1", "MOI-2"}


@pytest.mark.slow
def test_the_command_proves_a_running_plan_of_the_service(
    sqlite_service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan_id = published(sqlite_service)
    register(sqlite_service, "MOI-1")
    accepted(sqlite_service, plan_id, {"kind": "new_shipment", "code": "MOI-1"}, at=5 * 3600)
    monkeypatch.setenv("DUONGTHU_DATABASE_URL", f"sqlite:///{tmp_path / 'service.db'}")
    monkeypatch.setenv("DUONGTHU_DATA_FOLDER", str(tmp_path / "data"))
    proved = CliRunner().invoke(app, ["check", "--plan", plan_id, "--json"])
    assert (proved.exit_code, json.loads(proved.stdout)["proved"]) == (0, True), proved.output
    lost = update(live_days).values(plan_version=1)  # as if nobody knew what has happened
    sqlite_service.runtime.writer.write_now(lambda c: c.execute(lost))
    sqlite_service.runtime.writer.write_now(
        lambda c: c.execute(update(plans).values(inputs_sha256=day_snapshot().sha256))
    )
    assert CliRunner().invoke(app, ["check", "--plan", plan_id, "--json"]).exit_code != 0
    assert CliRunner().invoke(app, ["check"]).exit_code == 2


def test_what_is_taken_out_and_brought_back_is_seen_at_its_real_times(sqlite_service: Service) -> None:
    """OUT begins a trip, ARRIVE ends it; what was not delivered lies at the base and goes out again."""
    service = sqlite_service
    route = round_of(service)
    plan_id = published(service)
    with_device(service)
    trip = next(t for t in route.trips if any(x.action is Action.DELIVER for s in t.stops for x in s.tasks))
    items = sorted({t.shipment for stop in trip.stops for t in stop.tasks if t.action is Action.DELIVER})
    out_at, back_at = trip.departs.replace(second=11), trip.returns.replace(second=13)
    assert items
    send(service, made("OUT", 1, shipments=items, at=out_at.isoformat(), data={"courier_id": route.courier_id}))
    delivered, kept = items[0], items[1:]
    there = next(stop for stop in trip.stops if any(task.shipment == delivered for task in stop.tasks))
    send(service, made("DELIVER", 2, shipments=[delivered], at=there.leaves.isoformat()))
    send(service, made("ARRIVE", 3, shipments=kept or [delivered], at=back_at.isoformat(), data={"site_id": "BC-LX"}))
    now = int((back_at - datetime.fromisoformat(moment(0))).total_seconds()) + 60
    told = accepted(service, plan_id, at=now)
    assert told["puzzles"] == []
    plan = plan_of(service, plan_id)
    driven = trip_of(carrier(plan, delivered), delivered)
    assert (driven.departs, driven.returns) == (out_at, back_at)
    assert {task.shipment for stop in driven.stops for task in stop.tasks} == {delivered}
    left = {one.shipment for one in plan.unassigned}
    for code in kept:
        assert code in left or trip_of(carrier(plan, code), code).departs >= back_at


@pytest.mark.slow
def test_an_unpublished_plan_with_something_new_fits_its_inputs_and_can_be_edited(service: Service) -> None:
    plan_id = published(service)
    register(service, "MOI-1")
    accepted(service, plan_id, {"kind": "new_shipment", "code": "MOI-1"}, at=5 * 3600)
    seen = {"If-Match": '"3"'}
    draft = service.ask("POST", f"/api/v1/plans/{plan_id}/unpublish", by="head-dispatcher", headers=seen)
    assert draft.status_code == 200, draft.text
    edit = {"kind": "unassign", "shipments": ["MOI-1"]}
    edited = service.ask("POST", f"/api/v1/plans/{plan_id}/edits", by="planner", json=edit, headers={"If-Match": '"4"'})
    assert edited.status_code == 200, edited.text
    assert edited.json()["edit"]["unassigned"] == ["MOI-1"]
    assert proof(service, plan_id) == {"valid": True, "faults": []}
    again = service.ask(
        "POST", f"/api/v1/plans/{plan_id}/publish", by="head-dispatcher", json={"replaces": None},
        headers={"If-Match": '"5"'},
    )  # fmt: skip
    assert again.status_code == 200, again.text
    accepted(service, plan_id, {"kind": "cancelled", "code": a_fetched_one().code}, at=6 * 3600)


@pytest.mark.slow
def test_a_correction_of_what_the_plan_has_followed_is_shown_until_a_plan_knows_of_it(sqlite_service: Service) -> None:
    service = sqlite_service
    route = round_of(service)
    plan_id = published(service)
    with_device(service)
    stop = next(stop for stop in route.trips[0].stops if stop.tasks[0].action is Action.COLLECT)
    code = stop.tasks[0].shipment
    event = made("COLLECT_RESULT", 1, shipments=[code], at=stop.leaves.isoformat())
    send(service, event)
    now = int((stop.leaves - datetime.fromisoformat(moment(0))).total_seconds()) + 60
    assert accepted(service, plan_id, at=now)["puzzles"] == []
    wrong = {"who": user_id_of(service, "courier"), "why": "other", "note": "ghi nhầm mã"}
    undo = made("CORRECT", 2, shipments=[code], at=moment(now + 60), replaces=event["event_id"], data=wrong)
    assert send(service, undo)[0]["verdict"] in {"accepted", "incomplete"}
    told = accepted(service, plan_id, at=now + 120)
    assert [one["event_id"] for one in told["puzzles"]] == [undo["event_id"]]
    assert code in told["puzzles"][0]["why"]["vi"]
    assert "corrected" in told["puzzles"][0]["why"]["en"]
    assert accepted(service, plan_id, at=now + 180)["puzzles"] == []


def test_something_cancelled_costs_nothing_and_is_never_proposed_again() -> None:
    """Nobody wants it moved: to leave it is no failure, so its penalty is gone with it."""
    code = a_fetched_one().code
    first = asked(day_plan(), None, [], 5 * 3600, {"kind": "cancelled", "code": code}, {})
    left = {one.shipment: one for one in first.plan.unassigned}
    assert (left[code].must_go, left[code].reasons[0].constraint) == (False, "cancelled")
    assert first.plan.objective.terms.penalties == day_plan().objective.terms.penalties
    assert first.plan.objective.terms.must_go_left == day_plan().objective.terms.must_go_left
    late = {"kind": "courier_late", "courier_id": first.plan.routes[0].courier_id, "minutes": 30}
    second = asked(first.plan, first.running, [], 6 * 3600, late, {})
    assert code not in {t.shipment for r in second.plan.routes for p in r.trips for s in p.stops for t in s.tasks}


Lie = Callable[[Plan, KeptDay], tuple[Plan, KeptDay]]
LIES: dict[str, tuple[str, Lie]] = {
    "a figure": ("figure", lambda plan, kept: (_with(plan, "totals", distance=plan.totals.distance + 1), kept)),
    "another day": (
        "figure",
        lambda plan, kept: (_with(plan, "network", valid_on=date(2026, 1, 1)), kept),
    ),
    "a lighter load": ("input", lambda plan, kept: (plan, _with_shipment(kept, load=(0, 0, 0)))),
    "a promise for noon": ("promise", lambda plan, kept: (plan, _promised(kept, 43_200))),
    "something lost": (
        "running",
        lambda plan, kept: (plan, _with_group(kept, ahead=((),) * len(kept.groups[0].ahead))),
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_what_is_not_so_is_found(lie: str) -> None:
    found = asked(
        day_plan(), None, [], 5 * 3600,
        {"kind": "courier_late", "courier_id": _first_courier(), "minutes": 5}, {},
    )  # fmt: skip
    kept = kept_day(found.running)
    assert list(check_running(found.plan, kept, day_prepared(), with_more(()))) == []
    code, tell = LIES[lie]
    plan, other = tell(found.plan, kept)
    assert code in {one.code for one in check_running(plan, other, day_prepared(), with_more(()))}


def _first_courier() -> str:
    """Of the first group."""
    group = day_prepared().groups[0]
    return next(c.courier_id for c in group.couriers if c.courier_id in {r.courier_id for r in day_plan().routes})


def _with(plan: Plan, part: str, **changed: Any) -> Plan:
    return plan.model_copy(update={part: getattr(plan, part).model_copy(update=changed)})


def _with_group(kept: KeptDay, **changed: Any) -> KeptDay:
    return replace(kept, groups=(replace(kept.groups[0], **changed), *kept.groups[1:]))


def _with_shipment(kept: KeptDay, **changed: Any) -> KeptDay:
    first, *others = kept.groups[0].shipments
    return _with_group(kept, shipments=(replace(first, **changed), *others))


def _promised(kept: KeptDay, at: int) -> KeptDay:
    tasks = [t for trips in kept.groups[0].ahead for trip in trips for visit in trip.visits for t in visit.tasks]
    return _with_group(kept, promises=tuple((task, at) for task in tasks))
