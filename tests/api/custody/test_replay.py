"""Exactly one custodian at every instant, whatever arrives in whatever order."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.custody.custodian import DONE, FROM, NOBODY, TO, Holder, Holding, at_site
from api.custody.ordering import Fact
from api.custody.replay import CORRECTION_LOOP, Custody, replay
from api.custody.vocabulary import EventType
from tests.api.custody.made import MORNING, event, event_id

C1, C2 = Holder(Holding.COURIER, "C1"), Holder(Holding.COURIER, "C2")
B1 = at_site("B1")


def fact(number: int, kind: str, *, offset: float = 0, **fields: Any) -> Fact:
    """`offset` in minutes."""
    return Fact(event(number, kind, **fields), timedelta(minutes=offset))


def accept(number: int = 1, **fields: Any) -> Fact:
    return fact(number, "ACCEPT", **{"data": {"courier_id": "C1"}, **fields})


def arrive(number: int = 2, **fields: Any) -> Fact:
    return fact(number, "ARRIVE", **{"data": {"courier_id": "C1", "site_id": "B1"}, **fields})


def out(number: int = 3, **fields: Any) -> Fact:
    return fact(number, "OUT", **{"data": {"courier_id": "C2", "site_id": "B1"}, **fields})


def deliver(number: int = 4, **fields: Any) -> Fact:
    return fact(number, "DELIVER", **{"data": {"courier_id": "C2"}, **fields})


JOURNEY = [accept(minute=0), arrive(minute=10), out(minute=20), deliver(minute=30)]


def holders(custody: Custody) -> list[Holder]:
    return [step.holder for step in custody.steps]


def troubles(custody: Custody) -> list[tuple[str, str]]:
    return [(step.fact.event.type, piece.code) for step in custody.steps for piece in step.contradictions]


def test_a_journey_passes_from_hand_to_hand() -> None:
    custody = replay(JOURNEY)
    assert holders(custody) == [C1, B1, C2, DONE]
    assert troubles(custody) == []
    at = [MORNING + timedelta(minutes=minute) for minute in (-1, 0, 9, 10, 25, 30, 99)]
    assert [custody.holder_at(moment) for moment in at] == [NOBODY, C1, C1, B1, C2, DONE, DONE]


def test_nobody_holds_what_nothing_happened_to() -> None:
    assert replay([]).holder == NOBODY


@given(st.permutations(JOURNEY), st.lists(st.sampled_from(JOURNEY)))
def test_arrival_does_not_matter(order: list[Fact], again: list[Fact]) -> None:
    assert replay([*order, *again]) == replay(JOURNEY)


def test_within_a_device_the_counter_beats_the_clock() -> None:
    """The device's clock was set back by two hours between the two."""
    assert holders(replay([accept(1, minute=0), arrive(2, minute=-120)])) == [C1, B1]


def test_across_devices_the_clock_is_put_right() -> None:
    slow = fact(9, "ARRIVE", minute=-50, offset=60, device_id="D2", data={"site_id": "B1"})
    assert holders(replay([slow, accept(1, minute=0)])) == [C1, B1]


def test_a_hand_over_comes_after_what_it_follows_whatever_the_clocks_say() -> None:
    early = fact(1, "ARRIVE", minute=-30, device_id="D2", data={"site_id": "B1"}, follows=event_id(5))
    assert holders(replay([early, accept(5, minute=0)])) == [C1, B1]


def test_rules_that_run_in_a_circle_still_give_one_order() -> None:
    """Each of two devices says that its first event follows the other's second."""
    facts = [
        accept(1, counter=1, follows=event_id(4)),
        out(2, counter=2),
        fact(3, "ARRIVE", counter=1, device_id="D2", minute=1, data={"site_id": "B1"}, follows=event_id(2)),
        deliver(4, counter=2, device_id="D2"),
    ]
    assert len(replay(facts).steps) == 4
    assert replay(facts) == replay(facts[::-1])


def test_what_follows_something_unknown_says_so_until_it_comes() -> None:
    late = arrive(2, minute=5, follows=event_id(1))
    assert ("ARRIVE", "follows_unknown") in troubles(replay([late]))
    assert troubles(replay([late, accept()])) == []


def test_what_replaces_something_unknown_says_so_until_it_comes() -> None:
    undone = correct(9, 4, minute=60)
    assert troubles(replay([*JOURNEY[:3], undone])) == [("CORRECT", "replaces_unknown")]
    assert troubles(replay([*JOURNEY, undone])) == []


def test_a_contradiction_is_taken_in_and_named() -> None:
    """C2 hands over what C1 holds: it is done, and somebody must ask."""
    custody = replay([accept(), deliver(2, minute=5)])
    assert custody.holder == DONE
    assert troubles(custody) == [("DELIVER", "custody_elsewhere")]
    piece = custody.contradictions(event_id(2))[0]
    assert "C1" in piece.message_vi
    assert "C2" in piece.message_en


def test_custody_moves_to_what_the_latest_fact_says() -> None:
    tried = fact(2, "ATTEMPT", minute=5, data={"courier_id": "C2"})
    custody = replay([accept(), tried])
    assert custody.holder == C2
    assert troubles(custody) == [("ATTEMPT", "custody_elsewhere")]


def test_a_contradiction_goes_when_the_missing_fact_comes() -> None:
    assert troubles(replay(JOURNEY[1:])) == [("ARRIVE", "custody_elsewhere")]
    assert troubles(replay([*JOURNEY[1:], JOURNEY[0]])) == []


def test_whoever_holds_the_device_answers_until_somebody_is_named() -> None:
    custody = replay([accept(data={}), arrive(minute=5)])
    assert holders(custody) == [Holder(Holding.COURIER, "device:D1"), B1]
    assert troubles(custody) == []


@pytest.mark.parametrize("kind", sorted(set(EventType) - set(FROM)))
def test_what_may_come_at_any_time_moves_nothing(kind: str) -> None:
    custody = replay([*JOURNEY, fact(5, kind, minute=40, data={"courier_id": "C9"})])
    assert (custody.holder, troubles(custody)) == (DONE, [])


# Corrections.


def correct(number: int, replaces: int, **fields: Any) -> Fact:
    return fact(number, "CORRECT", device_id="D9", replaces=event_id(replaces), **fields)


def test_what_did_not_occur_is_as_if_it_had_not() -> None:
    custody = replay([*JOURNEY, correct(9, 4, minute=60)])
    assert custody.holder == C2
    assert custody.void == {event_id(4)}


def test_a_correction_may_come_before_what_it_corrects() -> None:
    facts = [*JOURNEY, correct(9, 4, minute=60)]
    assert replay(facts[::-1]) == replay(facts)


def test_a_corrected_correction_lets_it_stand_again() -> None:
    custody = replay([*JOURNEY, correct(9, 4, minute=60), correct(10, 9, minute=70)])
    assert custody.holder == DONE
    assert custody.void == {event_id(9)}


def test_an_event_stands_where_the_one_stood_that_it_replaces() -> None:
    """It was C3 who accepted it, says the desk an hour later; so C3 gave it to B1."""
    right = accept(9, minute=60, device_id="D9", replaces=event_id(1), data={"courier_id": "C3", "why": "typing"})
    handed = arrive(2, minute=10, data={"courier_id": "C3", "site_id": "B1"})
    custody = replay([JOURNEY[0], handed, JOURNEY[2], JOURNEY[3], right])
    assert holders(custody) == [Holder(Holding.COURIER, "C3"), B1, C2, DONE]
    assert troubles(custody) == []
    assert custody.holder_at(MORNING + timedelta(minutes=5)).name == "C3"


def test_what_is_told_again_twice_stands_once() -> None:
    """The courier amends what was amended already; taking that back leaves the first amendment."""
    again = deliver(9, minute=60, replaces=event_id(4))
    third = deliver(10, minute=70, replaces=event_id(9))
    custody = replay([*JOURNEY, again, third])
    assert custody.void == {event_id(4), event_id(9)}
    assert (holders(custody), troubles(custody)) == ([C1, B1, C2, DONE], [])
    assert replay([*JOURNEY, again, third, correct(11, 10, minute=80)]).void == {event_id(4), event_id(10)}


def test_events_that_replace_each_other_all_stand_and_say_so() -> None:
    facts = [accept(1, replaces=event_id(2)), arrive(2, minute=5, replaces=event_id(1))]
    custody = replay(facts)
    assert holders(custody) == [C1, B1]
    assert {piece for step in custody.steps for piece in step.contradictions} == {CORRECTION_LOOP}
    assert replay(facts[::-1]) == custody


# Any facts at all.

_ANY = st.builds(
    lambda number, kind, minute, counter, device, follows, replaces, data, offset: fact(
        number, kind, minute=minute, counter=counter, device_id=device, data=data, offset=offset,
        **({"follows": event_id(follows)} if follows else {}), **({"replaces": event_id(replaces)} if replaces else {}),
    ),
    st.integers(1, 12), st.sampled_from(sorted(EventType)), st.integers(0, 50), st.integers(0, 5),
    st.sampled_from(["D1", "D2", "D3"]), st.integers(0, 12), st.integers(0, 12),
    st.fixed_dictionaries(
        {},
        optional={
            "courier_id": st.sampled_from(["C1", "C2"]),
            "site_id": st.sampled_from(["B1", "B2"]),
            "run_id": st.just("L1/1"),
        },
    ),
    st.integers(-10, 10),
)  # fmt: skip


@given(st.lists(_ANY, max_size=10, unique_by=lambda made: made.event.event_id), st.randoms(use_true_random=False))
def test_any_facts_have_one_history(facts: list[Fact], chance: random.Random) -> None:
    custody = replay(facts)
    shuffled = [*facts, *facts[:3]]
    chance.shuffle(shuffled)
    assert replay(shuffled) == custody
    ids = [step.fact.event.event_id for step in custody.steps]
    assert sorted([*ids, *custody.void]) == sorted(made.event.event_id for made in facts)  # none is lost
    assert [step.at for step in custody.steps] == sorted(step.at for step in custody.steps)
    for step in custody.steps:
        kinds = TO.get(step.fact.event.type)
        assert kinds is None or step.holder.holding in kinds
