"""
What a cell may hold: one `Kind` an idea, with how it is read, how it is written, and how it is described to users.

`parse` takes a cell that is not empty and raises `CellError`; `write` gives the one normal spelling, from which
templates, hashes and round trips are made. Dates, times and moments are in `moments`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from api.messages import did_you_mean
from api.tables.cells import Cell, CellError, Warn, as_text

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

KEY = re.compile(r"[A-Za-z0-9._-]+")
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?([eE][+-]?[0-9]{1,3})?")
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}([.,]0{1,2})?")
_PHONE = re.compile(r"\+?[0-9][0-9 .()-]{6,18}[0-9]")
_SHEET_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})

_LINE_BREAKS = re.compile(r"[\r\n\t\u00a0]")

MOST = 2_000_000_000
"""No amount is larger: it fits the solver's 32 bits."""


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """One kind of content."""

    parse: Callable[[Cell, Warn], T]
    write: Callable[[T], str]
    vi: str
    """What users may type, in Vietnamese."""
    en: str
    empty: T | None = None
    """What an empty cell without a default means."""


def _text(cell: Cell, _warn: Warn) -> str:
    text = as_text(cell)
    if text in _SHEET_ERRORS or not (text.isprintable() or _LINE_BREAKS.sub("", text).isprintable()):
        raise CellError("bad_text", value=ascii(text)[1:-1])
    return text


def _key(cell: Cell, _warn: Warn) -> str:
    text = as_text(cell)
    if not KEY.fullmatch(text):
        raise CellError("bad_key", value=text)
    return text


def _commune(cell: Cell, warn: Warn) -> str:
    text = as_text(cell)
    if not (text.isascii() and text.isdigit() and len(text) <= 5):
        raise CellError("bad_commune_code", value=text)
    if len(text) < 5:
        warn("lost_zeros", value=text, meant=text.zfill(5))
    return text.zfill(5)


def _phone(cell: Cell, warn: Warn) -> str:
    text = as_text(cell)
    if re.fullmatch(r"[1-9][0-9]{8}", text):  # a Vietnamese number has ten digits, the first is 0
        warn("lost_zeros", value=text, meant="0" + text)
        return "0" + text
    if not _PHONE.fullmatch(text):
        raise CellError("bad_phone", value=text)
    return text


def _number(cell: Cell, _warn: Warn) -> float:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        number = _as_float(cell)
    else:
        text = as_text(cell)
        if text.casefold().lstrip("+-") in ("nan", "inf", "infinity"):
            raise CellError("not_finite", value=text)
        if not _NUMBER.fullmatch(text):
            raise CellError("bad_number", value=text)
        number = float(text.replace(",", "."))
    if not math.isfinite(number):
        raise CellError("not_finite", value=str(cell))
    return number + 0.0  # -0.0 becomes 0.0


def _as_float(number: float) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf


def _whole(cell: Cell, warn: Warn) -> int:
    number = _number(cell, warn)
    # A dot before three digits may separate thousands: 50.000 is never read as 50.
    if not number.is_integer() or (isinstance(cell, str) and not _WHOLE.fullmatch(cell)):
        raise CellError("not_whole", value=as_text(cell))
    return int(number)


def _yes_no(cell: Cell, _warn: Warn) -> bool:
    word = as_text(cell).casefold()
    if word in ("yes", "true", "1", "có"):
        return True
    if word in ("no", "false", "0", "không"):
        return False
    raise CellError("bad_yes_no", value=as_text(cell))


def whole(least: int = 0, most: int = MOST) -> Kind[int]:
    """A whole number from `least` to `most`."""

    def parse(cell: Cell, warn: Warn) -> int:
        number = _whole(cell, warn)
        _need_within(number, least, most)
        return number

    if most == MOST:
        return Kind(parse, str, f"số nguyên từ {least}", f"a whole number from {least}")
    return Kind(parse, str, f"số nguyên từ {least} đến {most}", f"a whole number from {least} to {most}")


def number(least: float, most: float, vi: str, en: str) -> Kind[float]:
    """A number from `least` to `most`, with a decimal point or comma."""

    def parse(cell: Cell, warn: Warn) -> float:
        value = _number(cell, warn)
        _need_within(value, least, most)
        return value

    return Kind(parse, _write_number, vi, en)


def _need_within(value: float, least: float, most: float) -> None:
    if value < 0 <= least:
        raise CellError("negative", value=_write_number(value))
    if not least <= value <= most:
        raise CellError("out_of_range", value=_write_number(value), least=least, most=most)


def _write_number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(value)


def choice(words: type[E]) -> Kind[E]:
    """One of the words of an enumeration."""
    known = {word.value: word for word in words}
    listed = ", ".join(known)

    def parse(cell: Cell, _warn: Warn) -> E:
        text = as_text(cell)
        found = known.get(text.casefold())
        if found is None:
            raise CellError("bad_choice", value=text, choices=listed, **did_you_mean(text, known))
        return found

    return Kind(parse, lambda word: word.value, f"một trong: {listed}", f"one of: {listed}")


def several(kind: Kind[T], vi: str, en: str) -> Kind[tuple[T, ...]]:
    """Several values of a kind, separated by `;`."""

    def parse(cell: Cell, warn: Warn) -> tuple[T, ...]:
        if not isinstance(cell, str):
            return (kind.parse(cell, warn),)
        parts = (part.strip() for part in cell.split(";"))
        return tuple(kind.parse(part, warn) for part in parts if part)

    def write(values: tuple[T, ...]) -> str:
        return ";".join(map(kind.write, values))

    return Kind(parse, write, vi, en, empty=())


TEXT: Kind[str] = Kind(_text, str, "chữ", "text", empty="")
KEY_TEXT: Kind[str] = Kind(_key, str, "mã gồm chữ không dấu, số và `. _ -`", "a code: letters, digits and `. _ -`")
COMMUNE: Kind[str] = Kind(
    _commune, str, "mã xã, phường 5 chữ số, cũ hoặc mới", "a commune code, five digits, old or new"
)
PHONE: Kind[str] = Kind(_phone, str, "số điện thoại", "a telephone number", empty="")
YES_NO: Kind[bool] = Kind(_yes_no, lambda yes: "yes" if yes else "no", "yes hoặc no (có, không)", "yes or no")
# Both to 180: that the two have changed places is told by whoever knows the region.
LONGITUDE = number(-180, 180, "kinh độ WGS84, ví dụ 105.43", "longitude WGS84, as 105.43")
LATITUDE = number(-180, 180, "vĩ độ WGS84, ví dụ 10.38", "latitude WGS84, as 10.38")
MINUTES = number(0, 1440, "số phút", "minutes")
KEYS = several(KEY_TEXT, "nhiều mã, cách nhau bằng `;`", "codes separated by `;`")
COMMUNES = several(COMMUNE, "nhiều mã xã, phường, cách nhau bằng `;`", "commune codes separated by `;`")
