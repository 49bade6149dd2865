"""
What a shipment's facts come to: who held it when, which facts are void, and which contradict the others.

The answer is a function of the set of facts, so it may be computed again whenever one arrives late. Nothing is edited:
an event with `replaces` makes another void. A `CORRECT` leaves nothing in its place; any other event stands where the
void one stood. A correction may be corrected in its turn, and then what it had made void stands again; but what is
told again and again stands once, as it was told last.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from api.custody.both_sides import Telling, differences, is_told_again
from api.custody.custodian import NOBODY, TO, Holder, pass_on, taker
from api.custody.events import Event
from api.custody.ordering import Fact, in_order
from api.custody.owners import HAND_OVERS
from api.custody.pieces import Piece
from api.custody.vocabulary import EventType

CORRECTION_LOOP = Piece(
    "correction_loop",
    "Các sự kiện thay thế lẫn nhau theo vòng tròn; không sự kiện nào bị hủy.",
    "These events replace each other in a circle; none of them is void.",
)

NO_FOLLOWS = Piece(
    "no_follows",
    "Không ghi sự kiện mà lần giao nhận này nối tiếp; thứ tự chỉ dựa vào đồng hồ hai thiết bị.",
    "This hand-over does not name the event that it follows; only the clocks of two devices tell the order.",
)


@dataclass(frozen=True, slots=True)
class Step:
    """A fact that stands."""

    fact: Fact
    at: datetime
    """From when on `holder` holds it: never before the step before."""
    holder: Holder
    contradictions: tuple[Piece, ...]
    is_told_again: bool = False
    """It is the other side's telling of the hand-over before."""


@dataclass(frozen=True, slots=True)
class Custody:
    """The whole history of one shipment."""

    steps: tuple[Step, ...]
    void: frozenset[str]
    """Ids of the events that others replace."""

    @property
    def holder(self) -> Holder:
        """Who answers for it now."""
        return self.steps[-1].holder if self.steps else NOBODY

    def holder_at(self, moment: datetime) -> Holder:
        """Who answered for it at a moment: always exactly one."""
        return next((step.holder for step in reversed(self.steps) if step.at <= moment), NOBODY)

    def contradictions(self, event_id: str) -> tuple[Piece, ...]:
        """What speaks against an event; nothing when it is void."""
        return next((step.contradictions for step in self.steps if step.fact.event.event_id == event_id), ())


def replay(facts: Iterable[Fact]) -> Custody:
    """
    Go through a shipment's facts, given in any order.

    A fact may be given more than once; two facts of one event id are one fact, for the server keeps only the first.
    """
    by_id = {fact.event.event_id: fact for fact in facts}
    void, looped = _void(by_id)
    ordered = in_order(by_id)
    place = {fact.event.event_id: number for number, fact in enumerate(ordered)}
    tellings = {event_id: _telling(by_id, event_id, looped) for event_id in by_id if event_id not in void}
    steps: list[Step] = []
    holder = NOBODY
    handed: tuple[Telling, ...] = ()
    for event_id in sorted(tellings, key=lambda name: (place[_stands_at(tellings[name])], place[name])):
        telling = tellings[event_id]
        fact, at = telling.fact, telling.moment
        again = is_told_again(telling, handed) and taker(fact.event) == holder
        if again:
            contradictions, handed = differences(telling, handed), (*handed, telling)
        else:
            handed = handed if taker(fact.event) is None else (telling,)
            holder, contradictions = pass_on(fact.event, holder)
            contradictions += _unnamed(telling, steps) if contradictions else ()
        contradictions += (CORRECTION_LOOP,) if event_id in looped else ()
        contradictions += _unknown(fact.event, by_id)
        steps.append(Step(fact, max(at, steps[-1].at) if steps else at, holder, contradictions, again))
    return Custody(tuple(steps), frozenset(void))


def _void(facts: Mapping[str, Fact]) -> tuple[set[str], set[str]]:
    """
    Which facts are void: those that a standing one replaces.

    A fact replaces at most one other; so once those that nobody replaces are settled, and those that they replace,
    and so on, only circles are left (`looped`), and their facts stand.
    """
    replaced_by: dict[str, list[str]] = defaultdict(list)
    for event_id in facts:
        replaces = _replaces(facts, event_id)
        if replaces is not None:
            replaced_by[replaces].append(event_id)
    open_questions = Counter({event_id: len(others) for event_id, others in replaced_by.items()})
    settled: set[str] = set()
    void: set[str] = set()
    retold: set[str] = set()
    ready = [event_id for event_id in facts if event_id not in replaced_by]
    while ready:
        event_id = ready.pop()
        settled.add(event_id)
        replaces = _replaces(facts, event_id)
        if replaces is None:
            continue
        is_correct = facts[event_id].event.type is EventType.CORRECT
        if event_id not in void or (event_id in retold and not is_correct):
            void.add(replaces)
            if not is_correct:
                retold.add(replaces)  # another stands in for it, and so for what it had replaced
        open_questions[replaces] -= 1
        if open_questions[replaces] == 0:
            ready.append(replaces)
    looped = facts.keys() - settled
    return void - looped, set(looped)


def _replaces(facts: Mapping[str, Fact], event_id: str) -> str | None:
    """Which of the facts another one replaces; None = none, or one that has not come in."""
    replaces = facts[event_id].event.replaces
    return replaces if replaces in facts else None


def _telling(facts: Mapping[str, Fact], event_id: str, looped: set[str]) -> Telling:
    """A fact, with those in whose place it stands; a `CORRECT` stands in nobody's."""
    fact = facts[event_id]
    replaced: list[Fact] = []
    while facts[event_id].event.type is not EventType.CORRECT and event_id not in looped:
        replaces = _replaces(facts, event_id)
        if replaces is None or replaces in looped:
            break
        event_id = replaces
        replaced.append(facts[event_id])
    return Telling(fact, tuple(replaced))


def _stands_at(telling: Telling) -> str:
    """Whose place a fact takes: the first one's that it replaces, if any."""
    return (telling.replaced or (telling.fact,))[-1].event.event_id


def _unnamed(telling: Telling, steps: Sequence[Step]) -> tuple[Piece, ...]:
    """
    Whether the place of a hand-over that does not fit rests on two clocks alone.

    Where it fits, the hands that it names show its place, and nobody has to ask.
    """
    event = telling.fact.event
    if telling.follows is not None or event.type not in HAND_OVERS & TO.keys() or not steps:
        return ()
    return (NO_FOLLOWS,) if steps[-1].fact.event.device_id != event.device_id else ()


def _unknown(event: Event, facts: Mapping[str, Fact]) -> tuple[Piece, ...]:
    """Other events that an event names, and that no fact of this shipment is; they may still come in."""
    pieces: tuple[Piece, ...] = ()
    if event.follows is not None and event.follows not in facts:
        vi, en = f"Nối tiếp sự kiện {event.follows}", f"It follows event {event.follows}"
        pieces += (Piece("follows_unknown", vi + _NOT_IN, en + _NOT_IN_EN),)
    if event.replaces is not None and event.replaces not in facts:
        vi, en = f"Thay thế sự kiện {event.replaces}", f"It replaces event {event.replaces}"
        pieces += (Piece("replaces_unknown", vi + _NOT_IN, en + _NOT_IN_EN),)
    return pieces


_NOT_IN = ", chưa nhận được cho bưu gửi này."
_NOT_IN_EN = ", which has not come in for this shipment."
