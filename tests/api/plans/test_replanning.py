"""Searching on around locks keeps every one of them."""

from __future__ import annotations

from functools import cache

import pytest

from api.errors import RefusedEditError
from api.plans.editing import EditingSession, Spot, carried_codes, lock, lock_round, move, open_session, unassign
from api.plans.planning import PreparedDay
from api.plans.replanning import locked_problem, replan_around
from routing.checker import check
from routing.objective import measure
from routing.stopping import StoppingCriterion
from tests.api.greedy import small_plan
from tests.api.small_day import small_day

LONG_XUYEN = 1
"""The plan group with two couriers."""
SHORTLY = StoppingCriterion(iterations=200)


@cache
def prepared() -> PreparedDay:
    return small_day().prepare()


def opened() -> EditingSession:
    return open_session(small_plan(), prepared())


def cost(session: EditingSession) -> int:
    return measure(prepared().groups[LONG_XUYEN].problem, session.solution(LONG_XUYEN)).cost


def test_without_locks_a_bad_move_is_mended() -> None:
    bad = move(opened(), ["D2"], Spot("LX-2", 0, 0))  # the van goes out for one dossier
    better = replan_around(bad, LONG_XUYEN, SHORTLY)
    assert cost(better) < cost(bad)
    assert carried_codes(better, "LX-2") == frozenset()
    assert better.past[-1].routes is bad.routes


def test_a_locked_stop_stays_with_its_courier() -> None:
    bad = lock(move(opened(), ["D2"], Spot("LX-2", 0, 0)), ["D2"])
    better = replan_around(bad, LONG_XUYEN, SHORTLY)
    assert "D2" in carried_codes(better, "LX-2")
    assert cost(better) <= cost(bad)
    assert check(prepared().groups[LONG_XUYEN].problem, better.solution(LONG_XUYEN)) == ()
    assert check(locked_problem(bad, LONG_XUYEN), better.solution(LONG_XUYEN)) == ()


def test_a_locked_round_stays_as_it_is() -> None:
    moved = move(opened(), ["R3", "D2"], Spot("LX-2", 0, 0))
    locked = lock_round(moved, "LX-2")
    better = replan_around(locked, LONG_XUYEN, SHORTLY)
    assert better.judged("LX-2") is locked.judged("LX-2")
    assert check(locked_problem(locked, LONG_XUYEN), better.solution(LONG_XUYEN)) == ()


def test_what_was_left_behind_is_taken_up_again() -> None:
    better = replan_around(unassign(opened(), ["R3", "D2"]), LONG_XUYEN, SHORTLY)
    assert {"R3", "D2"} <= carried_codes(better, "LX-1") | carried_codes(better, "LX-2")  # due today, both


def test_a_locked_round_that_breaks_rules_is_refused_by_name() -> None:
    late = lock_round(move(opened(), ["R2"], Spot("LX-2", 0, 0)), "LX-2")  # LX-2 may not check identities
    with pytest.raises(RefusedEditError, match=r"locked round of courier LX-2 .* shipment R2"):
        replan_around(late, LONG_XUYEN, SHORTLY)


def test_a_locked_stop_that_no_plan_can_keep_is_refused_by_name() -> None:
    late = move(move(opened(), ["R2"], Spot("LX-2", 0, 0)), ["R3"], Spot("LX-2", 0, 1))
    with pytest.raises(RefusedEditError, match="keeps the locked stops: R2"):
        replan_around(lock(late, ["R2"]), LONG_XUYEN, SHORTLY)
