"""Each outcome with every piece is complete; without any one of them, that one is named."""

from __future__ import annotations

from typing import Any

import pytest

from api.custody.evidence_rules import OUTCOMES, REASONS, WORDS, EvidenceRules, counts_as_attempt, named_files
from api.custody.vocabulary import EventType, Reason
from tests.api.custody.made import OURS, PHOTO, PLACE, THEIRS, event, event_id

RULES = EvidenceRules()
BOTH = {"signature_theirs": THEIRS, "signature_ours": OURS}

COMPLETE: dict[str, dict[str, Any]] = {
    "ACCEPT": {
        "courier_id": "BT-01", "documents": [{"name": "Đơn đề nghị", "kind": "original", "count": 1}], "seal": "N1",
        "receipt_no": "BL-7", **BOTH,
    },
    "BAG": {"site_id": "BC-LX", "bag_id": "T1", "seal": "N2", "count": 3},
    "UNBAG": {"site_id": "BC-LX", "bag_id": "T1", "seal": "N2", "count": 3},
    "DEPART": {"run_id": "L1/1", "manifest_no": "K1"},
    "ARRIVE": {"site_id": "BC-LX", "seal_intact": True},
    "OUT": {"courier_id": "BT-01", "scanned": ["S1"]},
    "HAND_AGENCY": {
        "courier_id": "BT-01", "count": 4, "fee_dong": 0, "slip_no": "H1", "appointment_on": "2026-12-20", **BOTH,
    },
    "COLLECT_RESULT": {"courier_id": "BT-01", "count": 1, "seal": "N3", **BOTH},
    "ATTEMPT": {"courier_id": "BT-01", "reason": "no_time", "action": "try_again"},
    "INVITE_1": {"site_id": "BC-LX", "notice_no": "M1"},
    "INVITE_2": {"site_id": "BC-LX", "notice_no": "M2"},
    "HOLD": {"site_id": "BC-LX", "notice_no": "M2", "held_until": "2026-12-22"},
    "DELIVER": {
        "courier_id": "BT-01", "recipient_name": "Nguyễn Văn A", "relation": "self", "id_kind": "vneid",
        "id_digits": "1234", "signature_theirs": THEIRS,
    },
    "RETURN_START": {"site_id": "BC-LX", "legal_ground": "17.1.d"},
    "RETURN_DONE": {"courier_id": "BT-01", "signature_theirs": THEIRS},
    "EXCEPTION": {"trouble": "damaged", "photos": [PHOTO]},
    "CORRECT": {"who": "U1", "why": "nhầm mã", "correction": "did_not_occur"},
}  # fmt: skip
"""By hand from the table of the design."""

BY_REASON: dict[str, dict[str, Any]] = {
    "absent": {"place": PLACE, "notice_no": "M1"},
    "address_insufficient": {"place": PLACE, "note": "thiếu số nhà"},
    "moved": {"place": PLACE, "note": "hàng xóm nói"},
    "not_found": {"place": PLACE, "photos": [PHOTO]},
    "refused": {"place": PLACE, "signature_theirs": THEIRS},
    "invited_no_show": {"notice_no": "M2"},
    "identity_not_proven": {"note": "không có giấy tờ"},
    "fee_not_paid": {"fee_dong": 25_000},
    "closed": {"place": PLACE, "photos": [PHOTO]},
    "later_requested": {"agreed_on": "2026-12-09"},
    "impassable": {"place": PLACE, "note": "ngập"},
    "no_time": {},
    "not_loaded": {},
    "seal_altered": {"photos": [PHOTO]},
    "damaged": {"photos": [PHOTO]},
    "agency_not_ready": {"agreed_on": "2026-12-09"},
    "deceased": {"note": "gia đình báo"},
    "other": {"note": "chó dữ"},
}

ASKED = {
    "photos": "photo", "manifest_no": "scanned_or_manifest_no_or_seal_intact",
    "seal_intact": "scanned_or_manifest_no_or_seal_intact",
}  # fmt: skip
"""The need behind a piece, where it is not its own name."""


def missing(kind: str, data: dict[str, Any], rules: EvidenceRules = RULES, **fields: Any) -> list[str]:
    if kind == "CORRECT":
        fields.setdefault("replaces", event_id(7))
    return [piece.code.removeprefix("missing_") for piece in rules.missing(event(1, kind, data=data, **fields))]


def test_the_tables_are_whole() -> None:
    assert set(OUTCOMES) == set(COMPLETE) == set(EventType)
    assert set(REASONS) == set(BY_REASON) == set(Reason)


@pytest.mark.parametrize("kind", list(COMPLETE))
def test_an_outcome_with_every_piece_is_complete(kind: str) -> None:
    assert missing(kind, COMPLETE[kind]) == []


@pytest.mark.parametrize(("kind", "piece"), [(kind, piece) for kind, data in COMPLETE.items() for piece in data])
def test_each_piece_that_is_gone_is_named(kind: str, piece: str) -> None:
    found = missing(kind, {name: value for name, value in COMPLETE[kind].items() if name != piece})
    assert len(found) >= 1
    asked = ASKED.get(piece, piece)
    is_party = piece in ("courier_id", "site_id") and "party" in OUTCOMES[EventType(kind)]
    assert all("party" in need if is_party else asked in need.split("_or_") or asked == need for need in found)


def test_an_outcome_without_anything_lacks_everything() -> None:
    for kind, needs in OUTCOMES.items():
        lacks = missing(kind, {}, replaces=None)
        assert lacks == [need.replace("|", "_or_") for need in needs]


def _attempt(reason: str) -> tuple[dict[str, Any], dict[str, Any]]:
    pieces = dict(BY_REASON[reason])
    place = {"place": pieces.pop("place")} if "place" in pieces else {}
    return {**COMPLETE["ATTEMPT"], "reason": reason, **pieces}, place


@pytest.mark.parametrize("reason", list(BY_REASON))
def test_each_reason_demands_its_own_pieces(reason: str) -> None:
    data, place = _attempt(reason)
    assert missing("ATTEMPT", data, **place) == []
    bare = {name: COMPLETE["ATTEMPT"][name] for name in ("courier_id", "action")}
    assert missing("ATTEMPT", {**bare, "reason": reason}) == [n.replace("|", "_or_") for n in REASONS[Reason(reason)]]
    assert missing("ATTEMPT", {name: data[name] for name in data if name != "action"}, **place) == ["action"]


@pytest.mark.parametrize(("reason", "piece"), [(reason, piece) for reason, data in BY_REASON.items() for piece in data])
def test_each_piece_of_a_reason_that_is_gone_is_named(reason: str, piece: str) -> None:
    data, place = _attempt(reason)
    data.pop(piece, None)
    place.pop(piece, None)
    (found,) = missing("ATTEMPT", data, **place)
    assert ASKED.get(piece, piece) in found


def test_only_impassable_and_no_time_are_no_attempts() -> None:
    assert {reason.value for reason in Reason if not counts_as_attempt(reason)} == {"impassable", "no_time"}


@pytest.mark.parametrize("pieces", [{"manifest_no": "K1"}, {"seal_intact": False}, {"scanned": ["S2", "S1"]}])
def test_any_of_several_pieces_will_do(pieces: dict[str, Any]) -> None:
    assert missing("DEPART", {"run_id": "L1/1", **pieces}) == []


def test_where_nothing_is_paid_there_is_no_receipt() -> None:
    data = {name: value for name, value in COMPLETE["ACCEPT"].items() if name != "receipt_no"}
    assert missing("ACCEPT", {**data, "fee_dong": 0, "postage_dong": 0}) == []
    assert missing("ACCEPT", {**data, "fee_dong": 0}) == ["receipt_no_or_nothing_paid"]
    assert missing("ACCEPT", {**data, "fee_dong": 0, "postage_dong": 25_000}) == ["receipt_no_or_nothing_paid"]


def test_a_scan_is_of_every_shipment() -> None:
    assert missing("OUT", {"courier_id": "C1", "scanned": ["S1"]}, shipments=["S1", "S2"]) == ["scanned"]


def test_a_pin_will_do_at_the_door_but_not_without_a_connection() -> None:
    data = {name: value for name, value in COMPLETE["DELIVER"].items() if name != "signature_theirs"}
    data["pin_sealed"] = "AAAA"
    assert missing("DELIVER", data) == []
    assert missing("DELIVER", data, offline=True) == ["signature_theirs"]
    assert missing("DELIVER", COMPLETE["DELIVER"], offline=True) == []


def test_an_event_that_replaces_another_says_why() -> None:
    assert missing("BAG", COMPLETE["BAG"], replaces=event_id(7)) == ["why"]


def test_a_transfer_without_a_slip_says_why() -> None:
    data = {name: value for name, value in COMPLETE["HAND_AGENCY"].items() if name not in ("slip_no", "appointment_on")}
    assert missing("HAND_AGENCY", {**data, "no_slip_reason": "luân chuyển nội bộ"}) == []


def test_a_province_changes_lines_by_data() -> None:
    rules = RULES.changed({"outcomes": {"BAG": ["bag_id"]}, "reasons": {"absent": ["photo"]}})
    assert missing("BAG", {}, rules) == ["bag_id"]
    assert missing("ATTEMPT", {**COMPLETE["ATTEMPT"], "reason": "absent"}, rules) == ["photo"]
    assert missing("UNBAG", COMPLETE["UNBAG"], rules) == []


@pytest.mark.parametrize(
    "table", [{"outcomes": {"LOSE": []}}, {"reasons": {"bored": []}}, {"outcomes": {"BAG": ["bag_id|luck"]}}]
)
def test_what_does_not_exist_is_no_rule(table: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        RULES.changed(table)


def test_every_piece_has_words_in_both_languages() -> None:
    for kind in EventType:
        for piece in RULES.missing(event(1, kind)):
            assert piece.message_vi.startswith("Thiếu ")
            assert piece.message_en.startswith("Missing: ")
    assert all(vi and en for vi, en in WORDS.values())


def test_every_file_that_an_event_speaks_of_is_found() -> None:
    data = {"photos": [PHOTO], "signature_theirs": THEIRS}
    assert set(named_files(event(1, "DELIVER", data=data, evidence=["dd" * 32]))) == {PHOTO, THEIRS, "dd" * 32}


@pytest.mark.parametrize("kind", ["ARRIVE", "OUT", "DEPART"])
def test_the_handwriting_of_a_hand_in_is_a_file_that_is_asked_for(kind: str) -> None:
    assert named_files(event(1, kind, data={**COMPLETE[kind], **BOTH})) == (THEIRS, OURS)


def test_what_a_type_does_not_declare_names_no_file() -> None:
    """It may be anything at all, under whatever name."""
    odd = {"signature_theirs": {"any": ["thing"]}, "signature_ours": 7}
    assert named_files(event(1, "INVITE_1", data={"site_id": "B1", **odd})) == ()
