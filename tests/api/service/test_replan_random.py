"""Random running days: whatever couriers do and dispatchers are told, nothing is lost and nothing driven is moved."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from api.custody.vocabulary import EventType
from api.ids import new_id
from api.live.replan.following import Happening
from api.live.replan.kept import kept_day
from api.live.replan.proof import check_running
from api.live.replan.proposing import Proposed, at_once, propose
from api.live.replan.schemas import NewProposal
from api.plans.schemas import Plan, PlannedStop
from api.shipments.model import Shipment, ShipmentList
from routing.model import Action
from tests.api.service.made_plans import AT, day_plan, day_prepared
from tests.api.service.test_replan import a_fetched_one, carrier, codes_of, moment
from tests.effort import draws

NEWS = ("cancelled", "courier_out", "courier_late", "line_late", "window_changed", "nothing")


def a_fact(rng: random.Random, plan: Plan, at: int, over: set[str], out: set[str]) -> dict[str, Any] | None:
    """Something that can happen at a time: never to a courier who stopped, or to what is done with."""
    kind = rng.choice(NEWS)
    driving = [route.courier_id for route in plan.routes if route.courier_id not in out]
    stops = [stop for route in plan.routes for trip in route.trips for stop in trip.stops]
    todo = [task for stop in stops for task in stop.tasks if task.shipment not in over]
    if not todo or not driving:
        return None
    code, courier_id = rng.choice(todo).shipment, rng.choice(driving)
    if kind == "cancelled":
        over.add(code)
        return {"kind": kind, "code": code}
    if kind == "courier_out":
        out.add(courier_id)
        return {"kind": kind, "courier_id": courier_id}
    if kind == "courier_late":
        return {"kind": kind, "courier_id": courier_id, "minutes": rng.randint(1, 120)}
    if kind == "window_changed":
        hour = min(at // 3600 + 1, 20)
        return {"kind": kind, "code": code, "windows": [{"start": f"{hour:02}:00", "end": "22:00"}]}
    aboard = {task.shipment for stop in stops for task in stop.tasks if stop.starts.isoformat() < moment(at)}
    brought = [task.shipment for task in todo if task.action is Action.DELIVER and task.shipment not in aboard]
    if kind == "line_late" and brought and not over:
        return {"kind": kind, "codes": [rng.choice(brought)], "until": moment(min(at + 3600, 80_000))}
    return None


def driven(rng: random.Random, plan: Plan, since: int, until: int, out: set[str]) -> list[Happening]:
    """What couriers do in a time: mostly as planned, now and then in vain, or the next door first."""
    done: list[Happening] = []
    for route in plan.routes:
        stops = [stop for trip in route.trips for stop in trip.stops if since <= seconds(stop) < until]
        if route.courier_id in out:
            continue
        if rng.random() < 0.3:
            rng.shuffle(stops)
        times = sorted(map(seconds, stops))
        for stop, at in zip(stops, times, strict=True):
            for task in stop.tasks:
                served = EventType.DELIVER if task.action is Action.DELIVER else EventType.COLLECT_RESULT
                kind = EventType.ATTEMPT if rng.random() < 0.1 else served
                done.append(Happening(new_id(), route.courier_id, kind, (task.shipment,), at))
    return sorted(done, key=lambda one: one.at)


def seconds(stop: PlannedStop) -> int:
    return int((stop.leaves - type(stop.leaves).fromisoformat(moment(0))).total_seconds())


def proposed(
    plan: Plan, running: str | None, done: Sequence[Happening], at: int, facts: Sequence[dict[str, Any]]
) -> Proposed:
    asked = NewProposal.model_validate({"proposal_id": new_id(), "at": moment(at), "facts": list(facts)})
    return propose(plan, day_prepared(), running, done, asked, {}, with_more, find=at_once, next_seq=0, created_at=AT)


def with_more(added: Sequence[Shipment]) -> ShipmentList:
    known = day_prepared().inputs.shipments
    every = sorted((*known.shipments, *added), key=lambda shipment: shipment.code)
    return replace(known, shipments=tuple(every))


def faults(found: Proposed) -> list[str]:
    """What the proof of a proposal's plan finds."""
    kept = kept_day(found.running)
    return [
        f"{one.code} {one.where}: {one.message_en}"
        for one in check_running(found.plan, kept, day_prepared(), with_more(kept.added))
    ]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(draws(4, 60)))
def test_nothing_is_lost_on_a_random_day(seed: int) -> None:
    rng = random.Random(seed)
    plan, running, since = day_plan(), None, 0
    over, out, doer = set[str](), set[str](), dict[str, str]()
    for at in sorted(rng.sample(range(7 * 3600, 17 * 3600, 600), 4)):
        done = driven(rng, plan, since, at, out)
        over |= {code for one in done for code in one.codes}
        doer |= {code: one.courier_id for one in done for code in one.codes if one.type is not EventType.ATTEMPT}
        fact = a_fact(rng, plan, at, over, out)
        found = proposed(plan, running, done, at, [fact] if fact else [])
        plan, running, since = found.plan, found.running, at
        assert found.told.puzzles == ()
        assert faults(found) == []
        assert codes_of(plan) == codes_of(day_plan())
        assert {code: carrier(plan, code).courier_id for code in doer} == doer
        assert found.told.after.carried + found.told.after.unassigned == found.told.before.carried + (
            found.told.before.unassigned
        )


@pytest.mark.slow
def test_new_doors_and_a_place_of_handing_over_are_kept_with_the_day() -> None:
    """A shipment from an unknown door; its courier has it and stops on the road; others fetch it from there."""
    old = a_fetched_one()
    fresh = replace(old, code="MOI-1", origin_site=None, at_site=None, origin_lon=old.origin_lon + 0.002)
    first = asked(day_plan(), None, [], 7 * 3600, {"kind": "new_shipment", "code": "MOI-1"}, {"MOI-1": fresh})
    who = carrier(first.plan, "MOI-1").courier_id
    done = [Happening(new_id(), who, EventType.COLLECT_RESULT, ("MOI-1",), 9 * 3600)]
    stopped = {"kind": "courier_out", "courier_id": who, "lon": fresh.origin_lon + 0.002, "lat": fresh.origin_lat}
    second = asked(first.plan, first.running, done, 9 * 3600 + 60, stopped, {})
    third = asked(second.plan, second.running, [], 10 * 3600, {"kind": "cancelled", "code": old.code}, {})
    for found in (first, second, third):
        assert found.told.puzzles == ()
        assert faults(found) == []
        assert set(codes_of(found.plan)) == {*codes_of(day_plan()), "MOI-1"}
    fetching = [
        route.courier_id
        for route in third.plan.routes
        for trip in route.trips
        for stop in trip.stops
        if stop.point is not None and abs(stop.point[0] - fresh.origin_lon - 0.002) < 1e-9
    ]
    left = {one.shipment for one in third.told.left}
    assert (fetching and who not in fetching) or "MOI-1" in left


def asked(
    plan: Plan, running: str | None, done: Sequence[Happening], at: int, fact: dict[str, Any], new: dict[str, Shipment]
) -> Proposed:
    proposal = NewProposal.model_validate({"proposal_id": new_id(), "at": moment(at), "facts": [fact]})
    return propose(
        plan, day_prepared(), running, done, proposal, new, with_more, find=at_once, next_seq=0, created_at=AT
    )
