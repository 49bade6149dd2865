"""An exported ledger: what a witness saw verifies, and nothing else does."""

from __future__ import annotations

import json
from hashlib import sha256
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.custody.broken import BrokenLedgerError
from api.custody.chain import record_hash
from api.custody.checkpoint import Checkpoint, parse_head
from api.custody.exported import write_export
from api.custody.verifying import Verified, is_canonical, verify_export
from tests.api.custody.ledgers import LOG, ORIGIN, content, exported, head_of

RECORDS = [content(seq) for seq in range(5)]
HEADS = [head_of(RECORDS[:3]), head_of(RECORDS)]
GOOD = exported(RECORDS, HEADS)
HEAD = parse_head(HEADS[1].write(), LOG.verifier)


def verify(written: bytes, head: Checkpoint | None = HEAD) -> Verified:
    return verify_export(BytesIO(written), head, LOG.verifier)


def said(written: bytes, head: Checkpoint | None = HEAD) -> str:
    with pytest.raises(BrokenLedgerError) as caught:
        verify(written, head)
    return caught.value.message_en


def test_the_file_is_what_its_description_says() -> None:
    lines = GOOD.splitlines(keepends=True)
    assert json.loads(lines[0]) == {"format": "duongthu-ledger-1", "origin": ORIGIN}
    before = sha256(b"duongthu/ledger/v1/origin\n" + ORIGIN.encode()).hexdigest()
    for seq, line in enumerate([*lines[1:4], *lines[5:7]]):
        found = json.loads(line)
        assert (found["seq"], found["prev_hash"]) == (seq, before)
        assert found["record"] == json.loads(RECORDS[seq])
        assert found["hash"] == record_hash(bytes.fromhex(before), RECORDS[seq]).hex()
        before = found["hash"]
    assert json.loads(lines[4]) == {"checkpoint": HEADS[0].write()}
    rest = sha256(lines[0] + lines[4] + lines[7]).hexdigest()
    assert json.loads(lines[8]) == {"end": rest, "records": 5}


def test_a_good_ledger_verifies() -> None:
    found = verify(GOOD)
    assert (found.origin, found.size, found.root, found.proved) == (ORIGIN, 5, HEAD.root, 5)
    assert found.heads == tuple(HEADS)
    assert verify(GOOD, None).proved is None
    assert verify(GOOD, parse_head(HEADS[0].write())).proved == 3
    empty = head_of([])
    assert verify(exported([], [empty]), parse_head(empty.write())).size == 0


@pytest.mark.slow
def test_every_change_of_every_byte_is_seen() -> None:
    """Exhaustive over places; three other values of each byte, its removal, its doubling and the file's end there."""
    for at in range(len(GOOD)):
        for value in {GOOD[at] ^ 1, GOOD[at] ^ 0x20, 10} - {GOOD[at]}:
            said(GOOD[:at] + bytes([value]) + GOOD[at + 1 :])
        said(GOOD[:at])
        said(GOOD[:at] + GOOD[at : at + 1] + GOOD[at:])
        said(GOOD[:at] + GOOD[at + 1 :])
    said(GOOD + b"\n")


@given(at=st.integers(0, len(GOOD) - 1), value=st.integers(1, 255))
def test_any_changed_byte_is_seen(at: int, value: int) -> None:
    said(GOOD[:at] + bytes([GOOD[at] ^ value]) + GOOD[at + 1 :])


@given(order=st.lists(st.integers(0, 6), min_size=0, max_size=7))
def test_any_other_selection_of_records_is_seen(order: list[int]) -> None:
    """Removed, doubled, inserted, moved, and the whole chain computed anew by a forger without the key."""
    chosen = [content(seq) for seq in order]
    if chosen[:5] == RECORDS:
        assert verify(exported(chosen)).proved == 5
    else:
        said(exported(chosen))


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ((0, 1, 3), "Record 1 does not carry this number."),
        ((0, 2, 1, 3), "Record 0 does not carry this number."),
        ((0, 1, 1), "Record 1 does not carry this number."),
        ((1, 2), "The first line is not of duongthu-ledger-1."),
        ((0, 1, 2), "The ledger ends after 2 records; the witnessed head has 5."),
        ((0, 1, 2, 3, 5, 6), "After 5 records, the next line or the end of the ledger is wrong or missing."),
        ((0, 1, 2, 3, 5, 6, 8), "After 5 records, the next line or the end of the ledger is wrong or missing."),
        ((0, 1, 4), "Record 0 does not agree with the head written after it."),
    ],
)
def test_what_is_wrong_is_named(lines: tuple[int, ...], message: str) -> None:
    every = GOOD.splitlines(keepends=True)
    assert said(b"".join(every[line] for line in lines)) == message


def test_what_is_wrong_inside_a_record_is_named() -> None:
    assert said(GOOD.replace(b'"type":"BAG"', b'"type":"BAD"')) == "Record 3 does not agree with its own hash."
    forged = exported([*RECORDS[:4], RECORDS[4].replace(b"BAG", b"OUT")])
    assert said(forged) == "The first 5 records are not those that were witnessed."
    assert "Record 1 is not in canonical form" in said(exported([RECORDS[0], b'{"b":1,"a":2}']), None)
    other = said(GOOD, Checkpoint("other.example", 5, HEAD.root))
    assert other == f"It is of {ORIGIN}, not other.example."


def test_a_record_that_follows_another_is_named() -> None:
    moved = exported([RECORDS[1], RECORDS[0], *RECORDS[2:]]).splitlines(keepends=True)
    every = GOOD.splitlines(keepends=True)
    assert said(b"".join([*every[:3], moved[3]])).startswith("Record 2 does not follow the one before it")


@pytest.mark.parametrize(
    "written",
    [b'{"a": 1}', b'{"a":1.0}', b'{"a":NaN}', b'{"a":1,"a":1}', b'{"a":-0}', b"[]", b'{"a":"\\u0041"}', b'{"a":"\xff"}',
     b'{"a":"\\ud800"}', b"{" * 100_000],
    ids=range(10),
)  # fmt: skip
def test_what_is_not_canonical_is_known(written: bytes) -> None:
    assert not is_canonical(written)


def test_a_head_larger_than_the_ledger_is_not_exported() -> None:
    with pytest.raises(ValueError, match="larger than the ledger of 4"):
        write_export(BytesIO(), ORIGIN, RECORDS[:4], HEADS)
