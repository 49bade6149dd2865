"""Rounds split and merged: the small day by hand, random shapes against a plain model of who carries what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.errors import NotFoundError, RefusedEditError
from api.plans.edited import describe
from api.plans.edited_plan import edited_plan
from api.plans.editing import EditingSession, carried_codes, lock, lock_round, undo
from api.plans.hand_edits import done
from api.plans.proof import check_document
from api.plans.service_schemas import AssignAll, Lock, Merge, Split, Unassign
from api.plans.shaping import Joining, merge, split
from routing.checker import Violation, check
from tests.api.greedy import small_plan
from tests.api.plans.test_editing import CODES, later, opened, order, prepared

COURIERS = ("LX-1", "LX-2", "CD-1")


def test_what_follows_goes_to_a_courier_without_a_round() -> None:
    before = opened()
    session = split(before, "LX-1", 0, 2, "LX-2")
    assert (order(session, "LX-1"), order(session, "LX-2")) == ([["R2", "D2"]], [["R3", "R1", "D1"]])
    answer = describe(before, session)
    assert ([route.courier_id for route in answer.routes], answer.emptied) == (["LX-1", "LX-2"], ())
    assert list(check_document(edited_plan(session, created_at=later(small_plan())), prepared())) == []


def test_what_follows_becomes_a_trip_of_its_own() -> None:
    session = split(opened(), "LX-1", 0, 2)
    assert order(session, "LX-1") == [["R2", "D2"], ["R3", "R1", "D1"]]
    assert order(undo(session), "LX-1") == [["R2", "D2", "R3", "R1", "D1"]]


def test_later_trips_go_with_what_follows() -> None:
    twice = split(opened(), "LX-1", 0, 2)
    session = split(twice, "LX-1", 0, 1, "LX-2")
    assert (order(session, "LX-1"), order(session, "LX-2")) == ([["R2"]], [["D2"], ["R3", "R1", "D1"]])
    assert order(split(twice, "LX-1", 1, 0, "LX-2"), "LX-2") == [["R3", "R1", "D1"]]


def test_a_round_is_appended_and_its_courier_is_free() -> None:
    two = split(opened(), "LX-1", 0, 2, "LX-2")
    session = merge(two, "LX-2", "LX-1", Joining.APPEND)
    assert order(session, "LX-1") == [["R2", "D2"], ["R3", "R1", "D1"]]
    assert session.judged("LX-2") is None
    assert describe(two, session).emptied == ("LX-2",)


def test_a_round_is_inserted_where_it_fits_best_as_one_step() -> None:
    two = split(opened(), "LX-1", 0, 2, "LX-2")
    session = merge(two, "LX-2", "LX-1", Joining.BEST)
    assert sorted(code for trip in order(session, "LX-1") for code in trip) == ["D1", "D2", "R1", "R2", "R3"]
    assert session.judged("LX-2") is None
    assert undo(session).routes == two.routes
    appended = describe(two, merge(two, "LX-2", "LX-1", Joining.APPEND))
    assert describe(two, session).cost.total <= appended.cost.total


def test_a_whole_round_may_go_to_somebody_who_has_none() -> None:
    session = merge(opened(), "LX-1", "LX-2", Joining.APPEND)
    assert order(session, "LX-2") == [["R2", "D2", "R3", "R1", "D1"]]
    assert [v.constraint for v in describe(opened(), session).violations] == ["skills"]  # R2 is for LX-1 alone


@pytest.mark.parametrize(
    ("trip", "position", "to", "why"),
    [
        (0, 0, "LX-2", "nothing would stay"),
        (0, 0, None, "nothing would stay"),
        (0, 5, "LX-2", "no stop 6 in trip 1"),
        (1, 0, None, "no stop 1 in trip 2"),
        (0, 2, "LX-1", "has a round already"),
        (0, 2, "CD-1", "has a round already"),
    ],
)
def test_a_cut_that_makes_no_sense_is_refused(trip: int, position: int, to: str | None, why: str) -> None:
    with pytest.raises(RefusedEditError, match=why):
        split(opened(), "LX-1", trip, position, to)


def test_a_trip_that_begins_there_is_not_cut_again() -> None:
    with pytest.raises(RefusedEditError, match="begins at this stop"):
        split(split(opened(), "LX-1", 0, 2), "LX-1", 1, 0)


def test_locks_hold() -> None:
    locked = lock(opened(), ["R1"])
    with pytest.raises(RefusedEditError, match="R1 is at a locked stop"):
        split(locked, "LX-1", 0, 2, "LX-2")
    assert order(split(locked, "LX-1", 0, 2), "LX-1") == [["R2", "D2"], ["R3", "R1", "D1"]]  # stays with LX-1
    assert order(split(locked, "LX-1", 0, 4, "LX-2"), "LX-2") == [["D1"]]
    with pytest.raises(RefusedEditError, match="R1 is at a locked stop"):
        merge(locked, "LX-1", "LX-2", Joining.APPEND)
    whole = lock_round(opened(), "LX-1")
    with pytest.raises(RefusedEditError, match="round of courier LX-1 is locked"):
        split(whole, "LX-1", 0, 2)
    other = lock_round(split(opened(), "LX-1", 0, 2, "LX-2"), "LX-2")
    for how in Joining:
        with pytest.raises(RefusedEditError, match="round of courier LX-2 is locked"):
            merge(other, "LX-1", "LX-2", how)


def test_other_groups_and_strangers_are_refused() -> None:
    for how in Joining:
        with pytest.raises(RefusedEditError, match="does not pass through this courier's base"):
            merge(opened(), "LX-1", "CD-1", how)
    with pytest.raises(RefusedEditError, match="no round of courier LX-2"):
        merge(opened(), "LX-2", "LX-1", Joining.APPEND)
    with pytest.raises(RefusedEditError, match="no round of courier LX-1"):
        merge(opened(), "LX-1", "LX-1", Joining.BEST)
    with pytest.raises(NotFoundError):
        split(opened(), "LX-1", 0, 2, "XX-9")
    with pytest.raises(NotFoundError):
        merge(opened(), "LX-1", "XX-9", Joining.APPEND)


COURIER = st.sampled_from(COURIERS)
SOME = st.lists(st.sampled_from(CODES), min_size=1, max_size=4).map(tuple)
SHAPES = st.one_of(
    st.builds(
        Split,
        kind=st.just("split"),
        courier_id=COURIER,
        trip=st.integers(0, 2),
        position=st.integers(0, 4),
        to=st.none() | COURIER,
    ),
    st.builds(Merge, kind=st.just("merge"), courier_id=COURIER, into=COURIER, how=st.sampled_from(Joining)),
    st.builds(AssignAll, kind=st.just("assign_all"), shipments=SOME, courier_id=st.none() | COURIER),
    st.builds(Unassign, kind=st.just("unassign"), shipments=SOME),
    st.builds(Lock, kind=st.sampled_from(["lock", "unlock"]), shipments=SOME),
)


@pytest.mark.slow
@settings(max_examples=60)
@given(st.lists(SHAPES, max_size=10))
def test_random_shapes_lose_nothing_keep_locks_and_agree_with_the_checker(
    shapes: list[Split | Merge | AssignAll | Unassign | Lock],
) -> None:
    session = opened()
    for shape in shapes:
        before = session
        try:
            session = done(session, shape)
        except RefusedEditError:
            continue
        assert undo(session).routes == before.routes
        assert _accounted(session) == Counter(CODES)
        for courier in COURIERS:
            assert before.locked & carried_codes(before, courier) <= carried_codes(session, courier)
            if before.is_round_locked(courier):
                assert order(session, courier) == order(before, courier)
        if isinstance(shape, Split):
            follows = order(before, shape.courier_id)
            follows = [follows[shape.trip][shape.position :], *follows[shape.trip + 1 :]]
            there = order(session, shape.to or shape.courier_id)
            assert there[-len(follows) :] == follows
        if isinstance(shape, Merge):
            both = carried_codes(before, shape.courier_id) | carried_codes(before, shape.into)
            assert (carried_codes(session, shape.courier_id), carried_codes(session, shape.into)) == (
                frozenset[str](),
                both,
            )
    for number, group in enumerate(prepared().groups):
        told = (v for judged in session.routes[number].values() for v in judged.violations)
        assert _places(check(group.problem, session.solution(number))) == _places(told)


def _accounted(session: EditingSession) -> Counter[str]:
    carried = Counter(code for courier in COURIERS for trip in order(session, courier) for code in trip)
    groups = zip(prepared().groups, session.left, strict=True)
    return carried + Counter(group.works[n].shipment.code for group, left in groups for n in left)


def _places(violations: Iterable[Violation]) -> set[tuple[object, ...]]:
    return {(v.constraint, v.trip, v.visit, v.shipment, v.amount) for v in violations}
