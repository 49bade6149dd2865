"""
The answer to each event of a batch: accepted, duplicate, incomplete or refused.

Nothing else than a forged or malformed event is refused, and what is refused is kept in quarantine. An event that lacks
a piece, contradicts the others or names an unknown shipment is a fact all the same: custody moves, and a dispatcher
gets the pieces in a queue. Each event is judged for itself, so none blocks the next.

A revoked device's key vouches for nothing after the revocation: what it signs then is refused as forged. What was made
before it, and arrives afterwards, is taken in, for a courier's queue must not be lost with the phone; but whoever holds
the key may date events back, so each is incomplete until a dispatcher has looked at it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

import rfc8785
from pydantic import ValidationError

from api.custody.events import Event, read_event
from api.custody.evidence_rules import EvidenceRules, named_files
from api.custody.ordering import Fact
from api.custody.pieces import Piece
from api.custody.replay import replay
from api.custody.signing import digest, is_signed, signed_bytes

AHEAD: Final = timedelta(minutes=5)
"""How far an event may lie in the future before somebody has to look at the device's clock."""


class Verdict(StrEnum):
    """What becomes of an event."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    """It is here already; nothing changes."""
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
    """What is missing or contradicts, or why it is refused."""
    event: Event | None = None
    """What is to be stored; only when accepted or incomplete."""
    digest: str = ""
    """Of its content, to know it again; only when accepted or incomplete."""


@dataclass(frozen=True, slots=True)
class Known:
    """An event that is here already."""

    digest: str | None
    """None = erased by retention, together with the personal data that it would let one guess."""


@dataclass(frozen=True, slots=True)
class Device:
    """As enrolled."""

    public_key: str
    revoked_at: datetime | None = None


class Context(Protocol):
    """What the store tells of the world around a batch; best fetched for the whole batch at once."""

    @property
    def clock_offset(self) -> timedelta:
        """Server's clock minus the sending device's."""

    @property
    def now(self) -> datetime:
        """By the server's clock."""

    @property
    def rules(self) -> EvidenceRules:
        """In force in the province."""

    def known(self, event_id: str) -> Known | None:
        """An event in the ledger."""

    def device(self, device_id: str) -> Device | None:
        """An enrolled device."""

    def has_file(self, sha256: str) -> bool:
        """Whether a piece of evidence is on disk."""

    def is_shipment(self, code: str) -> bool:
        """Whether a shipment is registered."""

    def facts(self, code: str) -> Sequence[Fact]:
        """Everything that the ledger says of a shipment; records will do (`personal.recall`)."""

    def rule_breaks(self, fact: Fact, earlier: Sequence[Fact]) -> tuple[Piece, ...]:
        """What the province's rules of invitation and storage say (`invitations.breaks`)."""


@dataclass(frozen=True, slots=True)
class Examined:
    """An event as it came, read: all that can be said of it without asking anybody."""

    raw: object
    event_id: str | None
    event: Event | None = None
    signed: bytes = b""
    malformed: Piece | None = None
    """Why it is none; exactly one of this and `event` is None."""


def examine(raw: object) -> Examined:
    """
    Read an event.

    Parameters
    ----------
    raw
        As parsed from JSON; anything at all.
    """
    event_id = raw.get("event_id") if isinstance(raw, Mapping) else None
    name = event_id if isinstance(event_id, str) else None
    try:
        event, signed = _read(raw)
    except _Refused as refused:
        return Examined(raw, name, malformed=refused.piece)
    return Examined(raw, name, event, signed)


def judge(batch: Iterable[object], context: Context) -> list[Answer]:
    """
    Answer each event of a batch, in its order.

    Parameters
    ----------
    batch
        As parsed from JSON, anything at all; or examined.
    """
    court = _Court(context)
    return [court.answer(one if isinstance(one, Examined) else examine(one)) for one in batch]


class _Refused(Exception):  # noqa: N818 - no error of the program
    def __init__(self, code: str, message_vi: str, message_en: str) -> None:
        super().__init__(message_en)
        self.piece = Piece(code, message_vi, message_en)


class _Court:
    """A batch under way: later events know the earlier ones."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._seen: dict[str, Known] = {}
        self._taken: dict[str, list[Fact]] = {}

    def answer(self, one: Examined) -> Answer:
        if one.event is None:
            assert one.malformed is not None
            return Answer(one.event_id, Verdict.REFUSED, (one.malformed,))
        try:
            return self._answer(one.event, one.signed)
        except _Refused as refused:
            return Answer(one.event_id, Verdict.REFUSED, (refused.piece,))

    def _answer(self, event: Event, signed: bytes) -> Answer:
        content = digest(signed)
        known = self._seen.get(event.event_id) or self._context.known(event.event_id)
        if known is not None:
            return _known(event, content, known)
        pieces = self._device(event, signed) + self._pieces(event)
        self._seen[event.event_id] = Known(content)
        verdict = Verdict.INCOMPLETE if pieces else Verdict.ACCEPTED
        return Answer(event.event_id, verdict, tuple(dict.fromkeys(pieces)), event, content)

    def _device(self, event: Event, signed: bytes) -> tuple[Piece, ...]:
        device = self._context.device(event.device_id)
        if device is None:
            raise _Refused(
                "unknown_device",
                f"Thiết bị {event.device_id} chưa đăng ký: không kiểm được chữ ký.",
                f"Device {event.device_id} is not enrolled: its signature cannot be verified.",
            )
        if not is_signed(signed, event.signature, device.public_key):
            raise _Refused(
                "bad_signature",
                f"Chữ ký không phải của thiết bị {event.device_id}, hoặc nội dung đã bị sửa.",
                f"The signature is not that of device {event.device_id}, or the content was altered.",
            )
        if device.revoked_at is None:
            return ()
        if event.at + self._context.clock_offset >= device.revoked_at:
            raise _Refused(
                "device_revoked",
                f"Sự kiện lập sau khi thiết bị {event.device_id} bị thu hồi.",
                f"Made after device {event.device_id} was revoked.",
            )
        return (_BEFORE_REVOCATION,)

    def _pieces(self, event: Event) -> tuple[Piece, ...]:
        context = self._context
        fact = Fact(event, context.clock_offset)
        pieces = list(context.rules.missing(event))
        pieces += [_no_file(name) for name in named_files(event) if not context.has_file(name)]
        if fact.moment > context.now + AHEAD:
            pieces.append(_AHEAD)
        for code in event.shipments:
            if not context.is_shipment(code):
                pieces.append(_no_shipment(code))
            pieces += self._take_in(code, fact)
        return tuple(pieces)

    def _take_in(self, code: str, fact: Fact) -> tuple[Piece, ...]:
        earlier = self._taken.setdefault(code, list(self._context.facts(code)))
        broken = self._context.rule_breaks(fact, earlier)
        earlier.append(fact)
        return replay(earlier).contradictions(fact.event.event_id) + broken


def _read(raw: object) -> tuple[Event, bytes]:
    if not isinstance(raw, dict):
        raise _Refused("malformed", "Sự kiện không phải là đối tượng JSON.", "The event is not a JSON object.")
    try:
        return read_event(raw), signed_bytes(raw)
    except ValidationError as error:
        where = "; ".join(
            f"{_path(fault['loc'])}: {fault['msg']}"
            for fault in error.errors(include_url=False, include_input=False)[:5]
        )
        raise _malformed(where) from error
    except rfc8785.CanonicalizationError as error:
        raise _malformed(str(error)) from error


def _path(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) or "event"


def _malformed(why: str) -> _Refused:
    return _Refused("malformed", f"Sự kiện sai khuôn dạng: {why}.", f"The event is malformed: {why}.")


def _known(event: Event, content: str, known: Known) -> Answer:
    """The same again, or something else under the same id: then the first one stays."""
    if known.digest in (None, content):
        return Answer(event.event_id, Verdict.DUPLICATE)
    raise _Refused(
        "forged_id",
        f"Mã sự kiện {event.event_id} đã có nội dung khác; bản đầu tiên được giữ nguyên.",
        f"Event id {event.event_id} is taken by another content; the first one stays.",
    )


_BEFORE_REVOCATION: Final = Piece(
    "before_revocation",
    "Thiết bị đã bị thu hồi; sự kiện lập trước lúc đó nhưng đến sau: cần người điều phối xác nhận.",
    "The device has been revoked; made before, come in after: a dispatcher has to confirm it.",
)
_AHEAD: Final = Piece(
    "in_the_future",
    "Thời điểm của sự kiện ở tương lai: kiểm tra đồng hồ của thiết bị.",
    "The event lies in the future: check the device's clock.",
)


def _no_file(name: str) -> Piece:
    return Piece("missing_file", f"Chưa nhận được tệp {name}.", f"File {name} has not come in.")


def _no_shipment(code: str) -> Piece:
    return Piece("unknown_shipment", f"Chưa biết bưu gửi {code}.", f"Shipment {code} is not known.")
