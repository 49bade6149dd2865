"""
Who answers for a shipment: one table of who must hold it before an event and who may hold it afterwards.

There is always exactly one holder. A fact that contradicts the table is a fact all the same: custody moves to what it
says, and the contradiction is named. The simulation keeps the same table, and refuses what this one only names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from api.custody.events import Event
from api.custody.pieces import Piece
from api.custody.scans import is_scans_only
from api.custody.vocabulary import EventType


class Holding(StrEnum):
    """Who may hold a shipment."""

    NOBODY = "nobody"
    """Not accepted yet."""
    SITE = "site"
    COURIER = "courier"
    LINE = "line"
    DONE = "done"
    """Handed over, or scans were enough: the post answers for no paper of it any more."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who answers for a shipment."""

    holding: Holding
    name: str = ""
    """A code of the network, or `device:ID`: whoever held that device, until an event names them."""


NOBODY, DONE = Holder(Holding.NOBODY), Holder(Holding.DONE)

_UNNAMED: Final = "device:"


def at_site(site_id: str) -> Holder:
    """A site of the post holds it."""
    return Holder(Holding.SITE, site_id)


FROM: Mapping[EventType, frozenset[Holding]] = MappingProxyType(
    {
        EventType.ACCEPT: frozenset({Holding.NOBODY}),
        EventType.COLLECT_RESULT: frozenset({Holding.NOBODY}),
        EventType.BAG: frozenset({Holding.SITE}),
        EventType.UNBAG: frozenset({Holding.SITE}),
        EventType.OUT: frozenset({Holding.SITE}),
        EventType.DEPART: frozenset({Holding.SITE}),
        EventType.ARRIVE: frozenset({Holding.COURIER, Holding.LINE}),
        EventType.ATTEMPT: frozenset({Holding.COURIER, Holding.NOBODY}),  # nobody: it was to be fetched
        EventType.INVITE_1: frozenset({Holding.SITE}),
        EventType.INVITE_2: frozenset({Holding.SITE}),
        EventType.HOLD: frozenset({Holding.SITE}),
        EventType.RETURN_START: frozenset({Holding.SITE}),
        EventType.DELIVER: frozenset({Holding.SITE, Holding.COURIER}),
        EventType.HAND_AGENCY: frozenset({Holding.SITE, Holding.COURIER}),
        EventType.RETURN_DONE: frozenset({Holding.SITE, Holding.COURIER}),
    }
)
"""Who must hold a shipment for an event to happen; the types that are not here may come at any time."""

TO: Mapping[EventType, tuple[Holding, ...]] = MappingProxyType(
    {
        EventType.ACCEPT: (Holding.COURIER, Holding.SITE),
        EventType.COLLECT_RESULT: (Holding.COURIER,),
        EventType.OUT: (Holding.COURIER,),
        EventType.DEPART: (Holding.LINE,),
        EventType.ARRIVE: (Holding.SITE,),
        EventType.DELIVER: (Holding.DONE,),
        EventType.HAND_AGENCY: (Holding.DONE,),
        EventType.RETURN_DONE: (Holding.DONE,),
    }
)
"""
Who may hold it afterwards, the likeliest first; the others change nothing.

An `ACCEPT` of scans only passes nothing on: the citizen keeps the papers, and the shipment is done.
"""


def parties(event: Event) -> tuple[Holder, ...]:
    """Those of the post whom an event names, whether they act, give or take."""
    named = (
        (Holding.COURIER, event.data.courier_id),
        (Holding.SITE, event.data.site_id),
        (Holding.LINE, event.data.run_id),
    )
    return tuple(Holder(holding, name) for holding, name in named if name is not None)


def taker(event: Event) -> Holder | None:
    """Who holds the shipments after an event, by what it says; None = it does not pass them on."""
    kinds = TO.get(event.type)
    if kinds is None:
        return None
    if kinds == (Holding.DONE,) or is_scans_only(event):
        return DONE
    named = {party.holding: party for party in parties(event)}
    found = next((named[kind] for kind in kinds if kind in named), None)
    return found or Holder(kinds[0], _UNNAMED + event.device_id)


def pass_on(event: Event, before: Holder) -> tuple[Holder, tuple[Piece, ...]]:
    """
    Let an event happen to a shipment.

    Returns
    -------
    after
        Who holds it now.
    contradictions
        Why that cannot have happened as told; empty = it can.
    """
    if event.type not in FROM:
        return before, ()
    takes = taker(event)
    givers = [party for party in parties(event) if party != takes]
    contradictions = _contradictions(event, before, givers)
    if takes is not None:
        return takes, contradictions
    return (givers[0] if contradictions and givers else before), contradictions


def _contradictions(event: Event, before: Holder, givers: list[Holder]) -> tuple[Piece, ...]:
    if before.holding in (Holding.NOBODY, Holding.DONE) or before.name.startswith(_UNNAMED):
        is_theirs = True
    else:
        is_theirs = not givers or before in givers
    if before.holding in FROM[event.type] and is_theirs:
        return ()
    return (custody_elsewhere(event, before, givers),)


def custody_elsewhere(event: Event, before: Holder, givers: list[Holder]) -> Piece:
    """Somebody else held it."""
    by = ", ".join(f"{giver.holding} {giver.name}" for giver in givers) or event.device_id
    return Piece(
        "custody_elsewhere",
        f"{event.type} do {by} ghi, nhưng lúc đó bưu gửi {_WHERE[before.holding]}{_name(before)}.",
        f"{event.type} by {by}, but at that moment the shipment was {_WHERE_EN[before.holding]}{_name(before)}.",
    )


_WHERE: Final = {
    Holding.NOBODY: "chưa được chấp nhận",
    Holding.SITE: "ở điểm",
    Holding.COURIER: "do bưu tá giữ:",
    Holding.LINE: "trên chuyến thư",
    Holding.DONE: "đã giao xong, hoặc chỉ gửi bản quét",
}
_WHERE_EN: Final = {
    Holding.NOBODY: "not accepted yet",
    Holding.SITE: "at site",
    Holding.COURIER: "with courier",
    Holding.LINE: "on line",
    Holding.DONE: "handed over already, or sent as scans only",
}


def _name(holder: Holder) -> str:
    return f" {holder.name}" if holder.name else ""
