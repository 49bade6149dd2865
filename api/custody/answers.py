"""
The answer to each event of a batch: accepted, duplicate, incomplete or refused.

Nothing else than a forged or malformed event is refused, and what is refused is kept in quarantine. An event that lacks
a piece, contradicts the others or names an unknown shipment is a fact all the same: custody moves, and a dispatcher
gets the pieces in a queue. Each event is judged for itself, so none blocks the next.

A revoked device's key vouches for nothing after the revocation: what it signs then is refused as forged. What was made
before it, and arrives afterwards, is taken in, for a courier's queue must not be lost with the phone; but whoever holds
the key may date events back, so each is incomplete until a dispatcher has looked at it. The same holds of what comes
through somebody else's session: a phone was handed over before its queue was sent.

An event that speaks for anybody but its device's owner is forged (`owners`): it is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import rfc8785
from pydantic import ValidationError

from api.auth.roles import Role
from api.custody.events import Event, read_event
from api.custody.evidence_rules import named_files
from api.custody.ordering import Fact
from api.custody.owners import Owner, stranger
from api.custody.pieces import Piece
from api.custody.replay import replay
from api.custody.signing import digest, is_signed, signed_bytes
from api.custody.verdicts import Answer, Context, Device, Known, Verdict

AHEAD: Final = timedelta(minutes=5)
"""How far an event may lie in the future before somebody has to look at the device's clock."""


ON_ITS_WAY: Final = timedelta(seconds=5)
"""
How long after a device's revocation its events may seem to be made, and still wait for a person who confirms them.

The offset of its clock is known as exactly as its request was quick: what the request took on its way makes an event
seem younger by as much, so one made just before the revocation would be refused for a bad road.
"""


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
        known = self._known(event.event_id)
        if known is not None and known.digest == content:
            return Answer(event.event_id, Verdict.DUPLICATE)
        device = self._device(event, signed)
        if known is not None:
            return _known(event, known)
        self._require_own(event, device)
        pieces = self._time_of(event, device) + self._pieces(event, device.owner)
        self._seen[event.event_id] = Known(content, device.owner.user_id)
        verdict = Verdict.INCOMPLETE if pieces else Verdict.ACCEPTED
        return Answer(event.event_id, verdict, tuple(dict.fromkeys(pieces)), event, content)

    def _known(self, event_id: str) -> Known | None:
        return self._seen.get(event_id) or self._context.known(event_id)

    def _device(self, event: Event, signed: bytes) -> Device:
        """The device that signed it; not necessarily the one that sends it."""
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
        return device

    def _require_own(self, event: Event, device: Device) -> None:
        # An event cannot be older than its device; one that says so gets nobody the rights of that day.
        moment = max(event.at + self._context.clock_offset, device.enrolled_at)
        name = stranger(event, device.owner, moment)
        if name is None or name == f"user {device.shared_with}":
            return
        raise _Refused(
            "not_the_owner",
            f"Sự kiện nói thay {name}, nhưng thiết bị {event.device_id} không phải của người hay điểm đó.",
            f"The event speaks for {name}, but device {event.device_id} is not theirs.",
        )

    def _time_of(self, event: Event, device: Device) -> tuple[Piece, ...]:
        carried = (_CARRIED,) if device.is_carried else ()
        if device.revoked_at is None:
            return carried
        if event.at + self._context.clock_offset >= device.revoked_at + ON_ITS_WAY:
            raise _Refused(
                "device_revoked",
                f"Sự kiện lập sau khi thiết bị {event.device_id} bị thu hồi.",
                f"Made after device {event.device_id} was revoked.",
            )
        return (_BEFORE_REVOCATION, *carried)

    def _pieces(self, event: Event, owner: Owner) -> tuple[Piece, ...]:
        context = self._context
        fact = Fact(event, context.clock_offset)
        pieces = list(context.missing(fact))
        pieces += [no_file(name) for name in named_files(event) if not context.has_file(name)]
        if fact.moment > context.now + AHEAD:
            pieces.append(_AHEAD)
        if self._replaces_anothers(event, owner):
            pieces.append(_ANOTHERS)
        wrong_pin = context.check_pin(event)
        if wrong_pin is not None:
            pieces.append(wrong_pin)
        for code in event.shipments:
            if not context.is_shipment(code):
                pieces.append(no_shipment(code))
            pieces += self._take_in(code, fact)
        return tuple(pieces)

    def _replaces_anothers(self, event: Event, owner: Owner) -> bool:
        """Dispatchers may correct everybody; whoever else makes another's event void is looked at."""
        replaced = None if event.replaces is None else self._known(event.replaces)
        return replaced is not None and replaced.sent_by != owner.user_id and owner.role is not Role.DISPATCHER

    def _take_in(self, code: str, fact: Fact) -> tuple[Piece, ...]:
        earlier = self._taken.setdefault(code, list(self._context.facts(code)))
        broken = self._context.rule_breaks(code, fact, earlier)
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


def _known(event: Event, known: Known) -> Answer:
    """Truly signed; again after its erasure, or something else under the same id: then the first one stays."""
    if known.digest is None:
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
_CARRIED: Final = Piece(
    "sent_by_another",
    "Sự kiện được gửi qua phiên của người hoặc thiết bị khác với thiết bị đã ký: cần người điều phối xác nhận.",
    "It came through another session than that of the device that signed it: a dispatcher has to confirm it.",
)
_ANOTHERS: Final = Piece(
    "replaces_anothers",
    "Sự kiện hủy sự kiện của người khác: cần người điều phối xác nhận.",
    "It makes somebody else's event void: a dispatcher has to confirm it.",
)
_AHEAD: Final = Piece(
    "in_the_future",
    "Thời điểm của sự kiện ở tương lai: kiểm tra đồng hồ của thiết bị.",
    "The event lies in the future: check the device's clock.",
)


def no_file(name: str) -> Piece:
    """A file that has not come in."""
    return Piece("missing_file", f"Chưa nhận được tệp {name}.", f"File {name} has not come in.")


def no_shipment(code: str) -> Piece:
    """A shipment that nobody registered."""
    return Piece("unknown_shipment", f"Chưa biết bưu gửi {code}.", f"Shipment {code} is not known.")
