"""Plans changed by hand: the small day computed by hand, random edits against the checker, undo, locks."""

from __future__ import annotations

import dataclasses
from collections import Counter
from datetime import datetime, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.errors import NotFoundError, RefusedEditError
from api.plans.best_spot import assign, assign_all
from api.plans.edited import all_violations, describe
from api.plans.edited_plan import edited_plan
from api.plans.editing import (
    MOST_STEPS,
    EditingSession,
    Spot,
    carried_codes,
    lock,
    lock_round,
    move,
    open_session,
    unassign,
    undo,
    unlock,
    unlock_round,
)
from api.plans.planning import PreparedDay
from api.plans.proof import check_document
from api.plans.schemas import Plan
from routing.checker import check
from routing.model import TimeWindow
from routing.objective import measure
from routing.solution import Route
from tests.api.greedy import small_plan
from tests.api.small_day import small_day


@cache
def prepared() -> PreparedDay:
    return small_day().prepare()


def opened() -> EditingSession:
    """CD-1 carries R4; LX-1 drives R2, D2, R3, R1, D1 in one trip; LX-2 has no round."""
    return open_session(small_plan(), prepared())


def order(session: EditingSession, courier_id: str) -> list[list[str]]:
    """Codes by trip."""
    judged = session.judged(courier_id)
    group, _ = session.whereabouts.courier(courier_id)
    works = session.prepared.groups[group].works
    trips = judged.route.trips if judged else ()
    return [[works[t.shipment].shipment.code for visit in trip.visits for t in visit.tasks] for trip in trips]


def route(session: EditingSession, courier_id: str) -> Route:
    judged = session.judged(courier_id)
    assert judged is not None
    return judged.route


def later(plan: Plan) -> datetime:
    return plan.created_at + timedelta(minutes=1)


def test_opening_takes_the_plan_as_it_stands() -> None:
    session = opened()
    assert order(session, "LX-1") == [["R2", "D2", "R3", "R1", "D1"]]
    assert session.is_publishable
    assert all_violations(session) == ()


def test_a_stop_moves_within_its_round_counted_as_it_was_before() -> None:
    session = move(opened(), ["R2"], Spot("LX-1", 0, 4))
    assert order(session, "LX-1") == [["D2", "R3", "R1", "R2", "D1"]]
    session = move(opened(), ["R1"], Spot("LX-1", 0, 0))
    assert order(session, "LX-1") == [["R1", "R2", "D2", "R3", "D1"]]


def test_several_shipments_move_in_the_order_given() -> None:
    session = move(opened(), ["R1", "R2"], Spot("LX-2", 0, 0))
    assert (order(session, "LX-1"), order(session, "LX-2")) == ([["D2", "R3", "D1"]], [["R1", "R2"]])


def test_several_shipments_go_each_to_its_best_place_as_one_step() -> None:
    before = opened()
    after = assign_all(before, ["R1", "R3"], "LX-2")
    expected = assign(assign(unassign(before, ["R1", "R3"]), "R1", "LX-2"), "R3", "LX-2")
    assert [order(after, who) for who in ("LX-1", "LX-2")] == [order(expected, who) for who in ("LX-1", "LX-2")]
    assert {code for trip in order(after, "LX-2") for code in trip} == {"R1", "R3"}
    assert undo(after).routes == before.routes


def test_what_is_late_is_told_with_place_shipment_and_minutes() -> None:
    # R2 only until 10:00, and behind the others: R3 leaves the base at 09:30. Services take 390 s (D2), 240 (R3),
    # 240 (R1); the drives between them 124 and 813 s, as the plan has them.
    group = prepared().groups[1]
    stops = list(group.problem.stops)
    stop_of = {
        work.shipment.code: group.problem.stop_of(group.problem.tasks_of(n)[0]) for n, work in enumerate(group.works)
    }
    at = stop_of["R2"]
    stops[at] = dataclasses.replace(stops[at], windows=(TimeWindow(8 * 3600, 10 * 3600),))
    strict = dataclasses.replace(group, problem=dataclasses.replace(group.problem, stops=tuple(stops)))
    day = dataclasses.replace(prepared(), groups=(prepared().groups[0], strict))
    session = move(open_session(small_plan(), day), ["R2"], Spot("LX-1", 0, 4))
    drives, base = group.problem.durations[0], group.problem.depots[0].location
    to_first = int(drives[base, stops[stop_of["D2"]].location])
    to_last = int(drives[stops[stop_of["R1"]].location, stops[at].location])
    late = 9.5 * 3600 + to_first + 390 + 124 + 240 + 813 + 240 + to_last - 10 * 3600
    (violation,) = all_violations(session)
    assert (violation.constraint, violation.trip, violation.stop, violation.shipments) == (
        "time_windows",
        0,
        3,
        ("R2",),
    )
    assert violation.amount == late
    minutes = -(-violation.amount // 60)
    who = "bưu tá Trần Văn Nghĩa (LX-1), lượt 1, điểm 4, bưu gửi R2"
    assert violation.words.vi == f"{who}: đến muộn {minutes} phút so với giờ mở cửa hoặc giờ hẹn"
    assert not session.is_publishable


def test_too_many_trips_are_told() -> None:
    two = move(move(opened(), ["R1"], Spot("LX-2", 0, 0)), ["R3"], Spot("LX-2", 1, 0))
    (violation,) = all_violations(two)
    assert (violation.constraint, violation.courier_id, violation.amount) == ("trips", "LX-2", 1)


def test_a_missing_skill_is_told_with_the_shipment() -> None:
    # R2 needs an identity check, and only LX-1 may make it.
    session = move(opened(), ["R2"], Spot("LX-2", 0, 0))
    answer = describe(opened(), session)
    (violation,) = answer.violations
    assert (violation.constraint, violation.shipments, violation.trip, violation.stop) == ("skills", ("R2",), 0, 0)
    assert violation.words.en == (
        "courier Lê Thị Hoa (LX-2), trip 1, stop 1, shipment R2: the courier lacks the skill it needs"
    )
    assert not answer.publishable


def test_the_cost_difference_is_that_of_the_whole_plan() -> None:
    before = opened()
    after = move(before, ["D2", "R3"], Spot("LX-2", 0, 0))
    answer = describe(before, after)
    plan = edited_plan(after, created_at=later(small_plan()))
    old, new = small_plan().totals, plan.totals
    assert answer.distance == new.distance - old.distance
    assert abs(answer.cost.total - (new.cost.total - old.cost.total)) <= 1  # each figure is rounded on its own
    assert answer.cost.fixed == 80_000  # the van goes out
    assert {route.courier_id for route in answer.routes} == {"LX-1", "LX-2"}


def test_untouched_rounds_are_shared() -> None:
    before = opened()
    after = move(before, ["R1"], Spot("LX-2", 0, 0))
    assert after.judged("CD-1") is before.judged("CD-1")
    assert {r.courier_id for r in describe(before, after).routes} == {"LX-1", "LX-2"}


def test_leaving_behind_and_taking_back() -> None:
    before = opened()
    after = unassign(before, ["R4"])
    answer = describe(before, after)
    assert (answer.unassigned, answer.emptied, answer.routes) == (("R4",), ("CD-1",), ())
    assert answer.must_go_left == 1
    back = assign(after, "R4")
    assert route(back, "CD-1") == route(before, "CD-1")
    assert describe(after, back).assigned == ("R4",)


def test_the_best_spot_is_as_good_as_any() -> None:
    before = unassign(opened(), ["R3"])
    best = assign(before, "R3")
    problem = prepared().groups[1].problem
    spots = [Spot("LX-1", 0, k) for k in range(5)] + [Spot("LX-1", 1, 0), Spot("LX-2", 0, 0)]
    every = [move(before, ["R3"], spot) for spot in spots]
    costs = [measure(problem, s.solution(1)).cost for s in every if s.is_publishable]
    assert measure(problem, best.solution(1)).cost == min(costs)


def test_another_plan_group_is_refused_with_its_reason() -> None:
    with pytest.raises(RefusedEditError, match=r"belongs to plan group BC-CD .* does not pass through") as error:
        move(opened(), ["R4"], Spot("LX-1", 0, 0))
    assert "BC-CD" in error.value.message_vi
    with pytest.raises(RefusedEditError, match="BC-CD"):
        assign(opened(), "R4", "LX-1")


@pytest.mark.parametrize("spot", [Spot("LX-1", 0, 6), Spot("LX-1", 2, 0), Spot("LX-1", -1, 0), Spot("LX-1", 0, -1)])
def test_a_place_that_does_not_exist_is_refused(spot: Spot) -> None:
    with pytest.raises(RefusedEditError, match="no position"):
        move(opened(), ["R1"], spot)


def test_unknown_names_are_not_found() -> None:
    with pytest.raises(NotFoundError):
        move(opened(), ["R1"], Spot("XX", 0, 0))
    with pytest.raises(NotFoundError):
        move(opened(), ["W1"], Spot("LX-1", 0, 0))
    with pytest.raises(RefusedEditError, match="No shipment"):
        move(opened(), [], Spot("LX-1", 0, 0))


def _state(session: EditingSession) -> tuple[object, ...]:
    return session.routes, session.left, session.locked, len(session.past)


def test_what_can_be_undone_is_bounded_and_holds_no_chain() -> None:
    session = first = opened()
    for _ in range(MOST_STEPS):
        session = unlock(lock(session, ["R4"]), ["R4"])
    assert len(session.past) == MOST_STEPS
    assert not any(step.past for step in session.past)
    assert session.opened is first.routes
    for left in range(MOST_STEPS - 1, -1, -1):
        session = undo(session)
        assert len(session.past) == left
    with pytest.raises(RefusedEditError):
        undo(session)


def test_undo_is_going_back() -> None:
    before = opened()
    after = move(before, ["R1"], Spot("LX-2", 0, 0))
    assert _state(undo(after)) == _state(before)
    assert _state(undo(unassign(after, ["R4", "R1"]))) == _state(after)
    with pytest.raises(RefusedEditError, match="nothing left to undo"):
        undo(before)


def test_a_locked_stop_stays() -> None:
    session = lock(opened(), ["R1"])
    assert session.locked == {"R1"}
    with pytest.raises(RefusedEditError, match="locked stop"):
        move(session, ["R1"], Spot("LX-2", 0, 0))
    with pytest.raises(RefusedEditError, match="locked stop"):
        unassign(session, ["R1"])
    assert order(move(unlock(session, ["R1"]), ["R1"], Spot("LX-2", 0, 0)), "LX-2") == [["R1"]]


def test_a_locked_round_takes_nothing_more() -> None:
    session = lock_round(move(opened(), ["R1"], Spot("LX-2", 0, 0)), "LX-2")
    with pytest.raises(RefusedEditError, match="round of courier LX-2 is locked"):
        move(session, ["R3"], Spot("LX-2", 0, 0))
    assert order(move(unlock_round(session, "LX-2"), ["R3"], Spot("LX-2", 0, 0)), "LX-2") == [["R3", "R1"]]


def test_locks_are_written_and_read_again() -> None:
    session = lock(opened(), ["D2", "R4"])
    plan = edited_plan(session, created_at=later(small_plan()))
    assert open_session(plan, prepared()).locked == {"D2", "R4"}
    assert list(check_document(plan, prepared())) == []
    freed = unlock(open_session(plan, prepared()), ["D2", "R4"])
    assert open_session(edited_plan(freed, created_at=later(plan)), prepared()).locked == frozenset()


def test_an_edited_plan_proves_itself() -> None:
    session = unassign(move(opened(), ["D2", "R3"], Spot("LX-2", 0, 0)), ["R4"])
    plan = edited_plan(session, created_at=later(small_plan()))
    assert list(check_document(plan, prepared())) == []
    assert (plan.version, plan.totals.must_go_unassigned) == (2, 1)
    (left,) = [u for u in plan.unassigned if u.shipment == "R4"]
    assert left.reasons[0].constraint == "by_hand"


def test_a_plan_that_loses_a_shipment_is_not_opened() -> None:
    plan = small_plan()
    with pytest.raises(RefusedEditError, match="R4 exactly once"):
        open_session(plan.model_copy(update={"routes": plan.routes[1:]}), prepared())


CODES = ["D1", "D2", "R1", "R2", "R3", "R4"]
EDITS = st.lists(
    st.tuples(
        st.sampled_from(["move", "unassign", "assign", "lock", "unlock", "undo"]),
        st.lists(st.sampled_from(CODES), min_size=1, max_size=3, unique=True),
        st.sampled_from(["LX-1", "LX-2", "CD-1"]),
        st.integers(0, 2),
        st.integers(0, 5),
    ),
    max_size=12,
)


@given(EDITS)
def test_random_edits_lose_nothing_and_agree_with_the_checker(
    edits: list[tuple[str, list[str], str, int, int]],
) -> None:
    session = opened()
    for kind, codes, courier, trip, position in edits:
        before = session
        try:
            session = _edited(session, kind, codes, Spot(courier, trip, position))
        except RefusedEditError:
            assert session is before
        carried = Counter(code for c in ("LX-1", "LX-2", "CD-1") for trip in order(session, c) for code in trip)
        left = Counter(
            g.works[n].shipment.code for g, ns in zip(prepared().groups, session.left, strict=True) for n in ns
        )
        assert carried + left == Counter(CODES)
        if kind in {"move", "assign", "unassign"}:
            assert session.locked & carried_codes(before, "LX-1") <= carried_codes(session, "LX-1")
    for number, group in enumerate(prepared().groups):
        told = {
            (v.constraint, v.trip, v.visit, v.shipment, v.amount)
            for judged in session.routes[number].values()
            for v in judged.violations
        }
        found = check(group.problem, session.solution(number))
        assert {(v.constraint, v.trip, v.visit, v.shipment, v.amount) for v in found} == told


def _edited(session: EditingSession, kind: str, codes: list[str], spot: Spot) -> EditingSession:
    if kind == "move":
        return move(session, codes, spot)
    if kind == "assign":
        return assign(session, codes[0])
    if kind == "undo":
        return undo(session)
    operation = {"unassign": unassign, "lock": lock, "unlock": unlock}[kind]
    return operation(session, codes)
