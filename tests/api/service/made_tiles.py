"""A PMTiles file made here, by the published specification (version 3), and pictures for its tiles."""

from __future__ import annotations

import json
import struct
import zlib


def plain_png(red: int, green: int, blue: int, side: int = 256) -> bytes:
    """A picture of one colour."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = (b"\0" + bytes((red, green, blue)) * side) * side
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def pmtiles(tile: bytes, max_zoom: int = 12, attribution: str = "") -> bytes:
    """The same PNG for every tile of the world from zoom 0 on: one entry whose run covers all of them."""
    count = (4 ** (max_zoom + 1) - 1) // 3
    directory = b"".join(map(_varint, (1, 0, count, len(tile), 1)))
    metadata = json.dumps({"name": "thử", "attribution": attribution}).encode()
    tiles_at = 127 + len(directory) + len(metadata)
    header = b"PMTiles\x03" + struct.pack(
        "<QQQQQQQQQQQ", 127, len(directory), 127 + len(directory), len(metadata), 0, 0, tiles_at, len(tile), count, 1, 1
    )
    uncompressed, png = 1, 2
    header += struct.pack("<BBBBBB", 1, uncompressed, uncompressed, png, 0, max_zoom)
    header += struct.pack("<iiii", -1_800_000_000, -850_000_000, 1_800_000_000, 850_000_000)
    header += struct.pack("<Bii", 8, 1_054_000_000, 103_800_000)
    return header + directory + metadata + tile


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])
