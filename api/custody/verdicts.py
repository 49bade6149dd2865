"""What is said of an event of a batch, and what one has to know of the world to say it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from api.custody.events import Event
from api.custody.ordering import Fact
from api.custody.owners import Owner
from api.custody.pieces import Piece


class Verdict(StrEnum):
    """What becomes of an event."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    """It is here already, and nothing changes; its pieces are what it lacks by now."""
    INCOMPLETE = "incomplete"
    """Taken in; a dispatcher gets what is missing in a queue."""
    REFUSED = "refused"
    """Forged or malformed: kept in quarantine, and shown."""


@dataclass(frozen=True, slots=True)
class Answer:
    """To one event."""

    event_id: str | None
    """As it came, when it came with one that is text."""
    verdict: Verdict
    pieces: tuple[Piece, ...] = ()
    """What is missing or contradicts, or why it is refused; of a duplicate once the batch is in (`retelling`)."""
    event: Event | None = None
    """What is to be stored; only when accepted or incomplete."""
    digest: str = ""
    """Of its content, to know it again; only when accepted or incomplete."""


@dataclass(frozen=True, slots=True)
class Known:
    """An event that is here already."""

    digest: str | None
    """None = erased by retention, together with the personal data that it would let one guess."""
    sent_by: str = ""
    """Whose it is: a user's id."""


@dataclass(frozen=True, slots=True)
class Device:
    """As enrolled."""

    public_key: str
    owner: Owner
    enrolled_at: datetime
    revoked_at: datetime | None = None
    barred: bool = False
    """It gets in no more, though what it signs counts: the next phone brings its queue."""
    is_carried: bool = False
    """Its events come through the session of somebody else, or of another device."""
    shared_with: str | None = None
    """Who else of its desk sends from it: a user's id."""


class Context(Protocol):
    """What the store tells of the world around a batch; best fetched for the whole batch at once."""

    @property
    def clock_offset(self) -> timedelta:
        """Server's clock minus the sending device's."""

    @property
    def now(self) -> datetime:
        """By the server's clock."""

    def known(self, event_id: str) -> Known | None:
        """An event in the ledger."""

    def device(self, device_id: str) -> Device | None:
        """An enrolled device of the province."""

    def has_file(self, sha256: str) -> bool:
        """Whether a piece of evidence is on disk."""

    def is_shipment(self, code: str) -> bool:
        """Whether a shipment is registered."""

    def facts(self, code: str) -> Sequence[Fact]:
        """Everything that the ledger says of a shipment; records will do (`personal.recall`)."""

    def missing(self, fact: Fact) -> tuple[Piece, ...]:
        """What the province's rules of evidence miss (`EvidenceRules.missing`)."""

    def rule_breaks(self, code: str, fact: Fact, others: Sequence[Fact]) -> tuple[Piece, ...]:
        """What the province's rules of invitation and storage say of a shipment's event (`invitations.breaks`)."""

    def check_pin(self, event: Event) -> Piece | None:
        """Open a PIN that came with a new event, and count it; what is wrong with it, if anything."""
