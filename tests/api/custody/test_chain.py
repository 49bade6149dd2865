"""Canonical records and their hash chain, computed by hand."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.custody.chain import canonical, first_hash, record_hash

KEYS = st.text(st.characters(max_codepoint=126, min_codepoint=32), max_size=6)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


def test_a_record_is_written_in_order_and_without_space() -> None:
    written = canonical({"type": "ACCEPT", "at": "2026-11-20T08:00:00+07:00", "pieces": 3, "shipments": ["Đơn\n"]})
    expected = '{"at":"2026-11-20T08:00:00+07:00","pieces":3,"shipments":["Đơn\\n"],"type":"ACCEPT"}'
    assert written == expected.encode()


@given(record=st.dictionaries(KEYS, PLAIN, max_size=4))
def test_any_plain_json_writer_gives_the_canonical_bytes(record: dict[str, Any]) -> None:
    plain = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert canonical(record) == plain.encode()


@pytest.mark.parametrize("bad", [1.5, [{"a": 0.1}], {"khoá": 1}, 2**53 + 1, "\ud800"], ids=repr)
def test_what_programs_write_differently_is_refused(bad: Any) -> None:
    with pytest.raises(ValueError):
        canonical({"data": bad})


def test_the_chain_is_what_its_description_says() -> None:
    before = sha256(b"duongthu/ledger/v1/origin\nledger.example/vn").digest()
    assert first_hash("ledger.example/vn") == before
    assert record_hash(before, b"{}") == sha256(b"duongthu/ledger/v1/record\n" + before + b"{}").digest()
    with pytest.raises(ValueError, match="32 bytes"):
        record_hash(b"short", b"{}")
