"""The monthly sheets: tổng hợp, theo cơ quan, theo xã, trễ hạn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection

from api.reports.definitions import PUNCTUALITY
from api.reports.schemas import Punctuality
from api.reports.sheets import Sheet, Title, report_workbook
from api.reports.store import By, Counts, Part, Period, late_ones, punctuality

_PARTS: Final = {Part.AGENCY: "Cơ quan (ngày hẹn trả)", Part.POST: "Bưu điện (hạn phát)"}
_KINDS: Final = {"intake": "Hồ sơ", "result": "Kết quả", "transfer": "Luân chuyển"}
_LEGS: Final = {
    "nobody": "Chưa nhận", "site": "Tại điểm", "courier": "Bưu tá", "line": "Đường thư", "done": "Đã giao",
}  # fmt: skip
_COUNTS: Final = (
    Title("Tổng số", "Total", "#,##0"),
    Title("Đã xong", "Settled", "#,##0"),
    Title("Trước hạn", "Early", "#,##0"),
    Title("Đúng hạn", "On the day", "#,##0"),
    Title("Trễ hạn", "Late", "#,##0"),
    Title("Chưa xong", "Open", "#,##0"),
    Title("Chưa xong, quá hạn", "Open, overdue", "#,##0"),
    Title("Chuyển hoàn", "Returned", "#,##0"),
    Title("Tỷ lệ trước hạn (%)", "Early (%)", "0.00"),
    Title("Tỷ lệ đúng và trước hạn (%)", "On time (%)", "0.00"),
    Title("Tỷ lệ trễ (%)", "Late (%)", "0.00"),
)
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
    """Write the month; the first sheet ends with what each count means."""
    part = Title("Hạn của", "Promise of")
    return report_workbook(
        [
            Sheet("Tổng hợp", (part, *_COUNTS), _whole(connection, period)),
            Sheet("Theo cơ quan", (part, Title("Cơ quan", "Agency"), *_COUNTS), _by(connection, period, By.AGENCY)),
            Sheet("Theo xã", (part, Title("Xã", "Commune"), *_COUNTS), _by(connection, period, By.COMMUNE)),
            Sheet("Trễ hạn", _LATE, _late(connection, period)),
            Sheet(
                "Định nghĩa", (part, Title("Cột", "Count"), Title("Nghĩa", "Vietnamese"), Title("", "English")), _said()
            ),
        ]
    )


def _whole(connection: Connection, period: Period) -> Iterator[list[Any]]:
    for part, name in _PARTS.items():
        counts = punctuality(connection, part, period, By.ALL).get(None, Counts(0, 0, 0, 0, 0, 0, 0))
        yield [name, *_cells(counts)]


def _by(connection: Connection, period: Period, by: By) -> Iterator[list[Any]]:
    for part, name in _PARTS.items():
        groups = punctuality(connection, part, period, by)
        yield from ([name, group, *_cells(groups[group])] for group in sorted(groups, key=lambda group: group or ""))


def _cells(counts: Counts) -> list[Any]:
    shown = Punctuality.of(None, counts)
    return [
        shown.total, shown.settled, shown.early, shown.on_the_day, shown.late, shown.open, shown.overdue,
        shown.returned, shown.early_percent, shown.on_time_percent, shown.late_percent,
    ]  # fmt: skip


def _late(connection: Connection, period: Period) -> Iterator[list[Any]]:
    for part, name in _PARTS.items():
        for row in late_ones(connection, part, period):
            done = None if row.done_day is None else date.fromordinal(row.done_day)
            due = date.fromisoformat(row.due_on)
            leg = _LEGS[row.leg] if part is Part.POST else None
            yield [name, row.code, _KINDS[row.kind], row.agency, row.commune, due, done, row.days, leg]


def _said() -> Iterator[list[Any]]:
    for part, name in _PARTS.items():
        yield from ([name, one.name, one.vi, one.en] for one in PUNCTUALITY[part])
