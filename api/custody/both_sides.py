"""
One hand-over, told by both of its sides.

A courier and a desk may each tell what passes between them (`owners.HAND_OVERS`); what the second one tells moves
nothing and is no doubt, as long as the two agree: the same kind, the same hands, and one follows the other or both
were told within four hours. Who tells it again better (`replaces`) tells it from the place and at the time of what that
replaces, however late. Where the second names the first, it answers for the same shipments: papers that only one
side counted are named, for one of them may be lost.

Where money may pass with the papers, too, the second telling is looked at, for the replay knows no amounts: it moves
nothing, its money counts no second time (`tallies`), and somebody compares what both sides say of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from api.custody.custodian import parties, taker
from api.custody.events import Event
from api.custody.ordering import Fact
from api.custody.pieces import Piece
from api.custody.vocabulary import EventType

TWO_SIDED: Final = frozenset({EventType.ARRIVE, EventType.OUT})
"""Of those, the ones that carry no money."""

WITH_MONEY: Final = frozenset({EventType.HAND_AGENCY, EventType.COLLECT_RESULT, EventType.RETURN_DONE})
"""Of those, the ones that may carry money."""

TOLD_TWICE: Final = Piece(
    "told_twice",
    "Cả hai bên cùng ghi một lần giao nhận: bưu gửi không thất lạc. Tiền tính một lần, theo bên ghi trước; "
    "trừ khi sự kiện này còn có bưu gửi mà bên kia không ghi.",
    "Both sides tell this one hand-over: the shipment is not lost. Its money counts once, as told first; "
    "unless this event has shipments besides that the other side does not tell of.",
)

TOLD_WITHIN: Final = timedelta(hours=4)
"""Between the two, unless one names the other: a wave. Later it is another hand-over, and the way back is missing."""

_NAMED: Final = 5
"""Codes that a message spells out."""


@dataclass(frozen=True, slots=True)
class Telling:
    """A fact that stands, and those in whose place it stands."""

    fact: Fact
    replaced: tuple[Fact, ...] = ()
    """What it replaces, what that one replaced, and so on to the first."""

    @property
    def moment(self) -> datetime:
        """When it happened: the first telling says it, however late somebody told it better."""
        return (self.replaced or (self.fact,))[-1].moment

    @property
    def follows(self) -> str | None:
        """What it names, or, where it leaves that out, what those that it replaces named."""
        named = (one.event.follows for one in (self.fact, *self.replaced))
        return next((name for name in named if name is not None), None)

    def names(self, other: Telling) -> bool:
        """Whether it follows another, also by a name under which that one was told before."""
        return any(self.follows == one.event.event_id for one in (other.fact, *other.replaced))


def is_told_again(telling: Telling, told: Sequence[Telling]) -> bool:
    """
    Whether an event is the other side's telling of a shipment's last hand-over.

    Parameters
    ----------
    told
        Who told that hand-over so far, in order.
    """
    event = telling.fact.event
    if not told or event.type not in TWO_SIDED | WITH_MONEY:
        return False
    if any(one.fact.event.device_id == event.device_id for one in told):
        return False
    is_linked = any(telling.names(one) or one.names(telling) for one in told)
    is_near = abs(telling.moment - told[0].moment) <= TOLD_WITHIN
    return _agree(event, told[0].fact.event) and (is_linked or is_near)


def differences(telling: Telling, told: Sequence[Telling]) -> tuple[Piece, ...]:
    """Which shipments only one side tells of, when an event names the other side's; and whether money is told twice."""
    twice = (TOLD_TWICE,) if telling.fact.event.type in WITH_MONEY else ()
    other = next((one for one in told if telling.names(one)), None)
    if other is None:
        return twice
    ours, theirs = set(telling.fact.event.shipments), set(other.fact.event.shipments)
    only_ours, only_theirs = _spelled(ours - theirs), _spelled(theirs - ours)
    if ours == theirs:
        return twice
    return (
        *twice,
        Piece(
            "told_differently",
            f"Hai bên kể khác nhau: chỉ bên này có {only_ours}; chỉ bên kia có {only_theirs}.",
            f"The two sides differ: only this one tells of {only_ours}; only the other one of {only_theirs}.",
        ),
    )


def _agree(event: Event, other: Event) -> bool:
    """The same hands, of which one side may name fewer."""
    ours, theirs = set(parties(event)), set(parties(other))
    is_part = bool(ours and theirs) and (ours <= theirs or theirs <= ours)
    return event.type is other.type and is_part and taker(event) == taker(other)


def _spelled(codes: set[str]) -> str:
    some = ", ".join(sorted(codes)[:_NAMED]) or "-"
    return some if len(codes) <= _NAMED else f"{some} (+{len(codes) - _NAMED})"
