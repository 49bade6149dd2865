"""A round of four stops in two trips, held against events; every time below is computed by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from api.custody.ordering import Fact
from api.live.progress import RoundProgress, StopState, progress_of
from api.plans.schemas import PlannedRoute
from tests.api.custody.made import MORNING, event, event_id

RELOAD = timedelta(minutes=15)
LOAD = {"pieces": 1, "grams": 1, "cash_dong": 0}
DONE, FAILED, LEFT = StopState.DONE, StopState.FAILED, StopState.LEFT


def at(clock: str) -> datetime:
    hour, minute = clock.split(":")
    return MORNING.replace(hour=int(hour), minute=int(minute))


def stop(arrives: str, starts: str, leaves: str, *codes: str, collect: bool = False, **more: Any) -> dict[str, Any]:
    leg, action = ("collect_round", "collect") if collect else ("deliver_round", "deliver")
    return {
        "site_id": None, "point": (105.4, 10.3), "arrives": at(arrives), "starts": at(starts), "leaves": at(leaves),
        "waits": int((at(starts) - at(arrives)).total_seconds()), "slack": 0, "load": LOAD, "distance": 1,
        "duration": 1, "locked": False, "tasks": [{"shipment": code, "leg": leg, "action": action} for code in codes],
        **more,
    }  # fmt: skip


def trip(departs: str, returns: str, *stops: dict[str, Any]) -> dict[str, Any]:
    path = {"type": "LineString", "coordinates": [(105.4, 10.3), (105.5, 10.4)], "stop_index": [0] * len(stops)}
    return {
        "departs": at(departs), "returns": at(returns), "distance": 1, "load": LOAD, "breaks": [], "stops": stops,
        "path": path,
    }  # fmt: skip


ROUTE = PlannedRoute.model_validate(
    {
        "courier_id": "C1", "vehicle": "motorbike", "base_id": "B1",
        "cost": {"fixed": 0, "distance": 0, "duration": 0, "overtime": 0, "total": 0},
        "trips": [
            trip("07:00", "07:50", stop("07:10", "07:10", "07:15", "A"), stop("07:25", "07:35", "07:40", "B1", "B2")),
            trip(
                "08:10", "09:00", stop("08:20", "08:20", "08:25", "C", collect=True),
                stop("08:40", "08:40", "08:45", "D", site_id="S9", point=None),
            ),
        ],
    }
)  # fmt: skip
"""A leaves 07:15; B opens at 07:35 and leaves 07:40; back 07:50; C leaves 08:25, D 08:45; back 09:00."""

Happened = tuple[str, str, str]
"""Code, type, clock."""


def held(now: str, *happened: Happened, **more: Any) -> RoundProgress:
    facts: dict[str, list[Fact]] = {}
    for number, (code, kind, clock) in enumerate(happened):
        minute = (at(clock) - MORNING) / timedelta(minutes=1)
        one = event(number, kind, minute=minute, shipments=[code], **more.get(code, {}))
        facts.setdefault(code, []).append(Fact(one))
    return progress_of(ROUTE, facts, since=MORNING.replace(hour=0), now=at(now), reload=RELOAD)


def minutes(found: RoundProgress) -> tuple[float, float]:
    return found.late / timedelta(minutes=1), found.late_at_end / timedelta(minutes=1)


def test_before_anything_is_due_nothing_is_late() -> None:
    found = held("06:50")
    assert minutes(found) == (0, 0)
    assert found.returns == at("09:00")
    assert [one.state for one in found.stops] == [LEFT] * 4
    assert [one.expected for one in found.stops] == [at("07:15"), at("07:40"), at("08:25"), at("08:45")]


@pytest.mark.parametrize(
    ("now", "happened", "late", "late_at_end"),
    [
        # B reached 07:40 instead of waiting from 07:25: 5 late; back 07:55, ready 08:10: on time again.
        ("07:30", [("A", "DELIVER", "07:30")], 5, 0),
        # B reached 07:55, left 08:00; back 08:10, ready 08:25; C left 08:40, D 09:00, back 09:15.
        ("07:45", [("A", "DELIVER", "07:45")], 20, 15),
        # Nothing heard since A: B cannot have been left before now, 08:00; the rest as above.
        ("08:00", [("A", "DELIVER", "07:15")], 20, 15),
        # Early at A: B is not served before it opens.
        ("07:05", [("A", "DELIVER", "07:05")], 0, 0),
        # C left 8 minutes early; D 08:37, back 08:52.
        ("08:17", [("C", "ACCEPT", "08:17")], -8, -8),
        # All is done, the last 10 minutes late.
        (
            "09:30",
            [("A", "DELIVER", "07:15"), ("B1", "DELIVER", "07:39"), ("B2", "DELIVER", "07:40"),
             ("C", "ACCEPT", "08:30"), ("D", "HAND_AGENCY", "08:55")],
            10, 10,
        ),
    ],
    ids=["catches-up", "carries-on", "silent", "waits", "early", "over"],
)  # fmt: skip
def test_lateness_is_what_the_plans_own_times_say(
    now: str, happened: list[Happened], late: float, late_at_end: float
) -> None:
    assert minutes(held(now, *happened)) == (late, late_at_end)


def test_a_stop_is_done_failed_or_left_by_all_of_its_tasks() -> None:
    assert held("07:45", ("B1", "DELIVER", "07:40")).stops[1].state is LEFT
    half = held("07:45", ("B1", "DELIVER", "07:40"), ("B2", "ATTEMPT", "07:44"))
    assert (half.stops[1].state, half.stops[1].settled_at) == (FAILED, at("07:44"))
    assert (half.count(DONE), half.count(FAILED), half.count(LEFT)) == (0, 1, 3)


def test_the_last_event_counts_and_a_corrected_one_does_not() -> None:
    again = held("08:00", ("A", "ATTEMPT", "07:15"), ("A", "DELIVER", "07:50"))
    assert (again.stops[0].state, again.stops[0].settled_at) == (DONE, at("07:50"))
    void = Fact(event(9, "CORRECT", minute=5, shipments=["A"], replaces=event_id(0)))
    facts = {"A": [Fact(event(0, "DELIVER", minute=-45, shipments=["A"])), void]}
    found = progress_of(ROUTE, facts, since=MORNING.replace(hour=0), now=at("08:05"), reload=RELOAD)
    assert found.stops[0].state is LEFT


def test_an_attempt_of_yesterday_is_none_of_today() -> None:
    facts = {"A": [Fact(event(0, "ATTEMPT", minute=-24 * 60, shipments=["A"]))]}
    found = progress_of(ROUTE, facts, since=MORNING.replace(hour=0), now=at("07:00"), reload=RELOAD)
    assert found.count(LEFT) == 4


def test_a_stop_that_was_passed_by_is_left_and_expected_no_more() -> None:
    found = held("08:46", ("D", "DELIVER", "08:45"), ("A", "DELIVER", "07:15"))
    assert [one.state for one in found.stops] == [DONE, LEFT, LEFT, DONE]
    assert [one.expected for one in found.stops] == [None] * 4
    assert minutes(found) == (0, 0)


def test_a_site_of_the_post_has_it_when_the_courier_arrives_there_and_nowhere_else() -> None:
    for site, state in (("S9", DONE), ("B1", LEFT)):
        assert held("08:46", ("D", "ARRIVE", "08:45"), D={"data": {"site_id": site}}).stops[3].state is state


@pytest.mark.parametrize(
    ("kind", "data", "state"),
    [
        ("ACCEPT", {"site_id": "S9"}, LEFT),  # by the clerk, hours before the courier comes for it
        ("ACCEPT", {"site_id": "S9", "courier_id": "C2"}, LEFT),
        ("ACCEPT", {"courier_id": "C1"}, DONE),  # by the courier of the round
        ("OUT", {"site_id": "S9"}, DONE),
        ("OUT", {"site_id": "B1"}, LEFT),
        ("COLLECT_RESULT", {}, DONE),
    ],
)
def test_what_a_counter_takes_in_is_not_fetched_yet(kind: str, data: dict[str, Any], state: StopState) -> None:
    fetch = stop("12:20", "12:20", "12:25", "E", collect=True, site_id="S9", point=None)
    route = PlannedRoute.model_validate({**ROUTE.model_dump(), "trips": [trip("12:10", "12:40", fetch)]})
    facts = {"E": [Fact(event(0, kind, minute=-45, shipments=["E"], data=data))]}  # 07:15
    found = progress_of(route, facts, since=MORNING.replace(hour=0), now=at("08:00"), reload=RELOAD)
    assert found.stops[0].state is state
    assert (found.late == timedelta(0)) is (state is LEFT)


def test_a_driven_stop_whose_hand_over_failed_has_no_task_in_a_re_planned_round() -> None:
    first, *later = ROUTE.trips[0].stops
    driven = ROUTE.trips[0].model_copy(update={"stops": (first.model_copy(update={"tasks": ()}), *later)})
    round_ = ROUTE.model_copy(update={"trips": (driven, *ROUTE.trips[1:])})
    found = progress_of(round_, {}, since=MORNING.replace(hour=0), now=at("07:20"), reload=RELOAD)
    assert [one.state for one in found.stops] == [FAILED, LEFT, LEFT, LEFT]
    assert minutes(found) == (0, 0)  # it was left at 07:15, as planned
