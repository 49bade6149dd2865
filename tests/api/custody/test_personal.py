"""Personal data lie apart, prove themselves, and can be erased without a trace in the chain."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from api.custody.events import read_event
from api.custody.evidence_rules import OUTCOMES
from api.custody.ordering import Fact
from api.custody.personal import Disclosure, commitment, disclosures, join, recall, split
from api.custody.replay import replay
from api.custody.signing import is_signed, signed_bytes
from tests.api.custody.made import OURS, PHOTO, PLACE, PUBLIC_KEY, THEIRS, event_id, signed_event
from tests.api.custody.test_evidence_rules import COMPLETE

SECRETS = {
    "recipient_name": "Nguyễn Văn Ẩn", "id_digits": "7391", "note": "gọi 0912345678", "signature_theirs": THEIRS,
    "photos": [PHOTO], "fee_dong": 25_731, "weather": {"phone": "0987654321"},
}  # fmt: skip


def delivery() -> dict[str, Any]:
    data = {**COMPLETE["DELIVER"], **SECRETS, "receipt_no": "BL-9"}
    return signed_event(4, "DELIVER", data=data, place=PLACE, evidence=[PHOTO, THEIRS], stop="12")


def chained(records: list[dict[str, Any]]) -> str:
    """A chain, as plain as can be."""
    hashed = b""
    for record in records:
        hashed = sha256(hashed + rfc8785.dumps(record)).digest()
    return hashed.hex()


def test_a_commitment_is_what_it_says() -> None:
    """The value is public: `printf '\\x00…\\x0f"1234"' | sha256sum`, that is, sixteen bytes and the JSON text."""
    salt = bytes(range(16))
    assert commitment("1234", salt.hex()) == sha256(salt + b'"1234"').hexdigest()
    assert commitment({"b": 1, "a": [None]}, salt.hex()) == sha256(salt + b'{"a":[null],"b":1}').hexdigest()


def test_a_salt_of_another_length_is_none() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        commitment("1234", "00" * 15)


def test_the_record_holds_nothing_personal() -> None:
    event = delivery()
    text = json.dumps(split(event).record, ensure_ascii=False)
    for secret in ("Ẩn", "7391", "0912345678", "0987654321", "25731", "105.78", PHOTO, THEIRS, event["signature"]):
        assert secret not in text
    for code in (event_id(4), "DELIVER", "S1", "BT-01", "BL-9", "D1", "12"):
        assert f'"{code}"' in text


@pytest.mark.parametrize("kind", list(OUTCOMES))
def test_both_parts_make_the_event_again(kind: str) -> None:
    event = signed_event(1, kind, data=COMPLETE[kind], place=PLACE, follows=event_id(8))
    parts = split(event)
    assert join(parts.record, parts.personal) == event
    assert is_signed(signed_bytes(join(parts.record, parts.personal)), event["signature"], PUBLIC_KEY)


def test_a_public_name_of_another_type_is_personal() -> None:
    """Nobody has checked what a `seal` of an ATTEMPT looks like."""
    parts = split(signed_event(1, "ATTEMPT", data={"seal": "Nguyễn Văn Ẩn", "reason": "absent"}))
    assert parts.record["data"] == {"reason": "absent"}
    assert parts.personal["data.*"]["value"] == {"seal": "Nguyễn Văn Ẩn"}


def test_the_signatures_of_a_hand_in_lie_apart_each_under_its_own_name() -> None:
    signed = {"signature_theirs": THEIRS, "signature_ours": OURS}
    parts = split(signed_event(1, "ARRIVE", data={**COMPLETE["ARRIVE"], **signed}))
    assert THEIRS not in json.dumps(parts.record)
    assert OURS not in json.dumps(parts.record)
    assert {name: parts.personal[f"data.{name}"]["value"] for name in signed} == signed
    assert "data.*" not in parts.record["commitments"]


def test_the_name_of_an_unknown_field_is_personal_too() -> None:
    parts = split(signed_event(1, "ATTEMPT", data={"điện thoại 0912345678": True}))
    assert "0912345678" not in json.dumps(parts.record, ensure_ascii=False)


def test_every_field_proves_itself_and_no_other() -> None:
    parts = split(delivery())
    assert set(disclosures(parts.record, parts.personal).values()) == {Disclosure.VERIFIED}
    for path, field in parts.personal.items():
        for altered in ({**field, "value": "another"}, {**field, "salt": "00" * 16}):
            found = disclosures(parts.record, {**parts.personal, path: altered})  # type: ignore[dict-item]
            assert {name for name, state in found.items() if state is Disclosure.ALTERED} == {path}


def test_what_the_record_does_not_know_is_not_believed() -> None:
    parts = split(signed_event(1, "OUT"))
    more = {**parts.personal, "data.note": {"value": "x", "salt": "00" * 16}}
    assert disclosures(parts.record, more)["data.note"] is Disclosure.UNCOMMITTED  # type: ignore[arg-type]


def test_after_erasure_the_chain_verifies_and_says_so() -> None:
    parts = [split(signed_event(1, "OUT")), split(delivery())]
    head = chained([part.record for part in parts])
    for part in parts:
        part.personal.clear()
    assert chained([part.record for part in parts]) == head
    found = disclosures(parts[1].record, parts[1].personal)
    assert set(found.values()) == {Disclosure.ERASED}
    assert {"data.recipient_name", "data.id_digits", "place", "evidence", "signature"} <= set(found)
    assert (found["place"], found["place"].message_vi) == ("erased by retention", "đã xóa theo thời hạn lưu trữ")


@pytest.mark.parametrize("kind", list(OUTCOMES))
def test_custody_is_the_same_after_erasure(kind: str) -> None:
    events = [signed_event(1, "ACCEPT", data=COMPLETE["ACCEPT"]), signed_event(2, kind, data=COMPLETE[kind], minute=5)]
    before = replay(Fact(read_event(event)) for event in events)
    after = replay(Fact(recall(split(event).record)) for event in events)
    assert [(step.at, step.holder, step.contradictions) for step in after.steps] == [
        (step.at, step.holder, step.contradictions) for step in before.steps
    ]


def test_the_same_value_is_committed_to_differently_each_time() -> None:
    event = delivery()
    first, second = split(event).record["commitments"], split(event).record["commitments"]
    assert all(first[path] != second[path] for path in first)
    salts = [field["salt"] for field in split(event).personal.values()]
    assert len(set(salts)) == len(salts)


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["note2", "x", "y.z"]), _JSON))
def test_whatever_data_says_is_kept(more: dict[str, Any]) -> None:
    event = signed_event(1, "DELIVER", data=more)
    parts = split(event)
    assert join(parts.record, parts.personal) == event
    assert set(disclosures(parts.record, parts.personal).values()) <= {Disclosure.VERIFIED}
