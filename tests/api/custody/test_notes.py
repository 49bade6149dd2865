"""Signed notes and checkpoints: published vectors, strict reading, and every changed character."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from api.custody.broken import BrokenLedgerError
from api.custody.checkpoint import Checkpoint, parse_head
from api.custody.notes import Algorithm, SigningKey, VerifierKey, known_signers, read_note

# golang.org/x/mod/sumdb/note, example_test.go and note_test.go.
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NEUMANN_PRIVATE = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
NEUMANN_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
ENOCH_LINE = (
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
)
ORIGIN = "ledger.example/an-giang"
ROOT = bytes(range(32))


@pytest.fixture(scope="module")
def key() -> SigningKey:
    return SigningKey.generate(ORIGIN)


def test_published_note_verifies_and_is_signed_again() -> None:
    note = read_note(f"{TEXT}\n{NEUMANN_LINE}{ENOCH_LINE}")
    neumann, enoch = VerifierKey.parse(NEUMANN), VerifierKey.parse(ENOCH)
    assert known_signers(note, [neumann, enoch]) == [neumann, enoch]
    signing = SigningKey.parse(NEUMANN_PRIVATE)
    assert signing.verifier.text == NEUMANN
    assert signing.sign(TEXT).line == NEUMANN_LINE
    assert note.write() == f"{TEXT}\n{NEUMANN_LINE}{ENOCH_LINE}"


def test_a_cosignature_covers_the_time(key: SigningKey) -> None:
    witness = SigningKey.generate("witness.example", Algorithm.COSIGNATURE)
    note = Checkpoint(ORIGIN, 3, ROOT).signed(key).signed(witness, 1_700_000_000)
    signature = note.require(witness.verifier)
    assert signature.seen_at() == 1_700_000_000
    covered = f"cosignature/v1\ntime 1700000000\n{ORIGIN}\n3\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
    witness.private.public_key().verify(signature.content[8:], covered.encode())
    assert parse_head(note.write(), key.verifier) == Checkpoint(ORIGIN, 3, ROOT)
    with pytest.raises(ValueError, match="time"):
        witness.sign(note.text)


def test_every_changed_byte_of_a_head_is_seen(key: SigningKey) -> None:
    witness = SigningKey.generate("witness.example", Algorithm.COSIGNATURE)
    written = Checkpoint(ORIGIN, 300, ROOT).signed(key).signed(witness, 1_700_000_000).write()
    for at in range(len(written)):
        for letter in {"A", "\n", " ", "1", chr(ord(written[at]) ^ 1)} - {written[at]}:
            with pytest.raises(BrokenLedgerError):
                both_sign(written[:at] + letter + written[at + 1 :], key, witness)
        with pytest.raises(BrokenLedgerError):
            both_sign(written[:at] + written[at + 1 :], key, witness)


def both_sign(written: str, key: SigningKey, witness: SigningKey) -> None:
    parse_head(written, key.verifier)
    read_note(written).require(witness.verifier)


@pytest.mark.parametrize(
    "text",
    [
        "o\n01\n{root}\n", "o\n-1\n{root}\n", "o\n١\n{root}\n", "o\n1\nAAAA\n", "\n1\n{root}\n", "o\n1\n",
        "o p\n1\n{root}\n", "o\n1\n{root}\n\n",
    ],
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(BrokenLedgerError):
        Checkpoint.parse(text.format(root="A" * 43 + "="))


def test_a_key_of_another_ledger_is_named(key: SigningKey) -> None:
    other = SigningKey.generate("other.example")
    written = Checkpoint(ORIGIN, 3, ROOT).signed(key).write()
    with pytest.raises(BrokenLedgerError, match=r"of ledger.example/an-giang, the key of other.example"):
        parse_head(written, other.verifier)
    with pytest.raises(BrokenLedgerError, match="no signature"):
        parse_head(written, SigningKey.generate(ORIGIN).verifier)
    with pytest.raises(ValueError, match="cannot sign"):
        Checkpoint(ORIGIN, 3, ROOT).signed(other)


def test_a_private_key_is_for_its_owner_only_and_never_overwritten(tmp_path: Path, key: SigningKey) -> None:
    path = tmp_path / "key"
    key.save(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert SigningKey.load(path).verifier == key.verifier
    with pytest.raises(FileExistsError):
        key.save(path)


@pytest.mark.parametrize("at", range(len(NEUMANN)))
def test_every_changed_letter_of_a_key_is_seen(at: int) -> None:
    changed = NEUMANN[:at] + ("A" if NEUMANN[at] != "A" else "B") + NEUMANN[at + 1 :]
    with pytest.raises(BrokenLedgerError):
        VerifierKey.parse(changed)
