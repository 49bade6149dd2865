"""`duongthu ledger`: exit codes and what is said, from an export to a cosigned head."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.cli import run
from api.custody.checkpoint import Checkpoint
from api.custody.notes import SigningKey, VerifierKey, read_note
from api.custody.receipt import make_receipt, receipt_html
from api.custody.tree import tree_root
from api.errors import ExitCode
from tests.api.custody.ledgers import CODE, LOG, ORIGIN, WITNESS, content, exported, hashes_of, head_of

RECORDS = [content(seq) for seq in range(12)]
KEY = LOG.verifier.text


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(exported(RECORDS, [head_of(RECORDS)]))
    (tmp_path / "head").write_text(head_of(RECORDS).write(), encoding="utf-8")
    return path


def test_verify_says_what_is_proved(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head = str(ledger.with_name("head"))
    assert run(["ledger", "verify", str(ledger), "--head", head, "--key", KEY, "--json", "--lang", "en"]) == ExitCode.OK
    said = capsys.readouterr()
    root = tree_root(hashes_of(RECORDS), 12).hex()
    facts = {"origin": ORIGIN, "records": 12, "root": root, "proved": 12, "heads": 1, "signatures_checked": True}
    assert json.loads(said.out) == facts
    assert "NOT" not in said.err
    assert run(["ledger", "verify", str(ledger), "--lang", "en"]) == ExitCode.OK
    said = capsys.readouterr()
    assert "NOT compared with any witnessed head" in said.err
    assert "Signatures were NOT checked" in said.err


def test_a_broken_ledger_ends_with_its_own_code(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger.write_bytes(ledger.read_bytes().replace(b"T08:05", b"T08:06"))
    assert run(["ledger", "verify", str(ledger), "--lang", "en"]) == ExitCode.UNPROVEN
    assert "Record 5 does not agree with its own hash." in capsys.readouterr().err
    assert run(["ledger", "verify", str(ledger.with_name("none"))]) == ExitCode.NOT_FOUND


def test_a_witness_signs_growth_and_refuses_a_fork(ledger: Path, tmp_path: Path) -> None:
    own, request, out = tmp_path / "own", tmp_path / "request", tmp_path / "signed"
    assert run(["ledger", "key", "w.example", "--witness", "--out", str(own)]) == ExitCode.OK
    assert run(["ledger", "key", "w.example", "--witness", "--out", str(own)]) == ExitCode.EXISTS
    witness = ["ledger", "witness", str(request), "--key", KEY, "--signing-key", str(own)]
    witness += ["--memory", str(tmp_path / "memory"), "--out", str(out)]
    asking = ["ledger", "request", str(ledger), "--key", KEY, "--out", str(request)]
    assert run(asking) == ExitCode.OK
    assert run(witness) == ExitCode.OK
    signed = read_note(out.read_text(encoding="utf-8"))
    signed.require(SigningKey.load(own).verifier)
    assert Checkpoint.parse(signed.text).size == 12
    forked = [*RECORDS[:3], content(99), *RECORDS[4:], content(12)]
    ledger.write_bytes(exported(forked, [head_of(forked)]))
    assert run([*asking, "--old", "12"]) == ExitCode.OK
    assert run(witness) == ExitCode.UNPROVEN


def test_a_receipt_is_verified(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = [(seq, RECORDS[seq]) for seq in (0, 3)]
    made = make_receipt(CODE, mine, hashes_of(RECORDS), head_of(RECORDS), LOG.verifier, (WITNESS.verifier,))
    file = tmp_path / "receipt.html"
    file.write_text(receipt_html(made), encoding="utf-8")
    assert run(["ledger", "receipt", str(file), "--key", KEY, "--json"]) == ExitCode.OK
    facts = json.loads(capsys.readouterr().out)
    assert (facts["code"], facts["events"], facts["witnesses"]) == (CODE, 2, ["witness.example"])
    other: VerifierKey = SigningKey.generate(ORIGIN).verifier
    assert run(["ledger", "receipt", str(file), "--key", other.text]) == ExitCode.UNPROVEN
    file.write_text(file.read_text(encoding="utf-8").replace("ACCEPT", "EXCEPT"), encoding="utf-8")
    assert run(["ledger", "receipt", str(file), "--lang", "en"]) == ExitCode.UNPROVEN
    assert "Event 1 is not in the ledger" in capsys.readouterr().err
