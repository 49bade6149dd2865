"""
One hand-over, told by both of its sides.

A courier and a desk may each tell what passes between them (`owners.HAND_OVERS`); what the second one tells moves
nothing and is no doubt, as long as the two agree: the same kind, the same hands, and one follows the other or both
were told within four hours. Where the second names the first, it answers for the same shipments: papers that only one
side counted are named, for one of them may be lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from api.custody.custodian import parties, taker
from api.custody.events import Event
from api.custody.ordering import Fact
from api.custody.pieces import Piece
from api.custody.vocabulary import EventType

TWO_SIDED: Final = frozenset({EventType.ARRIVE, EventType.OUT})
"""Of those, the ones that carry no money: what is told twice of others would be paid twice, and stays a doubt."""

TOLD_WITHIN: Final = timedelta(hours=4)
"""Between the two, unless one names the other: a wave. Later it is another hand-over, and the way back is missing."""

_NAMED: Final = 5
"""Codes that a message spells out."""


def is_told_again(fact: Fact, told: Sequence[Fact]) -> bool:
    """
    Whether an event is the other side's telling of a shipment's last hand-over.

    Parameters
    ----------
    told
        Who told that hand-over so far, in order.
    """
    if not told or fact.event.type not in TWO_SIDED:
        return False
    first = told[0]
    if any(one.event.device_id == fact.event.device_id for one in told):
        return False
    is_linked = any(_names(fact, one) or _names(one, fact) for one in told)
    return _agree(fact.event, first.event) and (is_linked or abs(fact.moment - first.moment) <= TOLD_WITHIN)


def differences(fact: Fact, told: Sequence[Fact]) -> tuple[Piece, ...]:
    """Which shipments only one side tells of, when an event names the other side's."""
    other = next((one for one in told if _names(fact, one)), None)
    if other is None:
        return ()
    ours, theirs = set(fact.event.shipments), set(other.event.shipments)
    only_ours, only_theirs = _spelled(ours - theirs), _spelled(theirs - ours)
    if ours == theirs:
        return ()
    return (
        Piece(
            "told_differently",
            f"Hai bên kể khác nhau: chỉ bên này có {only_ours}; chỉ bên kia có {only_theirs}.",
            f"The two sides differ: only this one tells of {only_ours}; only the other one of {only_theirs}.",
        ),
    )


def _names(fact: Fact, other: Fact) -> bool:
    return fact.event.follows == other.event.event_id


def _agree(event: Event, other: Event) -> bool:
    """The same hands, of which one side may name fewer."""
    ours, theirs = set(parties(event)), set(parties(other))
    is_part = bool(ours and theirs) and (ours <= theirs or theirs <= ours)
    return event.type is other.type and is_part and taker(event) == taker(other)


def _spelled(codes: set[str]) -> str:
    some = ", ".join(sorted(codes)[:_NAMED]) or "-"
    return some if len(codes) <= _NAMED else f"{some} (+{len(codes) - _NAMED})"
