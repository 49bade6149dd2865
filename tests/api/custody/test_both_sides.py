"""Both sides tell one hand-over: agreeing is no doubt, and what only one of them counted is named."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from api.custody.both_sides import TOLD_WITHIN
from api.custody.custodian import Holder, Holding, at_site
from api.custody.ordering import Fact
from api.custody.replay import replay
from tests.api.custody.made import event, event_id
from tests.api.custody.test_replay import accept, arrive, holders, out, troubles

C1, C2, B1 = Holder(Holding.COURIER, "C1"), Holder(Holding.COURIER, "C2"), at_site("B1")
LATE = TOLD_WITHIN / timedelta(minutes=1) + 11
"""Minutes, so that the desk's telling lies a wave and a minute after the courier's (minute 10)."""


def by_desk(number: int, kind: str, minute: float = 11, **fields: Any) -> Fact:
    made = {"data": {"site_id": "B1"}, "device_id": "DESK", "counter": number, **fields}
    return Fact(event(number, kind, minute=minute, **made))


@pytest.mark.parametrize("data", [{"site_id": "B1"}, {"site_id": "B1", "courier_id": "C1"}], ids=["part", "whole"])
def test_an_arrival_told_by_courier_and_desk_is_one(data: dict[str, str]) -> None:
    facts = [accept(minute=0), arrive(minute=10), by_desk(8, "ARRIVE", data=data), out(minute=20)]
    for order in permutations(facts):
        custody = replay(order)
        assert (holders(custody), troubles(custody)) == ([C1, B1, B1, C2], [])


def test_the_courier_may_tell_of_leaving_before_or_after_the_desk() -> None:
    data = {"site_id": "B1", "courier_id": "C2"}
    for minute in (19, 21):
        facts = [accept(minute=0), arrive(minute=10), out(minute=20), by_desk(8, "OUT", minute, data=data)]
        custody = replay(facts)
        assert (holders(custody), troubles(custody)) == ([C1, B1, C2, C2], [])


@pytest.mark.parametrize("data", [{"site_id": "B2"}, {"site_id": "B1", "courier_id": "C9"}], ids=["place", "courier"])
def test_who_names_other_hands_contradicts(data: dict[str, str]) -> None:
    custody = replay([accept(minute=0), arrive(minute=10), by_desk(8, "ARRIVE", data=data)])
    assert troubles(custody) == [("ARRIVE", "custody_elsewhere"), ("ARRIVE", "no_follows")]


def test_after_a_wave_it_is_another_hand_over_unless_it_names_the_first() -> None:
    told = [accept(minute=0), arrive(minute=10)]
    assert ("ARRIVE", "custody_elsewhere") in troubles(replay([*told, by_desk(8, "ARRIVE", LATE)]))
    assert troubles(replay([*told, by_desk(8, "ARRIVE", LATE, follows=event_id(2))])) == []


def test_who_tells_it_again_better_later_tells_the_same_hand_over() -> None:
    """The desk agreed after a minute and mended its telling a wave later: it stands where the first one stood."""
    told = [accept(minute=0), arrive(minute=10), by_desk(8, "ARRIVE")]
    mended = by_desk(9, "ARRIVE", LATE, replaces=event_id(8))
    for order in permutations([*told, mended, out(minute=LATE + 9)]):
        custody = replay(order)
        assert (holders(custody), troubles(custody)) == ([C1, B1, B1, C2], [])


def test_the_other_side_may_have_named_what_was_told_better_since() -> None:
    """The desk followed the courier's event after a wave; that was replaced, once and once more."""
    named = by_desk(8, "ARRIVE", LATE, follows=event_id(2))
    once = arrive(9, minute=LATE + 1, counter=9, replaces=event_id(2))
    twice = arrive(10, minute=LATE + 2, counter=10, replaces=event_id(9))
    for order in permutations([accept(minute=0), arrive(minute=10), named, once, twice]):
        custody = replay(order)
        assert (holders(custody), troubles(custody)) == ([C1, B1, B1], [])


def test_who_mends_a_telling_need_not_name_again_what_it_followed() -> None:
    named = by_desk(8, "ARRIVE", LATE, follows=event_id(2))
    mended = by_desk(9, "ARRIVE", LATE + 1, replaces=event_id(8))
    assert troubles(replay([accept(minute=0), arrive(minute=10), named, mended])) == []


def test_one_side_tells_it_once() -> None:
    """The third telling is the courier's second: that cannot be the same hand-over."""
    again = arrive(9, minute=12, counter=9)
    custody = replay([accept(minute=0), arrive(minute=10), by_desk(8, "ARRIVE"), again])
    assert troubles(custody) == [("ARRIVE", "custody_elsewhere"), ("ARRIVE", "no_follows")]


def test_a_hand_over_between_the_two_tellings_keeps_them_apart() -> None:
    """C1 brought it, C2 took it out, and the desk says afterwards that it came: from whom?"""
    custody = replay([accept(minute=0), arrive(minute=10), out(minute=20), by_desk(8, "ARRIVE", 30)])
    assert (holders(custody)[-1], troubles(custody)) == (B1, [])  # it names no courier: C2 brought it back


def test_papers_that_only_one_side_counted_are_named() -> None:
    ours = arrive(minute=10, shipments=["S1", "S2", "S3"])
    theirs = by_desk(8, "ARRIVE", shipments=["S1", "S2", "S4"], follows=event_id(2))
    (piece,) = replay([accept(minute=0), ours, theirs]).contradictions(event_id(8))
    assert piece.code == "told_differently"
    assert piece.message_en.endswith("only this one tells of S4; only the other one of S3.")
    same = by_desk(8, "ARRIVE", shipments=["S3", "S2", "S1"], follows=event_id(2))
    assert troubles(replay([accept(minute=0), ours, same])) == []


def test_a_hand_over_that_does_not_fit_says_when_only_clocks_tell_its_place() -> None:
    """With `follows` its place is known, within a device the counter tells: then only the contradiction is named."""
    data = {"courier_id": "C2", "site_id": "B1"}
    taken = [accept(minute=0), by_desk(8, "OUT", data=data)]
    assert troubles(replay(taken)) == [("OUT", "custody_elsewhere"), ("OUT", "no_follows")]
    named = [accept(minute=0), by_desk(8, "OUT", data=data, follows=event_id(1))]
    assert troubles(replay(named)) == [("OUT", "custody_elsewhere")]
    assert troubles(replay([accept(minute=0), out(minute=20)])) == [("OUT", "custody_elsewhere")]


@pytest.mark.parametrize("follows", [None, event_id(4)], ids=["near", "named"])
def test_a_hand_over_with_money_that_is_told_twice_is_looked_at(follows: str | None) -> None:
    """Its fee would be counted twice; nothing is lost, and nobody is to wait for another hand-over."""
    named = {} if follows is None else {"follows": follows}
    told = Fact(event(4, "HAND_AGENCY", minute=30, data={"courier_id": "C2", "fee_dong": 50_000}))
    again = by_desk(8, "HAND_AGENCY", 31, data={"courier_id": "C2", "fee_dong": 50_000}, **named)
    for order in permutations([accept(minute=0), arrive(minute=10), out(minute=20), told, again]):
        custody = replay(order)
        assert troubles(custody) == [("HAND_AGENCY", "told_twice")]
        assert [step.is_told_again for step in custody.steps] == [False, False, False, False, True]


def test_a_result_that_both_sides_say_was_fetched_stays_with_its_courier() -> None:
    told = Fact(event(1, "COLLECT_RESULT", minute=0, data={"courier_id": "C1"}))
    again = by_desk(8, "COLLECT_RESULT", 1, data={"courier_id": "C1", "site_id": "B1"})
    custody = replay([told, again, arrive(minute=10)])
    assert (holders(custody), troubles(custody)) == ([C1, C1, B1], [("COLLECT_RESULT", "told_twice")])


def test_another_courier_who_tells_of_the_same_result_contradicts() -> None:
    told = Fact(event(1, "COLLECT_RESULT", minute=0, data={"courier_id": "C1"}))
    other = by_desk(8, "COLLECT_RESULT", 1, data={"courier_id": "C2"})
    assert ("COLLECT_RESULT", "custody_elsewhere") in troubles(replay([told, other]))
