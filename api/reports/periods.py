"""The days that a report is about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated, Final

from fastapi import Query

from api.errors import RefusedError

LONGEST: Final = 1_100
"""Days: three years."""
EARLIEST: Final = date(2000, 1, 1)
LATEST: Final = date(2999, 12, 31)
"""What spreadsheets and sums of days take without surprises."""

_MONTH: Final = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])")
_QUARTER: Final = re.compile(r"20\d\d-Q[1-4]")

FirstDay = Annotated[date, Query(examples=["2026-11-01"])]
LastDay = Annotated[date, Query(examples=["2026-11-30"], description="Belongs to the period.")]


def require_period(first: date, last: date) -> None:
    """
    Raises
    ------
    RefusedError
        When it ends before it begins, is longer than three years, or lies in other times.
    """
    if not (0 <= (last - first).days < LONGEST and first >= EARLIEST and last <= LATEST):
        raise RefusedError(
            f"Kỳ báo cáo phải từ 1 đến {LONGEST} ngày, trong các năm 2000-2999.",
            f"A period has between 1 and {LONGEST} days of the years 2000 to 2999.",
        )


def months_of(first: date, last: date) -> Iterator[str]:
    """Name the months that a period touches: `2026-11`."""
    month = first.replace(day=1)
    while month <= last:
        yield f"{month:%Y-%m}"
        month = (month + timedelta(days=31)).replace(day=1)


def quarter_of(month: str) -> str:
    """`2026-Q4` of `2026-11`."""
    return f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}"


def require_month(text: str) -> date:
    """
    Its first day.

    Raises
    ------
    RefusedError
        When it is none.
    """
    if not _MONTH.fullmatch(text):
        raise RefusedError("Tháng phải có dạng 2026-11.", "A month is written 2026-11.")
    return date.fromisoformat(f"{text}-01")


def require_quarter(text: str) -> None:
    """
    Raises
    ------
    RefusedError
        When it is none.
    """
    if not _QUARTER.fullmatch(text):
        raise RefusedError("Quý phải có dạng 2026-Q4.", "A quarter is written 2026-Q4.")
