"""Accepted, duplicate, incomplete or refused; one event never blocks the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from api.auth.roles import Role
from api.custody.answers import judge
from api.custody.events import Event
from api.custody.evidence_rules import EvidenceRules
from api.custody.ordering import Fact
from api.custody.owners import Owner, Term
from api.custody.pieces import Piece
from api.custody.replay import replay
from api.custody.signing import CURVE, sign
from api.custody.verdicts import Answer, Context, Device, Known, Verdict
from tests.api.custody.made import MORNING, OURS, PHOTO, PLACE, PUBLIC_KEY, THEIRS, event_id, signed_event
from tests.api.custody.test_evidence_rules import COMPLETE

ENROLLED = MORNING - timedelta(days=1)
OWNER = Owner("U1", Role.COURIER, "89", "BT-01", (Term("BC-LX", ENROLLED),))
"""Of the device: a courier who works in the base, too."""


@dataclass
class World:
    """A store in memory."""

    now: datetime = MORNING + timedelta(hours=1)
    clock_offset: timedelta = timedelta(0)
    rules: EvidenceRules = field(default_factory=EvidenceRules)
    devices: dict[str, Device] = field(default_factory=lambda: {"D1": Device(PUBLIC_KEY, OWNER, ENROLLED)})
    files: set[str] = field(default_factory=lambda: {PHOTO, THEIRS, OURS})
    shipments: set[str] = field(default_factory=lambda: {"S1", "S2"})
    events: dict[str, Known] = field(default_factory=dict)
    ledger: list[Fact] = field(default_factory=list)

    def known(self, event_id: str) -> Known | None:
        return self.events.get(event_id)

    def device(self, device_id: str) -> Device | None:
        return self.devices.get(device_id)

    def has_file(self, sha256: str) -> bool:
        return sha256 in self.files

    def is_shipment(self, code: str) -> bool:
        return code in self.shipments

    def facts(self, code: str) -> Sequence[Fact]:
        return [fact for fact in self.ledger if code in fact.event.shipments]

    def missing(self, fact: Fact) -> tuple[Piece, ...]:
        return self.rules.missing(fact.event)

    def rule_breaks(self, code: str, fact: Fact, others: Sequence[Fact]) -> tuple[Piece, ...]:
        return ()

    def check_pin(self, event: Event) -> Piece | None:
        return None

    def send(self, *batch: object) -> list[Answer]:
        """Judge a batch and store what is taken in."""
        context: Context = self
        answers = judge(batch, context)
        for answer in answers:
            if answer.event is not None:
                self.events[answer.event.event_id] = Known(answer.digest, OWNER.user_id)
                self.ledger.append(Fact(answer.event, self.clock_offset))
        return answers


def accept(number: int = 1, **fields: Any) -> dict[str, Any]:
    return signed_event(number, "ACCEPT", **{"data": COMPLETE["ACCEPT"], **fields})


def found(answers: list[Answer]) -> list[tuple[str, list[str]]]:
    return [(answer.verdict.value, [piece.code for piece in answer.pieces]) for answer in answers]


def test_a_complete_event_is_accepted_and_then_a_duplicate() -> None:
    world = World()
    assert found(world.send(accept())) == [("accepted", [])]
    assert found(world.send(accept())) == [("duplicate", [])]  # signed again, so with another signature
    assert len(world.ledger) == 1


def test_the_same_event_twice_in_one_batch_is_one() -> None:
    world = World()
    assert found(world.send(accept(), accept())) == [("accepted", []), ("duplicate", [])]
    assert len(world.ledger) == 1


def test_an_incomplete_event_is_taken_in_and_custody_moves() -> None:
    world = World()
    data = {name: value for name, value in COMPLETE["ACCEPT"].items() if name != "seal"}
    assert found(world.send(accept(data=data))) == [("incomplete", ["missing_seal"])]
    assert replay(world.ledger).holder.name == "BT-01"


def test_a_file_that_has_not_come_is_missing() -> None:
    world = World(files={OURS})
    (answer,) = world.send(accept())
    assert found([answer]) == [("incomplete", ["missing_file"])]
    assert THEIRS in answer.pieces[0].message_vi


def test_an_unknown_shipment_is_a_fact_for_the_dispatcher() -> None:
    world = World(shipments={"S1"})
    (answer,) = world.send(accept(shipments=["S1", "S9"]))
    assert found([answer]) == [("incomplete", ["unknown_shipment"])]
    assert "S9" in answer.pieces[0].message_en
    assert world.ledger


def test_a_contradiction_is_taken_in_and_named() -> None:
    delivered = signed_event(2, "DELIVER", minute=5, device_id="D2", data={**COMPLETE["DELIVER"], "courier_id": "C2"})
    world = World()
    world.devices["D2"] = Device(PUBLIC_KEY, replace(OWNER, user_id="U2", courier_id="C2"), ENROLLED)
    assert found(world.send(accept(), delivered)) == [("accepted", []), ("incomplete", ["custody_elsewhere"])]
    assert len(world.ledger) == 2


def test_later_events_of_a_batch_know_the_earlier_ones() -> None:
    arrived = signed_event(2, "ARRIVE", minute=5, data={**COMPLETE["ARRIVE"], "courier_id": "BT-01"})
    assert found(World().send(accept(), arrived)) == [("accepted", []), ("accepted", [])]


def test_the_same_id_with_other_content_is_refused_and_the_first_one_stays() -> None:
    world = World()
    world.send(accept())
    assert found(world.send(accept(counter=7))) == [("refused", ["forged_id"])]
    assert [fact.event.counter for fact in world.ledger] == [1]
    assert found(World().send(accept(), accept(counter=7))) == [("accepted", []), ("refused", ["forged_id"])]


def test_what_comes_again_after_its_erasure_is_a_duplicate_if_it_is_truly_signed() -> None:
    world = World(events={event_id(1): Known(None)})
    assert found(world.send(accept())) == [("duplicate", [])]
    forged = sign(accept(), ec.derive_private_key(0xD2, CURVE))
    assert found(world.send(forged)) == [("refused", ["bad_signature"])]
    assert found(world.send(accept(device_id="D7"))) == [("refused", ["unknown_device"])]
    assert not world.ledger


def test_a_forged_event_does_not_take_the_id_of_the_true_one() -> None:
    forged = {**accept(), "counter": 99}
    assert found(World().send(forged, accept())) == [("refused", ["bad_signature"]), ("accepted", [])]


def test_another_devices_key_is_a_forgery() -> None:
    other = ec.derive_private_key(0xD2, CURVE)
    assert found(World().send(sign(accept(), other))) == [("refused", ["bad_signature"])]


def test_a_device_that_is_not_enrolled_is_not_believed() -> None:
    assert found(World().send(accept(device_id="D7"))) == [("refused", ["unknown_device"])]


@pytest.mark.parametrize(
    ("minute", "offset", "expected"),
    [
        (29, 0, ("incomplete", ["before_revocation"])),
        (30, 0, ("incomplete", ["before_revocation"])),
        (30 + 4.9 / 60, 0, ("incomplete", ["before_revocation"])),  # as long as a request may take on its way
        (30 + 5 / 60, 0, ("refused", ["device_revoked"])),
        (29, 2, ("refused", ["device_revoked"])),  # its clock is slow
        (32, -2.5, ("incomplete", ["before_revocation"])),
    ],
)
def test_a_revoked_device_is_believed_for_what_came_before(
    minute: float, offset: float, expected: tuple[str, list[str]]
) -> None:
    revoked = Device(PUBLIC_KEY, OWNER, ENROLLED, MORNING + timedelta(minutes=30))
    world = World(devices={"D1": revoked}, clock_offset=timedelta(minutes=offset))
    assert found(world.send(accept(minute=minute))) == [expected]


def test_an_event_in_the_future_is_looked_at() -> None:
    assert found(World().send(accept(minute=65))) == [("accepted", [])]
    assert found(World().send(accept(minute=66))) == [("incomplete", ["in_the_future"])]
    assert found(World(clock_offset=timedelta(minutes=-2)).send(accept(minute=66))) == [("accepted", [])]


MALFORMED: list[object] = [
    None, 7, "event", [], {}, {"event_id": 7}, {**accept(), "type": "LOSE"}, {**accept(), "shipments": []},
    {**accept(), "data": {"extra": float("nan")}}, {**accept(), "data": {"extra": 2**60}},
    {**accept(), "data": {"extra": "\ud800"}}, {**accept(), "more": 1},
]  # fmt: skip


@pytest.mark.parametrize("wrong", MALFORMED, ids=[f"number {number}" for number in range(len(MALFORMED))])
def test_malformed_events_are_refused_and_the_next_is_taken(wrong: object) -> None:
    assert found(World().send(wrong, accept())) == [("refused", ["malformed"]), ("accepted", [])]


def test_depth_is_no_way_to_block_a_batch() -> None:
    deep: Any = 1
    for _ in range(50_000):
        deep = [deep]
    assert found(World().send({**accept(), "data": {"extra": deep}}, accept())) == [
        ("refused", ["malformed"]),
        ("accepted", []),
    ]


def test_a_refused_event_keeps_its_id_for_the_quarantine() -> None:
    assert World().send({**accept(), "type": "LOSE"})[0].event_id == event_id(1)


@pytest.mark.parametrize("kind", [kind for kind in COMPLETE if kind not in ("ATTEMPT", "CORRECT", "EXCEPTION")])
def test_each_complete_outcome_is_accepted_where_it_may_happen(kind: str) -> None:
    world, fields = World(), {"data": COMPLETE[kind], "place": PLACE}
    at_base = signed_event(2, "ARRIVE", minute=1, data={**COMPLETE["ARRIVE"], "courier_id": "BT-01"})
    with_courier = signed_event(3, "OUT", minute=2, data=COMPLETE["OUT"])
    before = {
        "ACCEPT": [], "COLLECT_RESULT": [], "ARRIVE": [accept()], "DELIVER": [accept(), at_base, with_courier],
        "HAND_AGENCY": [accept()], "RETURN_DONE": [accept(), at_base, with_courier],
    }.get(kind, [accept(), at_base])  # fmt: skip
    assert {answer.verdict for answer in world.send(*before)} <= {Verdict.ACCEPTED}
    assert found(world.send(signed_event(9, kind, minute=9, **fields))) == [("accepted", [])]


_EVENTS = [
    accept(), accept(counter=7), {**accept(), "counter": 9}, {}, accept(2, shipments=["S9"]), accept(3, data={}),
    signed_event(4, "DELIVER", data=COMPLETE["DELIVER"], minute=9), accept(5, device_id="D7"),
]  # fmt: skip


@given(st.lists(st.sampled_from(range(len(_EVENTS))), max_size=12), st.integers(0, 12))
def test_every_event_gets_an_answer_and_no_fact_is_lost(picked: list[int], cut: int) -> None:
    """However it is cut into batches."""
    world = World()
    batch = [_EVENTS[number] for number in picked]
    answers = world.send(*batch[:cut]) + world.send(*batch[cut:])
    assert len(answers) == len(batch)
    stored = {fact.event.event_id for fact in world.ledger}
    assert len(world.ledger) == len(stored)
    for raw, answer in zip(batch, answers, strict=True):
        assert answer.verdict is Verdict.REFUSED or raw["event_id"] in stored
        assert (answer.event is not None) == (answer.verdict in (Verdict.ACCEPTED, Verdict.INCOMPLETE))
        assert bool(answer.pieces) == (answer.verdict in (Verdict.INCOMPLETE, Verdict.REFUSED))
