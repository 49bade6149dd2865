"""The monthly sheets: tổng hợp, theo cơ quan, theo xã, trễ hạn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection

from api.reports.columns import COUNTS, DEFINED, GROUPS, KINDS, LEGS, NAME, PARTS, counts_of
from api.reports.definitions import PUNCTUALITY
from api.reports.naming import Names, names_of
from api.reports.schemas import Punctuality
from api.reports.sheets import Sheet, Title, report_workbook
from api.reports.store import NOTHING, By, Part, Period, in_order, late_ones, punctuality

_LATE: Final = (
    Title("Hạn của", "Promise of"),
    Title("Mã bưu gửi", "Shipment"),
    Title("Loại", "Kind"),
    Title("Cơ quan", "Agency"),
    Title("Xã", "Commune"),
    Title("Hạn", "Due"),
    Title("Ngày xong", "Done on"),
    Title("Số ngày trễ", "Days late", "0"),
    Title("Chặng khi hết hạn", "Leg when due"),
)


def monthly_workbook(connection: Connection, period: Period) -> bytes:
    """Write the month; the last sheet says what each count means."""
    part, names = Title("Hạn của", "Promise of"), names_of(connection, period.province_id, period.last)

    def sheet(name: str, by: By) -> Sheet:
        return Sheet(name, (part, GROUPS[by], NAME, *COUNTS), _by(connection, period, by, names))

    return report_workbook(
        [
            Sheet("Tổng hợp", (part, *COUNTS), _whole(connection, period)),
            sheet("Theo cơ quan", By.AGENCY),
            sheet("Theo xã", By.COMMUNE),
            Sheet("Trễ hạn", _LATE, _late(connection, period)),
            Sheet("Định nghĩa", (part, *DEFINED), _said()),
        ]
    )


def _whole(connection: Connection, period: Period) -> Iterator[list[Any]]:
    for part, name in PARTS.items():
        counts = punctuality(connection, part, period, By.ALL).get(None, NOTHING)
        yield [name, *counts_of(Punctuality.of(None, counts))]


def _by(connection: Connection, period: Period, by: By, names: Names) -> Iterator[list[Any]]:
    for part, name in PARTS.items():
        groups = punctuality(connection, part, period, by)
        for group in in_order(groups):
            yield [name, group, names.of(by, group), *counts_of(Punctuality.of(group, groups[group]))]


def _late(connection: Connection, period: Period) -> Iterator[list[Any]]:
    for part, name in PARTS.items():
        for row in late_ones(connection, part, period):
            done = None if row.done_day is None else date.fromordinal(row.done_day)
            due = date.fromisoformat(row.due_on)
            leg = LEGS[row.leg] if part is Part.POST else None
            yield [name, row.code, KINDS[row.kind], row.agency, row.commune, due, done, row.days, leg]


def _said() -> Iterator[list[Any]]:
    for part, name in PARTS.items():
        yield from ([name, one.name, one.vi, one.en] for one in PUNCTUALITY[part])
