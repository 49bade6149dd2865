"""
What a picture is, by its content, and the same picture without what cameras write into it.

Place, time, device and thumbnails (EXIF, XMP, IPTC, comments) are cut out of the file byte by byte; the pixels stay as
they were compressed, for a picture that proves something is never compressed again.

References
----------
.. [1] ITU-T T.81 (JPEG), annex B. [2] W3C PNG, third edition, §5. [3] RFC 9649, WebP image format.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final
from zlib import crc32

from api.errors import BadFileError

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PNG_NEEDED: Final = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs"}
)
"""Chunks that say what the pixels look like; all others go."""
_WEBP_NEEDED: Final = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_WEBP_METADATA: Final = 0x08 | 0x04
"""Flags of VP8X: there is EXIF, there is XMP."""
_AFTER_SCAN: Final = re.compile(rb"\xff[^\x00\xd0-\xd7]", re.DOTALL)
"""A marker; within a scan, 0xFF is followed by a stuffed byte or is a restart."""
_EOI, _SOS = 0xD9, 0xDA
_ICC: Final = b"ICC_PROFILE\x00"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to keep."""

    media_type: str
    content: bytes
    """Without metadata."""


def cleaned(content: bytes) -> Picture:
    """
    Recognise a picture and take its metadata out.

    Raises
    ------
    BadFileError
        When it is no JPEG, PNG or WebP, or is cut short.
    """
    for media_type, is_it, clean in _KINDS:
        if is_it(content):
            try:
                return Picture(media_type, b"".join(clean(content)))
            except (IndexError, ValueError) as error:
                raise BadFileError(
                    f"Tệp ảnh {media_type} bị hỏng hoặc bị cắt cụt.", f"The {media_type} file is broken or cut short."
                ) from error
    raise BadFileError("Chỉ nhận ảnh JPEG, PNG hoặc WebP.", "Only JPEG, PNG or WebP pictures are taken.")


def _jpeg(content: bytes) -> Iterator[bytes]:
    yield content[:2]
    at, scans = 2, 0
    while True:
        while content[at] == 0xFF and content[at + 1] == 0xFF:  # fill bytes
            at += 1
        if content[at] != 0xFF:
            raise ValueError("no marker")
        marker = content[at + 1]
        if marker == _EOI:
            if not scans:
                raise ValueError("no picture")
            yield content[at : at + 2]
            return
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if end < at + 4 or end >= len(content):
            raise ValueError("cut short")
        if marker == _SOS:
            scans += 1
            end = _scan_end(content, end)
        if _is_needed(marker, content[at + 4 : at + 16]):
            yield content[at:end]
        at = end


def _scan_end(content: bytes, at: int) -> int:
    """Where the next marker begins; searched in C, for this is most of the file."""
    found = _AFTER_SCAN.search(content, at)
    if found is None:
        raise ValueError("cut short")
    return found.start()


def _is_needed(marker: int, beginning: bytes) -> bool:
    """Of the application's segments: JFIF, colours (ICC), Adobe's colour transform."""
    if marker == 0xE2:
        return beginning == _ICC
    return marker in (0xE0, 0xEE) or not (0xE1 <= marker <= 0xEF or marker == 0xFE)


def _png(content: bytes) -> Iterator[bytes]:
    yield _PNG
    at, found = len(_PNG), set()
    while b"IEND" not in found:
        size, name = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        end = at + 12 + size
        if end > len(content) or crc32(content[at + 4 : end - 4]) != int.from_bytes(content[end - 4 : end], "big"):
            raise ValueError("cut short")
        if name in _PNG_NEEDED:
            yield content[at:end]
        found.add(name)
        at = end
    if not found >= {b"IHDR", b"IDAT"}:
        raise ValueError("no picture")


def _webp(content: bytes) -> Iterator[bytes]:
    end = 8 + int.from_bytes(content[4:8], "little")
    if end > len(content):
        raise ValueError("cut short")
    chunks = list(_webp_chunks(content, end))
    if not chunks:
        raise ValueError("no picture")
    yield b"RIFF" + (4 + sum(map(len, chunks))).to_bytes(4, "little") + b"WEBP"
    yield from chunks


def _webp_chunks(content: bytes, end: int) -> Iterator[bytes]:
    at = 12
    while at < end:
        name, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        after = at + 8 + size + size % 2
        if after > end:
            raise ValueError("cut short")
        if name == b"VP8X":
            yield content[at : at + 8] + bytes([content[at + 8] & ~_WEBP_METADATA]) + content[at + 9 : after]
        elif name in _WEBP_NEEDED:
            yield content[at:after]
        at = after


_KINDS: Final[tuple[tuple[str, Callable[[bytes], bool], Callable[[bytes], Iterator[bytes]]], ...]] = (
    ("image/jpeg", lambda content: content.startswith(b"\xff\xd8\xff"), _jpeg),
    ("image/png", lambda content: content.startswith(_PNG), _png),
    ("image/webp", lambda content: content[:4] == b"RIFF" and content[8:12] == b"WEBP", _webp),
)
