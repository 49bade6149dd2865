"""
Verify an exported ledger: its chain, its tree, and that it is the one a witness saw.

The loop over the records compares each line with the line that must stand there; it is taken apart only when it is
wrong, to say how. Each record is also parsed and written again, to know that its bytes are canonical.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, BinaryIO, NoReturn

from api.custody.broken import BrokenLedgerError
from api.custody.chain import RECORD_DOMAIN, first_hash
from api.custody.checkpoint import Checkpoint, read_checkpoint
from api.custody.exported import FORMAT, RECORD_AT, RECORD_START, checkpoint_line, end_line, header_line
from api.custody.notes import Note, VerifierKey, read_note
from api.custody.tree import RunningRoot


@dataclass(frozen=True, slots=True)
class Verified:
    """What an exported ledger was found to be."""

    origin: str
    size: int
    """Number of records."""
    root: bytes
    proved: int | None
    """Records that the witnessed head covers; None when there was no head to compare with."""
    heads: tuple[Note, ...]
    """Signed heads in the file, each over the records before it."""


def verify_export(
    file: BinaryIO,
    head: Checkpoint | None = None,
    key: VerifierKey | None = None,
    on_leaf: Callable[[bytes], None] | None = None,
) -> Verified:
    """
    Verify a ledger from its first byte to its last.

    Parameters
    ----------
    file
        As `write_export` writes it.
    head
        What a witness saw; None = the file is only proved not to contradict itself.
    key
        The ledger's; heads in the file must be signed by it. None = their signatures are not checked.
    on_leaf
        Gets each leaf hash of the tree.

    Raises
    ------
    BrokenLedgerError
        At the first thing that is wrong; names the record.
    """
    reading = _Reading(file, head, key, on_leaf)
    reading.read_header()
    reading.read_records()
    reading.require_end()
    tree = reading.tree
    proved = None if head is None else head.size
    return Verified(reading.origin, tree.size, tree.root(), proved, tuple(reading.heads))


class _Reading:
    """How far the file is read."""

    def __init__(
        self,
        file: BinaryIO,
        head: Checkpoint | None,
        key: VerifierKey | None,
        on_leaf: Callable[[bytes], None] | None,
    ) -> None:
        self.file, self.head, self.key, self.on_leaf = file, head, key, on_leaf
        self.origin = ""
        self.tree = RunningRoot()
        self.heads: list[Note] = []
        self.rest = sha256()
        self.last = b""
        """The first line that is neither record nor checkpoint."""

    def read_header(self) -> None:
        line = self.file.readline()
        found = _json(line)
        origin = found.get("origin") if isinstance(found, dict) else None
        if not isinstance(origin, str) or header_line(origin) != line:
            raise BrokenLedgerError(f"Dòng đầu không phải của {FORMAT}.", f"The first line is not of {FORMAT}.")
        self.origin = origin
        self.rest.update(line)
        for other in (self.head and self.head.origin, self.key and self.key.name):
            if other and other != origin:
                raise BrokenLedgerError(f"Sổ cái của {origin}, không phải {other}.", f"It is of {origin}, not {other}.")
        self._compare_with_head()

    def read_records(self) -> None:
        """The loop that takes the time: two hashes of each record, and one inner node."""
        before, seq, before_hex = first_hash(self.origin), 0, first_hash(self.origin).hex().encode()
        push, on_leaf, domain = self.tree.push, self.on_leaf, RECORD_DOMAIN
        stop = self.head.size if self.head else None
        for line in self.file:
            if not line.startswith(RECORD_START):
                if not self._read_apart(line):
                    return
                continue
            tail = b',"seq":%d}\n' % seq
            content = line[RECORD_AT : -len(tail)]
            found = sha256(domain + before + content).digest()
            found_hex = found.hex().encode()
            if line != b'{"hash":"%s","prev_hash":"%s","record":%s%s' % (found_hex, before_hex, content, tail):
                _explain(line, seq, before_hex, tail)
            if not is_canonical(content):
                _fail(seq, "không ở dạng chuẩn RFC 8785", "is not in canonical form (RFC 8785)")
            leaf = sha256(b"\x00" + content).digest()
            push(leaf)
            if on_leaf is not None:
                on_leaf(leaf)
            before, before_hex, seq = found, found_hex, seq + 1
            if seq == stop:
                self._compare_with_head()

    def require_end(self) -> None:
        """The last line, nothing behind it, and no fewer records than the head."""
        size = self.tree.size
        if self.head is not None and self.head.size > size:
            wanted = self.head.size
            raise BrokenLedgerError(
                f"Sổ cái dừng ở {size} bản ghi; đầu sổ đã chứng kiến có {wanted}.",
                f"The ledger ends after {size} records; the witnessed head has {wanted}.",
            )
        if self.last != end_line(self.rest.hexdigest(), size) or self.file.read(1):
            raise BrokenLedgerError(
                f"Sau {size} bản ghi, dòng tiếp theo hoặc phần cuối sổ bị sai hay bị thiếu.",
                f"After {size} records, the next line or the end of the ledger is wrong or missing.",
            )

    def _read_apart(self, line: bytes) -> bool:
        """A line that is no record: False at the last one."""
        found = _json(line)
        note = found.get("checkpoint") if isinstance(found, dict) else None
        if not isinstance(note, str) or checkpoint_line(note) != line:
            self.last = line
            return False
        self._read_head(read_note(note))
        self.rest.update(line)
        return True

    def _read_head(self, note: Note) -> None:
        found = read_checkpoint(note, self.key)
        size = self.tree.size
        if found != Checkpoint(self.origin, size, self.tree.root()):
            _fail(size - 1, "không khớp đầu sổ ghi sau nó", "does not agree with the head written after it")
        self.heads.append(note)

    def _compare_with_head(self) -> None:
        head, tree = self.head, self.tree
        if head is not None and head.size == tree.size and head.root != tree.root():
            raise BrokenLedgerError(
                f"{head.size} bản ghi đầu không phải là những gì đã được chứng kiến.",
                f"The first {head.size} records are not those that were witnessed.",
            )


def _refuse(text: str) -> NoReturn:
    raise ValueError(f"not a whole number: {text}")


_decode = json.JSONDecoder(parse_float=_refuse, parse_constant=_refuse).decode
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def is_canonical(content: bytes) -> bool:
    """
    Whether bytes are a record as `chain.canonical` writes it.

    Python's own JSON writer, which is fast, gives these very bytes for what `canonical` accepts.
    """
    try:
        return content.startswith(b"{") and _encode(_decode(content.decode())).encode() == content
    except (ValueError, RecursionError):
        return False


def _json(line: bytes) -> Any:
    """What a line says, None when it is no JSON."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _explain(line: bytes, seq: int, before: bytes, tail: bytes) -> NoReturn:
    """Say what is wrong with a record's line."""
    if not line.endswith(b"}\n"):
        _fail(seq, "bị cắt cụt", "is cut short")
    if not line.endswith(tail):
        _fail(seq, "không mang số thứ tự này", "does not carry this number")
    if before not in line[:RECORD_AT]:
        _fail(
            seq,
            "không nối tiếp bản ghi trước (có bản ghi bị xóa, chèn hoặc đổi chỗ)",
            "does not follow the one before it (one was removed, inserted or moved)",
        )
    _fail(seq, "không khớp với mã băm của nó", "does not agree with its own hash")


def _fail(seq: int, vi: str, en: str) -> NoReturn:
    if seq < 0:
        raise BrokenLedgerError(f"Phần đầu của sổ cái {vi}.", f"The beginning of the ledger {en}.")
    raise BrokenLedgerError(f"Bản ghi {seq} {vi}.", f"Record {seq} {en}.")
