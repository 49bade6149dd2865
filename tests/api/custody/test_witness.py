"""A witness signs what grew and refuses what shrank, forked or was not proved."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.custody.broken import BrokenLedgerError
from api.custody.notes import SigningKey
from api.custody.tree import leaf_hash
from api.custody.witness import Request, Witness, prove_growth, read_request
from tests.api.custody.ledgers import LOG, SEEN_AT, WITNESS, content, head_of

RECORDS = [content(seq) for seq in range(9)]
FORK = [*RECORDS[:2], content(77), *RECORDS[3:]]


def asked(old: int, records: list[bytes]) -> Request:
    return prove_growth([leaf_hash(record) for record in records], old, head_of(records))


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    found = Witness(WITNESS, LOG.verifier, tmp_path / "seen")
    found.cosign(asked(0, RECORDS[:3]), SEEN_AT)
    return found


def test_growth_is_signed_and_remembered(witness: Witness) -> None:
    for size in (5, 5, 9):
        request = read_request(asked(witness.last().size, RECORDS[:size]).write())
        signed = witness.cosign(request, SEEN_AT + size)
        assert witness.last().size == size
        assert signed.signatures[-1].seen_at() == SEEN_AT + size
        assert signed.signatures[-1].holds(WITNESS.verifier, signed.text)


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (asked(0, RECORDS[:2]), "The ledger shrank: 3 records were witnessed, now there are 2."),
        (asked(0, RECORDS), "The proof begins at 0 records; the head witnessed last has 3."),
        (asked(3, FORK), "The 3 records witnessed last are not all in this ledger as they were."),
        (asked(3, FORK[:3]), "The 3 records witnessed last are not all in this ledger as they were."),
        (Request(3, (), head_of(RECORDS)), "The 3 records witnessed last are not all in this ledger as they were."),
    ],
    ids=["shrunk", "old", "fork", "same size", "no proof"],
)
def test_anything_else_is_refused_and_not_remembered(witness: Witness, request_: Request, message: str) -> None:
    with pytest.raises(BrokenLedgerError) as caught:
        witness.cosign(request_, SEEN_AT)
    assert caught.value.message_en == message
    assert witness.last().size == 3


def test_a_head_that_the_ledger_did_not_sign_is_refused(tmp_path: Path) -> None:
    witness = Witness(WITNESS, SigningKey.generate(LOG.name).verifier, tmp_path / "seen")
    with pytest.raises(BrokenLedgerError, match="no signature"):
        witness.cosign(asked(0, RECORDS), SEEN_AT)
    assert not witness.memory.exists()


@pytest.mark.parametrize(
    "written", ["", "old 3\n", "old x\n\n", "old 03\n\n{head}", "new 3\n\n{head}", "old 3\nAA\n\n{head}"]
)
def test_a_malformed_request_is_refused(written: str) -> None:
    with pytest.raises(BrokenLedgerError):
        read_request(written.format(head=head_of(RECORDS).write()))
