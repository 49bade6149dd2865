"""Two plans side by side, by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.plans.comparing import compare
from api.plans.edited_plan import edited_plan
from api.plans.editing import Spot, move, open_session, unassign
from api.plans.schemas import Plan
from tests.api.greedy import small_plan
from tests.api.small_day import small_day


def edited(*moves: tuple[list[str], Spot], left: list[str] | None = None) -> Plan:
    session = open_session(small_plan(), small_day().prepare())
    for codes, spot in moves:
        session = move(session, codes, spot)
    if left:
        session = unassign(session, left)
    return edited_plan(session, created_at=small_plan().created_at + timedelta(minutes=1))


@pytest.mark.slow
def test_a_plan_compared_with_itself_changes_nothing() -> None:
    found = compare(small_plan(), small_plan())
    assert found.same_inputs
    assert set(dict(found.difference).values()) == {0}
    assert {change.kind for change in found.couriers} == {"same"}
    assert found.moved == ()


def test_who_gets_and_loses_what() -> None:
    after = edited((["D2", "R3"], Spot("LX-2", 0, 0)), left=["R4"])
    found = compare(small_plan(), after)
    kinds = {change.courier_id: (change.kind, change.added, change.removed) for change in found.couriers}
    assert kinds == {
        "CD-1": ("no_round", (), ("R4",)),
        "LX-1": ("changed", (), ("D2", "R3")),
        "LX-2": ("new_round", ("D2", "R3"), ()),
    }
    assert [(m.shipment, m.before, m.after) for m in found.moved] == [
        ("D2", "LX-1", "LX-2"),
        ("R3", "LX-1", "LX-2"),
        ("R4", "CD-1", None),
    ]
    assert (found.difference.couriers, found.difference.must_go_unassigned, found.difference.carried) == (0, 1, -1)
    assert found.difference.distance == sum(change.distance for change in found.couriers)
    assert found.difference.distance == after.totals.distance - small_plan().totals.distance


@pytest.mark.parametrize(
    ("codes", "position", "reordered"),
    [(["R2"], 4, ("R2",)), (["D1"], 0, ("D1",)), (["R3", "D2"], 3, ("R3",))],
    ids=["first to the end", "last to the front", "two swapped"],
)
def test_the_fewest_shipments_are_said_to_be_reordered(
    codes: list[str], position: int, reordered: tuple[str, ...]
) -> None:
    # before: R2 D2 R3 R1 D1
    found = compare(small_plan(), edited((codes, Spot("LX-1", 0, position))))
    (change,) = [change for change in found.couriers if change.courier_id == "LX-1"]
    assert (change.added, change.removed) == ((), ())
    assert len(change.reordered) == len(reordered)
    assert set(change.reordered) <= set(codes)


def test_plans_of_other_shipments_are_said_to_be_so() -> None:
    other = small_plan().model_copy(update={"shipments_sha256": "0" * 64})
    assert not compare(small_plan(), other).same_inputs
