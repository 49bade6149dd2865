"""Text files read line by line, so that every complaint names the file and the line."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Sequence
from pathlib import Path

from routing.formats.errors import InstanceFileError
from routing.model import FOREVER


def read_text(path: Path) -> str:
    """
    Read a text file, gzipped or not.

    Raises
    ------
    FileNotFoundError
        When there is no such file.
    InstanceFileError
        When it is a folder, empty, not UTF-8, or a broken gzip stream.
    """
    if path.is_dir():
        raise InstanceFileError(path.name, None, "this is a folder, not a file")
    content = path.read_bytes()
    try:
        text = (gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content).decode("utf-8-sig")
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InstanceFileError(path.name, None, f"the gzip stream is broken: {error}") from error
    except UnicodeDecodeError as error:
        raise InstanceFileError(path.name, None, f"not UTF-8 text: {error.reason} at byte {error.start}") from error
    if not text.strip():
        raise InstanceFileError(path.name, None, "the file is empty")
    return text


class Line:
    """The words of one line, converted with complaints that name the line."""

    __slots__ = ("file", "number", "words")

    def __init__(self, file: str, number: int, words: Sequence[str]) -> None:
        self.file = file
        self.number = number
        self.words = words

    def error(self, reason: str) -> InstanceFileError:
        return InstanceFileError(self.file, self.number, reason)

    def expect(self, count: int, what: str) -> Line:
        """Return the line itself when it holds `count` words; `what` names them."""
        if len(self.words) != count:
            raise self.error(f"expected {count} values ({what}), found {len(self.words)}")
        return self

    def integer(self, index: int, what: str) -> int:
        """Return a whole number; `10.00` counts as one."""
        word = self.words[index]
        try:
            return int(word)
        except ValueError:
            value = self.real(index, what)
            if not value.is_integer():
                raise self.error(f"{what} must be a whole number, found {word!r}") from None
            return int(value)

    def natural(self, index: int, what: str) -> int:
        """Return a whole number from 0 to the largest of 31 bits."""
        value = self.integer(index, what)
        if not 0 <= value <= FOREVER:
            raise self.error(f"{what} must be from 0 to {FOREVER}, found {value}")
        return value

    def real(self, index: int, what: str) -> float:
        """Return a finite number."""
        word = self.words[index]
        try:
            value = float(word)
        except ValueError:
            raise self.error(f"{what} must be a number, found {word!r}") from None
        if value - value != 0:
            raise self.error(f"{what} must be finite, found {word!r}")
        return value


class Lines:
    """The non-empty lines of a text, taken from the top."""

    def __init__(self, file: str, text: str, separator: str | None = None) -> None:
        self.file = file
        rows = text.splitlines()
        self._lines = [Line(file, n, row.split(separator)) for n, row in enumerate(rows, 1) if row.strip()]
        self._next = 0
        self._last = len(rows)

    def __bool__(self) -> bool:
        return self._next < len(self._lines)

    def peek(self) -> Line:
        return self._lines[self._next]

    def take(self, what: str) -> Line:
        """Return the next line; `what` says what it should have held when the file ends before."""
        if not self:
            raise InstanceFileError(self.file, self._last, f"the file ends before {what}")
        self._next += 1
        return self._lines[self._next - 1]

    def skip_to(self, word: str) -> Line:
        """Take lines up to the one that begins with `word`, in any case."""
        while True:
            line = self.take(f"the section {word}")
            if line.words[0].upper() == word:
                return line
