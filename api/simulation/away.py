"""Couriers who are said not to come on some days."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

_SAID = re.compile(r"(?P<courier>[A-Za-z0-9._-]+)(@(?P<first>\d{4}-\d{2}-\d{2})(\.\.(?P<last>\d{4}-\d{2}-\d{2}))?)?")


@dataclass(frozen=True, slots=True)
class Absence:
    """A courier's absence, both days included."""

    courier_id: str
    first: date = date.min
    last: date = date.max


def parse_absence(text: str) -> Absence:
    """
    Read `COURIER`, `COURIER@DAY` or `COURIER@FIRST..LAST`.

    Raises
    ------
    ValueError
        When it is none of them, a day does not exist, or the last one is before the first.
    """
    said = _SAID.fullmatch(text)
    if said is None:
        raise ValueError(f"COURIER[@YYYY-MM-DD[..YYYY-MM-DD]], not {text!r}")
    if said["first"] is None:
        return Absence(said["courier"])
    first = date.fromisoformat(said["first"])
    last = date.fromisoformat(said["last"]) if said["last"] else first
    if last < first:
        raise ValueError(f"{last} is before {first} in {text!r}")
    return Absence(said["courier"], first, last)


@dataclass(frozen=True, slots=True)
class Absences:
    """Who is away when."""

    absences: tuple[Absence, ...] = ()

    @classmethod
    def parse(cls, texts: Iterable[str]) -> Absences:
        """Read several; raises as `parse_absence` does."""
        return cls(tuple(map(parse_absence, texts)))

    def is_away(self, courier_id: str, day: date) -> bool:
        return any(one.courier_id == courier_id and one.first <= day <= one.last for one in self.absences)
