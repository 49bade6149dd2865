"""
What makes each outcome complete, as a table.

A need is a line of names, any one of which will do (`photo|note`); each name is a piece that an event can have. What
is missing is named and the event is taken in all the same. The model is PagoPA SEND's list of required documents per
outcome of a legal notice; the needs are Circular 17/2017/TT-BTTTT, art. 5, and UPU EMSEVT's rule that a failed
delivery carries both a reason and an action. A province changes lines with a `[evidence]` table of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

from api.custody.custodian import parties
from api.custody.events import Event
from api.custody.pieces import Piece
from api.custody.scans import is_scans_only
from api.custody.vocabulary import EventType, Reason

Needs = tuple[str, ...]

OUTCOMES: Mapping[EventType, Needs] = MappingProxyType(
    {
        EventType.ACCEPT: (
            "party", "documents", "seal", "signature_theirs", "signature_ours", "receipt_no|nothing_paid",
        ),
        EventType.BAG: ("party", "bag_id", "seal", "count"),
        EventType.UNBAG: ("party", "bag_id", "seal", "count"),
        EventType.DEPART: ("run_id", "scanned|manifest_no|seal_intact"),
        EventType.ARRIVE: ("site_id", "scanned|manifest_no|seal_intact"),
        EventType.OUT: ("courier_id", "scanned"),
        EventType.HAND_AGENCY: (
            "party", "count", "signature_theirs", "signature_ours", "fee_dong", "slip_no|no_slip_reason",
            "appointment_on|no_slip_reason",
        ),
        EventType.COLLECT_RESULT: ("courier_id", "count", "signature_theirs", "signature_ours", "seal"),
        EventType.ATTEMPT: ("party", "reason", "action"),
        EventType.INVITE_1: ("party", "notice_no"),
        EventType.INVITE_2: ("party", "notice_no"),
        EventType.HOLD: ("party", "notice_no", "held_until"),
        EventType.DELIVER: (
            "party", "recipient_name", "relation", "id_kind", "id_digits", "signature_theirs|pin_sealed",
        ),
        EventType.RETURN_START: ("party", "legal_ground"),
        EventType.RETURN_DONE: ("party", "signature_theirs"),
        EventType.EXCEPTION: ("trouble", "photo|note"),
        EventType.CORRECT: ("who", "why", "replaces", "correction"),
    }
)  # fmt: skip

REASONS: Mapping[Reason, Needs] = MappingProxyType(
    {
        Reason.ABSENT: ("place", "photo|notice_no"),
        Reason.ADDRESS_INSUFFICIENT: ("place", "note"),
        Reason.MOVED: ("place", "note"),
        Reason.NOT_FOUND: ("place", "photo"),
        Reason.REFUSED: ("place", "signature_theirs|photo"),
        Reason.INVITED_NO_SHOW: ("notice_no",),
        Reason.IDENTITY_NOT_PROVEN: ("note",),
        Reason.FEE_NOT_PAID: ("fee_dong",),
        Reason.CLOSED: ("place", "photo"),
        Reason.LATER_REQUESTED: ("agreed_on",),
        Reason.IMPASSABLE: ("place", "photo|note"),
        Reason.NO_TIME: (),
        Reason.NOT_LOADED: (),
        Reason.SEAL_ALTERED: ("photo",),
        Reason.DAMAGED: ("photo",),
        Reason.AGENCY_NOT_READY: ("agreed_on",),
        Reason.DECEASED: ("note",),
        Reason.OTHER: ("note",),
    }
)
"""Of an `ATTEMPT`, by its reason, besides the reason and the action."""

NO_ATTEMPT: Final = frozenset({Reason.IMPASSABLE, Reason.NO_TIME})
"""Reasons that do not count as an attempt."""

OFFLINE: Mapping[EventType, Needs] = MappingProxyType({EventType.DELIVER: ("signature_theirs",)})
"""Besides, without a connection: a PIN cannot be checked at the door."""

REPLACING: Final[Needs] = ("why",)
"""Besides, of an event that replaces another."""

WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "party": ("bưu tá hoặc điểm đang giữ", "the courier or site that acts"),
        "courier_id": ("mã bưu tá", "the courier"),
        "site_id": ("mã điểm", "the site"),
        "run_id": ("mã chuyến thư", "the run of the line"),
        "scan": ("bản quét giấy tờ", "a scan of the papers"),
        "documents": ("danh mục giấy tờ (bản chính, bản sao)", "the list of papers (original, copy)"),
        "seal": ("số niêm phong", "the seal"),
        "signature_theirs": ("chữ ký của bên kia", "the other party's signature"),
        "signature_ours": ("chữ ký của bưu điện", "the post's signature"),
        "receipt_no": ("số biên lai thu phí", "the fee receipt"),
        "nothing_paid": ("lệ phí và cước đều bằng 0", "both the fee and the postage are 0"),
        "bag_id": ("số túi", "the bag"),
        "count": ("số lượng đã đếm", "the count"),
        "scanned": ("quét từng bưu gửi", "a scan of every shipment"),
        "manifest_no": ("số bản kê", "the manifest"),
        "seal_intact": ("kiểm tra niêm phong", "a look at the seal"),
        "fee_dong": ("số tiền lệ phí", "the fee"),
        "slip_no": ("số giấy hẹn", "the appointment slip"),
        "appointment_on": ("ngày hẹn trả", "the appointment date"),
        "no_slip_reason": ("lý do không có giấy hẹn", "why there is no slip"),
        "reason": ("lý do", "the reason"),
        "action": ("cách xử lý", "the action taken"),
        "place": ("vị trí", "the place"),
        "photo": ("ảnh chụp", "a photograph"),
        "note": ("ghi chú", "a note"),
        "notice_no": ("số giấy mời", "the notice"),
        "agreed_on": ("ngày hẹn lại", "the day agreed on"),
        "held_until": ("hạn lưu giữ", "the date until which it is held"),
        "recipient_name": ("họ tên người nhận", "the recipient's name"),
        "relation": ("quan hệ với người nhận", "the relation to the addressee"),
        "id_kind": ("loại giấy tờ tùy thân", "the kind of ID"),
        "id_digits": ("các số cuối của giấy tờ tùy thân", "the last digits of the ID"),
        "pin_sealed": ("mã PIN", "the PIN"),
        "legal_ground": ("căn cứ chuyển hoàn", "the legal ground"),
        "trouble": ("loại sự cố", "the kind of trouble"),
        "who": ("người đính chính", "who corrects"),
        "why": ("lý do đính chính", "why it is corrected"),
        "replaces": ("sự kiện bị thay thế", "the event that is replaced"),
        "correction": ("loại đính chính", "the kind of correction"),
    }
)
"""Every piece that a table may ask for, in Vietnamese and English."""


def _has_value(name: str) -> Callable[[Event], bool]:
    def has(event: Event) -> bool:
        value = getattr(event.data, name, None)
        return value is not None and value not in ("", ())

    return has


def _paid(event: Event) -> tuple[int | None, int | None]:
    return getattr(event.data, "fee_dong", None), getattr(event.data, "postage_dong", None)


def _has_scan(event: Event) -> bool:
    """A file that is no signature."""
    signatures = {getattr(event.data, "signature_theirs", None), getattr(event.data, "signature_ours", None)}
    return bool(set(event.evidence) - signatures)


_HAS: Final[Mapping[str, Callable[[Event], bool]]] = {
    **{name: _has_value(name) for name in WORDS},
    "party": lambda event: bool(parties(event)),
    "photo": lambda event: bool(event.data.photos),
    "place": lambda event: event.place is not None,
    "replaces": lambda event: event.replaces is not None,
    "scanned": lambda event: set(getattr(event.data, "scanned", None) or ()) >= set(event.shipments),
    "scan": _has_scan,
    "nothing_paid": lambda event: _paid(event) == (0, 0),
}


@dataclass(frozen=True, slots=True)
class EvidenceRules:
    """The table in force in a province."""

    outcomes: Mapping[EventType, Needs] = field(default_factory=lambda: OUTCOMES)
    reasons: Mapping[Reason, Needs] = field(default_factory=lambda: REASONS)

    def __post_init__(self) -> None:
        for needs in (*self.outcomes.values(), *self.reasons.values()):
            for name in "|".join(needs).split("|") if needs else ():
                if name not in WORDS:
                    raise ValueError(f"no event has a piece called {name!r}")

    @property
    def scans_only(self) -> Needs:
        """Of an `ACCEPT` of scans only, instead of its line: no envelope is sealed, and there is a scan."""
        return (*(need for need in self.outcomes[EventType.ACCEPT] if need != "seal"), "scan")

    def changed(self, table: Mapping[str, Any]) -> EvidenceRules:
        """
        These rules with a province's own lines in their place.

        Parameters
        ----------
        table
            `{"outcomes": {"DELIVER": ["recipient_name", ...]}, "reasons": {"absent": [...]}}`.

        Raises
        ------
        ValueError
            When it names a type, reason or piece that does not exist.
        """
        outcomes = {EventType(kind): tuple(needs) for kind, needs in table.get("outcomes", {}).items()}
        reasons = {Reason(reason): tuple(needs) for reason, needs in table.get("reasons", {}).items()}
        return replace(self, outcomes={**self.outcomes, **outcomes}, reasons={**self.reasons, **reasons})

    def missing(self, event: Event) -> tuple[Piece, ...]:
        """Name every piece that an event lacks to be complete, in the order of the table."""
        lacks = [need for need in self._needs(event) if not any(_HAS[name](event) for name in need.split("|"))]
        return tuple(_piece(need) for need in dict.fromkeys(lacks))

    def _needs(self, event: Event) -> Needs:
        needs = self.scans_only if is_scans_only(event) else self.outcomes[event.type]
        reason = getattr(event.data, "reason", None)
        if reason is not None:
            needs += self.reasons[reason]
        if event.offline:
            needs += OFFLINE.get(event.type, ())
        if event.replaces is not None:
            needs += REPLACING
        return needs


def counts_as_attempt(reason: Reason) -> bool:
    """Whether an attempt that failed for a reason is one."""
    return reason not in NO_ATTEMPT


def named_files(event: Event) -> tuple[str, ...]:
    """Every file that an event speaks of: as evidence, as a signature, as a photograph."""
    data, declared = event.data, type(event.data).model_fields
    # What a type does not declare may be anything, under whatever name.
    signatures = (getattr(data, name) for name in ("signature_theirs", "signature_ours") if name in declared)
    named = (*event.evidence, *(name for name in signatures if name), *(data.photos or ()))
    return tuple(dict.fromkeys(named))


def _piece(need: str) -> Piece:
    words = [WORDS[name] for name in need.split("|")]
    vi, en = (" hoặc ".join(word[0] for word in words), " or ".join(word[1] for word in words))
    return Piece(f"missing_{need.replace('|', '_or_')}", f"Thiếu {vi}.", f"Missing: {en}.")
