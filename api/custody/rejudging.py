"""
What speaks against events, judged anew whenever another event of the same shipment comes in.

Which facts contradict the others, and which break the rules of invitation and storage, follows from the whole set of a
shipment's facts. So what is stored of it is computed again with every arrival, and what is open in the end does not
depend on the order in which the facts came. What an event lacks in itself (a photograph, a signature) is judged once.
An event that another makes void lacks nothing; what a dispatcher has decided stands until something new speaks against
the event.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from api.custody.answers import no_shipment
from api.custody.invitations import Terms, broken_rules
from api.custody.ordering import Fact
from api.custody.pieces import Piece
from api.custody.replay import Custody, Step
from api.custody.scans import SCANS_NOT_ENOUGH, is_scans_only
from api.shipments.moving_store import Registered

REJUDGED: Final = frozenset(
    {
        "custody_elsewhere", "told_differently", "told_twice", "no_follows",
        "correction_loop", "follows_unknown", "replaces_unknown", "unknown_shipment",
        "no_first_invitation", "invited_too_soon", "too_few_invitations", "held_too_short", "no_refusal",
        "returned_too_soon", "scans_not_enough",
    }
)  # fmt: skip
"""Pieces that depend on other facts."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An event in the ledger, as far as the queue is concerned."""

    seq: int
    shipments: tuple[str, ...]
    pieces: list[Any]
    """As stored: a piece that depends on other facts names its shipment."""
    is_open: bool
    is_decided: bool
    """A dispatcher has settled it."""


class World(Protocol):
    """What there is to know about some shipments, each by province and code."""

    @property
    def facts(self) -> Mapping[tuple[str, str], Sequence[Fact]]:
        """Everything that the ledger says of them."""

    @property
    def shipments(self) -> Mapping[tuple[str, str], Registered]:
        """Those that are registered."""

    def terms(self, code: tuple[str, str], fact: Fact) -> Terms:
        """In force for a fact."""

    def scans_suffice(self, code: tuple[str, str], fact: Fact) -> bool:
        """Whether the list in force for a fact says so of a registered shipment's procedure."""


def as_json(piece: Piece, shipment: str | None = None) -> dict[str, str]:
    """A piece as it is stored and answered."""
    found = {"code": piece.code, "message_vi": piece.message_vi, "message_en": piece.message_en}
    return found if shipment is None else {**found, "shipment": shipment}


def own_pieces(pieces: Sequence[Piece]) -> list[dict[str, str]]:
    """What an event lacks in itself, besides files that have not come."""
    return [as_json(piece) for piece in pieces if piece.code not in REJUDGED | {"missing_file"}]


def judged(
    code: str,
    custody: Custody,
    terms: Callable[[Fact], Terms],
    scans_suffice: Callable[[Fact], bool],
    *,
    is_known: bool,
) -> dict[str, list[dict[str, str]]]:
    """
    Say what the facts of a shipment hold against each other.

    Parameters
    ----------
    terms
        In force for a fact.
    scans_suffice
        Whether the list in force for a fact says so.
    is_known
        Whether the shipment is registered.

    Returns
    -------
    pieces
        By the id of each event that stands.
    """
    unknown = () if is_known else (no_shipment(code),)

    def pieces(number: int, step: Step) -> Iterable[Piece]:
        papers = is_known and is_scans_only(step.fact.event) and not scans_suffice(step.fact)
        missed = (SCANS_NOT_ENOUGH,) if papers else ()
        return dict.fromkeys((*unknown, *step.contradictions, *broken_rules(custody, number, terms), *missed))

    return {
        step.fact.event.event_id: [as_json(piece, code) for piece in pieces(number, step)]
        for number, step in enumerate(custody.steps)
    }


def with_judged(stored: Sequence[Mapping[str, Any]], code: str, found: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Put what was found of a shipment in the place of what was found of it before."""
    return [piece for piece in stored if piece.get("shipment") != code] + list(found)


def is_covered(pieces: Sequence[Mapping[str, Any]], decided: Sequence[Mapping[str, Any]]) -> bool:
    """Whether nothing speaks against an event that did not when somebody decided."""
    return {_name(piece) for piece in pieces} <= {_name(piece) for piece in decided}


def _name(piece: Mapping[str, Any]) -> tuple[str, str | None]:
    return piece["code"], piece.get("shipment")
