"""
A form of one batch and its photos, read in one go.

`python-multipart` finds the parts. The reader that Starlette builds around it serves any form, puts each file into a
temporary one and drops what it does not know; here a part that is neither the batch nor a photo is refused, and so is a
form that breaks off: a photo that got lost on the way would be missed only when somebody asks for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from api.errors import BadFileError

MOST_FILES = 50
"""Photos in one request."""
_DISPOSITION = b"content-disposition"

# Phones give every photo the same name.
_options = lru_cache(maxsize=64)(parse_options_header)


@dataclass(slots=True)
class Form:
    """What a form brings."""

    batch: bytes
    """JSON."""
    files: list[bytes]


def read_form(content_type: str, body: bytes) -> Form:
    """
    Read a `multipart/form-data` body (RFC 7578).

    Raises
    ------
    BadFileError
        When it is no whole form of one part `batch` and at most `MOST_FILES` files `files`.
    """
    kind, options = parse_options_header(content_type)
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise _bad()
    parts = _Parts()
    try:
        MultipartParser(boundary, parts.callbacks()).write(body)  # type: ignore[arg-type]
    except FormParserError as error:
        raise _bad() from error
    if not parts.is_whole or len(parts.batches) != 1:
        raise _bad()
    return Form(parts.batches[0], parts.files)


@dataclass(slots=True)
class _Parts:
    """The parts under way."""

    batches: list[bytes] = field(default_factory=list)
    files: list[bytes] = field(default_factory=list)
    is_whole: bool = False
    name: bytes = b""
    value: bytes = b""
    disposition: bytes = b""
    content: list[bytes] = field(default_factory=list)

    def callbacks(self) -> dict[str, object]:
        names = ("part_begin", "header_field", "header_value", "header_end", "part_data", "part_end", "end")
        return {f"on_{name}": getattr(self, name) for name in names}

    def part_begin(self) -> None:
        self.disposition, self.content = b"", []

    def header_field(self, data: bytes, start: int, end: int) -> None:
        self.name += data[start:end]

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self.value += data[start:end]

    def header_end(self) -> None:
        if self.name.lower() == _DISPOSITION:
            self.disposition = self.value
        self.name = self.value = b""

    def part_data(self, data: bytes, start: int, end: int) -> None:
        self.content.append(data[start:end])

    def part_end(self) -> None:
        _, options = _options(self.disposition)
        is_file = b"filename" in options
        found, name, most = (self.files, b"files", MOST_FILES) if is_file else (self.batches, b"batch", 1)
        if options.get(b"name") != name or len(found) == most:
            raise _bad()
        found.append(b"".join(self.content))

    def end(self) -> None:
        self.is_whole = True


def _bad() -> BadFileError:
    return BadFileError(
        f"Cần một phần “batch” (JSON) và tối đa {MOST_FILES} tệp “files”, đủ cả.",
        f"One part “batch” (JSON) and at most {MOST_FILES} files “files” are wanted, and all of them.",
    )
