"""
A citizen's receipt: one HTML file that proves, with no server, that a paper's events are in the ledger.

It holds the public records of the events, an inclusion proof for each, the signed head with its cosignatures, and the
keys. A script inside verifies it in the browser; `verify_receipt` does the same, step by step, for a command. The
script is bound by its hash in the page's content security policy, which allows no request at all.

A record of several shipments names those of other people, so it is held back: the receipt has its leaf hash in its
place, with a proof that a record with that hash is in the ledger, and what the post tells of it (type, time, place).
That telling is not proved, and page and command say so; an auditor, who may see the record, can hold it against the
hash. The hash gives no code away: a record holds commitments with random salts, so nobody can guess it.

Without the ledger's key from elsewhere a receipt only proves that it agrees with itself: both say so.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

from api.custody.broken import BrokenLedgerError
from api.custody.checkpoint import Checkpoint, read_checkpoint
from api.custody.notes import Algorithm, Note, VerifierKey, from_base64, read_note, to_base64
from api.custody.tree import Hashes, inclusion_proof, is_included, leaf_hash
from api.custody.verifying import is_canonical
from api.errors import NotFoundError

FORMAT = "duongthu-receipt-2"
HERE = Path(__file__).parent
SCRIPT = HERE.parent / "static" / "receipt" / "receipt.js"
"""Built from `api/web/src/receipt`."""
DATA = re.compile(r'<script type="application/json" id="receipt">(.*?)</script>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Told:
    """What a receipt shows of an event."""

    type: str
    at: str
    """By the device's clock, ISO 8601."""
    site_id: str


@dataclass(frozen=True, slots=True)
class ProvedEvent:
    """One event and its place in the ledger."""

    content: str | None
    """Canonical text of its public record; None = held back, for it names other people's shipments."""
    seq: int
    proof: tuple[bytes, ...]
    """From the leaf up."""
    held_leaf: bytes = b""
    """Hash of what is held back."""
    told: Told | None = None
    """What the post tells of what is held back."""

    @property
    def leaf(self) -> bytes:
        return self.held_leaf if self.content is None else leaf_hash(self.content.encode())

    @property
    def shown(self) -> Told:
        """Type, time and place, told or proved."""
        return self.told or _told(json.loads(self.content or "{}"))

    def to_json(self) -> dict[str, Any]:
        place = {"index": self.seq, "proof": [to_base64(step) for step in self.proof]}
        if self.content is not None:
            return {"record": self.content, **place}
        return {"leaf": to_base64(self.held_leaf), "told": asdict(self.shown), **place}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the file holds."""

    code: str
    """Of the shipment."""
    log: VerifierKey
    witnesses: tuple[VerifierKey, ...]
    head: Note
    events: tuple[ProvedEvent, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "code": self.code,
            "log_key": self.log.text,
            "witness_keys": [key.text for key in self.witnesses],
            "checkpoint": self.head.write(),
            "events": [event.to_json() for event in self.events],
        }


@dataclass(frozen=True, slots=True)
class CheckedReceipt:
    """What a receipt proves."""

    head: Checkpoint
    seen: tuple[tuple[str, int], ...]
    """Witnesses of the head, and when they saw it, seconds since 1970 UTC."""


def make_receipt(
    code: str,
    contents: Iterable[tuple[int, bytes]],
    hashes: Hashes,
    head: Note,
    log: VerifierKey,
    witnesses: Sequence[VerifierKey] = (),
) -> Receipt:
    """
    Gather the proofs of a shipment's events.

    Parameters
    ----------
    code
        Of the shipment.
    contents
        Number and canonical bytes of each of its records, in order, all below the head.
    hashes
        The ledger's tree.
    head
        Signed by the ledger; cosignatures by others than `witnesses` are left out, since nobody could check them.
    log
        The ledger's key.
    witnesses
        Keys of those who cosigned the head.

    Raises
    ------
    BrokenLedgerError
        When the receipt would not verify.
    """
    size = Checkpoint.parse(head.text).size
    keys = (log, *witnesses)
    signed = tuple(one for one in head.signatures if any(one.is_by(key) for key in keys))
    events = tuple(_proved(code, content, seq, tuple(inclusion_proof(hashes, seq, size))) for seq, content in contents)
    receipt = Receipt(code, log, tuple(witnesses), Note(head.text, signed), events)
    verify_receipt(receipt)
    return receipt


def _proved(code: str, content: bytes, seq: int, proof: tuple[bytes, ...]) -> ProvedEvent:
    record = json.loads(content) if is_canonical(content) else {}
    shipments = record.get("shipments")
    if isinstance(shipments, list) and len(shipments) > 1 and code in shipments:
        return ProvedEvent(None, seq, proof, leaf_hash(content), _told(record))
    return ProvedEvent(content.decode(), seq, proof)


def _told(record: Mapping[str, Any]) -> Told:
    return Told(str(record.get("type", "")), str(record.get("at", "")), str(record.get("data", {}).get("site_id", "")))


def receipt_html(receipt: Receipt) -> str:
    """
    Write the file.

    Raises
    ------
    NotFoundError
        When the script of receipts was not built.
    """
    if not SCRIPT.is_file():
        raise NotFoundError(
            "Máy chủ chưa có phần kiểm tra của biên nhận: người quản trị cần dựng lại các trang (build_pages.py).",
            "This server lacks the script of receipts: its administrator has to build the pages (build_pages.py).",
        )
    script, style = SCRIPT.read_text(encoding="utf-8"), (HERE / "receipt.css").read_text(encoding="utf-8")
    if "</script" in script or "\r" in script:
        raise ValueError("the built script of receipts cannot stand inside a page")
    parts = {
        "SCRIPT_HASH": _digest(script),
        "STYLE_HASH": _digest(style),
        "CODE": escape(receipt.code),
        "STYLE": style,
        "DATA": json.dumps(receipt.to_json(), ensure_ascii=False).replace("<", "\\u003c"),
        "SCRIPT": script,
    }
    template = (HERE / "receipt.html").read_text(encoding="utf-8")
    return re.sub(r"@([A-Z_]+)@", lambda found: parts[found[1]], template)


def read_receipt(page: str) -> Receipt:
    """
    Find what a receipt's file holds; nothing of it is proved yet.

    Raises
    ------
    BrokenLedgerError
        When it is no receipt.
    """
    found = DATA.findall(page)
    if len(found) != 1:
        raise _malformed()
    try:
        facts = json.loads(found[0])
        if facts["format"] != FORMAT:
            raise _malformed()
        return Receipt(
            str(facts["code"]),
            VerifierKey.parse(facts["log_key"]),
            tuple(VerifierKey.parse(key) for key in facts["witness_keys"]),
            read_note(facts["checkpoint"]),
            tuple(_read_event(event) for event in facts["events"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _malformed() from None


def _read_event(facts: Any) -> ProvedEvent:
    seq, proof = facts["index"], tuple(from_base64(step) for step in facts["proof"])
    if type(seq) is not int or ("record" in facts) == ("leaf" in facts):
        raise TypeError(f"no event: {facts}")
    if "leaf" in facts:
        told = Told(**facts["told"])
        "".join((told.type, told.at, told.site_id)).encode()  # texts, all of them
        return ProvedEvent(None, seq, proof, from_base64(facts["leaf"]), told)
    content = facts["record"]
    content.encode()  # half a surrogate pair is no text
    return ProvedEvent(content, seq, proof)


def verify_receipt(receipt: Receipt, key: VerifierKey | None = None) -> CheckedReceipt:
    """
    Verify every step that the page shows.

    Parameters
    ----------
    key
        The ledger's, known from elsewhere; None = the one in the receipt is believed, which the caller must say.

    Raises
    ------
    BrokenLedgerError
        At the first step that does not hold.
    """
    if key is not None and key != receipt.log:
        raise BrokenLedgerError(
            "Khóa trong biên nhận không phải là khóa của sổ cái.", "The key in the receipt is not the ledger's."
        )
    head = read_checkpoint(receipt.head, receipt.log)
    seen = _require_signatures(receipt)
    if not receipt.events or receipt.log.algorithm is not Algorithm.PLAIN:
        raise _malformed()
    for number, event in enumerate(receipt.events, 1):
        _require_event(receipt.code, event, number, head)
    return CheckedReceipt(head, seen)


def _require_signatures(receipt: Receipt) -> tuple[tuple[str, int], ...]:
    """Every signature is by a key of the receipt, and every key has signed."""
    keys = (receipt.log, *receipt.witnesses)
    for signature in receipt.head.signatures:
        if not any(signature.is_by(key) for key in keys):
            raise BrokenLedgerError(
                f"Không có khóa cho chữ ký của {signature.name}.",
                f"There is no key for a signature by {signature.name}.",
            )
    return tuple((key.name, receipt.head.require(key).seen_at()) for key in receipt.witnesses)


def _require_event(code: str, event: ProvedEvent, number: int, head: Checkpoint) -> None:
    if not is_included(event.leaf, event.seq, head.size, event.proof, head.root):
        raise BrokenLedgerError(
            f"Sự kiện {number} không có trong sổ cái như đã ghi trên biên nhận.",
            f"Event {number} is not in the ledger as the receipt shows it.",
        )
    if event.content is None:
        return
    record = json.loads(event.content) if is_canonical(event.content.encode()) else {}
    if record.get("shipments") != [code]:
        raise BrokenLedgerError(f"Sự kiện {number} không phải của {code}.", f"Event {number} is not of {code}.")


def _digest(text: str) -> str:
    return base64.b64encode(sha256(text.encode()).digest()).decode()


def _malformed() -> BrokenLedgerError:
    return BrokenLedgerError("Tệp này không phải là biên nhận.", "This file is no receipt.")
