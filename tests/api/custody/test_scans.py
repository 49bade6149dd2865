"""Scans instead of papers: what they want, and that nobody of the post ever holds what stayed with the citizen."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.custody.custodian import DONE, Holder, Holding, at_site
from api.custody.evidence_rules import EvidenceRules
from api.custody.ordering import Fact
from api.custody.personal import recall, split
from api.custody.replay import Custody, replay
from api.custody.scans import is_scans_only
from api.tracking.telling import State, whereabouts
from tests.api.custody.made import PHOTO, THEIRS, event, event_id, raw_event
from tests.api.custody.test_evidence_rules import COMPLETE, missing
from tests.api.custody.test_replay import accept, arrive, correct, fact, troubles

SCANS = {**{name: value for name, value in COMPLETE["ACCEPT"].items() if name != "seal"}, "scans_only": True}
C1 = Holder(Holding.COURIER, "C1")


def scanned(number: int = 1, **fields: Any) -> Fact:
    return fact(number, "ACCEPT", **{"data": {"courier_id": "C1", "scans_only": True}, **fields})


def test_scans_want_no_seal_but_a_scan() -> None:
    assert missing("ACCEPT", SCANS, evidence=[PHOTO]) == []
    assert missing("ACCEPT", SCANS) == ["scan"]
    assert missing("ACCEPT", SCANS, evidence=[THEIRS]) == ["scan"], "a signature is no scan"
    papers = {**SCANS, "scans_only": False}
    assert missing("ACCEPT", papers, evidence=[PHOTO]) == ["seal"]


@pytest.mark.parametrize(
    "piece", ["courier_id", "documents", "signature_theirs", "signature_ours", "receipt_no"]
)  # fmt: skip
def test_all_else_is_wanted_as_of_papers(piece: str) -> None:
    less = {name: value for name, value in SCANS.items() if name != piece}
    (found,) = missing("ACCEPT", less, evidence=[PHOTO])
    assert found in {piece, "party", f"{piece}_or_nothing_paid"}


def test_a_province_that_wants_more_of_an_acceptance_wants_it_of_scans_too() -> None:
    rules = EvidenceRules().changed({"outcomes": {"ACCEPT": ["documents", "note", "seal"]}})
    assert rules.scans_only == ("documents", "note", "scan")
    assert missing("ACCEPT", SCANS, rules, evidence=[PHOTO]) == ["note"]


def test_the_post_holds_nothing_and_it_is_done_at_once() -> None:
    custody = replay([scanned()])
    assert (custody.holder, troubles(custody)) == (DONE, [])
    assert all(is_done.holder == DONE for is_done in custody.steps)
    now = whereabouts(custody.steps)
    assert (now.state, now.site_id, now.since) == (State.SCANNED, None, custody.steps[0].at)


def test_papers_that_turn_up_all_the_same_are_named() -> None:
    custody = replay([scanned(), arrive(2, minute=10)])
    assert (custody.holder, troubles(custody)) == (at_site("B1"), [("ARRIVE", "custody_elsewhere")])


def test_told_again_with_papers_the_papers_are_held() -> None:
    """The clerk had ticked the wrong box: the replacing event stands where the other one stood."""
    again = accept(2, minute=5, replaces=event_id(1))
    assert replay([scanned(), again]).holder == C1
    undone = correct(3, 1, minute=6)
    assert replay([scanned(), undone]).holder.holding is Holding.NOBODY


def test_what_may_be_erased_does_not_decide_who_holds_it() -> None:
    raw = raw_event(1, "ACCEPT", data={**SCANS}, evidence=[PHOTO])
    record = split({**raw, "signature": "AA"}).record
    assert record["data"]["scans_only"] is True
    assert is_scans_only(recall(record))
    assert not is_scans_only(event(1, "COLLECT_RESULT", data={"courier_id": "C1", "scans_only": True}))


def _true_holders(kinds: list[str]) -> list[Holder]:
    """The oracle: one device tells, so what it told last counts; scans give nobody anything."""
    after = {"scans": DONE, "papers": C1, "arrive": at_site("B1"), "hand": DONE}
    return [after[kind] for kind in kinds]


def _facts(kinds: list[str]) -> list[Fact]:
    makers = {
        "scans": scanned, "papers": accept, "arrive": arrive,
        "hand": lambda number, **fields: fact(number, "HAND_AGENCY", data={"courier_id": "C1"}, **fields),
    }  # fmt: skip
    return [makers[kind](number, minute=10 * number) for number, kind in enumerate(kinds, start=1)]


@given(st.lists(st.sampled_from(["scans", "papers", "arrive", "hand"]), max_size=6), st.randoms(), st.data())
def test_custody_is_a_function_of_the_set_of_facts(kinds: list[str], chance: Any, data: st.DataObject) -> None:
    facts = _facts(kinds)
    shuffled = facts + (data.draw(st.lists(st.sampled_from(facts))) if facts else [])
    chance.shuffle(shuffled)
    custody: Custody = replay(shuffled)
    assert custody == replay(facts)
    assert [step.holder for step in custody.steps] == _true_holders(kinds)
    assert all(one.at <= two.at for one, two in pairwise(custody.steps))
    doubted = {number for number, step in enumerate(custody.steps) if step.contradictions}
    for number, (before, kind) in enumerate(pairwise([None, *kinds])):
        fits = before == ("papers" if kind in ("arrive", "hand") else None)
        assert (number not in doubted) == fits, (kinds, number)
