"""
A cell as a file holds it, and the complaint a parser makes about it.

CSV yields texts; workbooks and JSON also yield numbers, truth values, dates and times.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from api.messages import Fact


@dataclass(frozen=True, slots=True)
class Unusable:
    """What a file holds in the place of a cell; it is not empty, and nobody can say what it means."""

    code: str
    """Of the message that says why."""

    def __str__(self) -> str:
        return f"#{self.code}"


UNCALCULATED = Unusable("uncalculated")
"""A formula of a workbook that no program ever computed."""
NESTED = Unusable("nested")
"""An object, or a list of lists, in JSON."""

Cell = str | int | float | bool | date | datetime | time | timedelta | Unusable | None


class Warn(Protocol):
    """Takes what was accepted although it is odd: a code and facts of `api.messages`."""

    def __call__(self, code: str, **facts: Fact) -> None: ...


class CellError(Exception):
    """A cell that cannot be read; `code` and `facts` choose and fill a message of `api.messages`."""

    def __init__(self, code: str, **facts: Fact) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def clean(cell: Cell) -> Cell:
    """
    Strip a text and compose its letters; an empty one becomes None.

    Vietnamese typed on some systems comes decomposed (a letter, then its marks): it looks the same and compares
    unequal.
    """
    if not isinstance(cell, str):
        return cell
    text = cell.strip()
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).strip("\ufeff\u200b\u00a0 ")
    return text or None


def as_text(cell: Cell) -> str:
    """Say a cell as a person would type it: a number that is whole shows no fraction."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
