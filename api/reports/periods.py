"""The days that a report is about."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final

from fastapi import Query

from api.errors import RefusedError

LONGEST: Final = 1_100
"""Days: three years."""
EARLIEST: Final = date(2000, 1, 1)
LATEST: Final = date(2999, 12, 31)
"""What spreadsheets and sums of days take without surprises."""

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
