"""Columns that several sheets of reports have."""

from __future__ import annotations

from typing import Any, Final

from api.reports.schemas import Punctuality
from api.reports.sheets import Title
from api.reports.store import By, Part

PARTS: Final = {Part.AGENCY: "Cơ quan (ngày hẹn trả)", Part.POST: "Bưu điện (hạn phát)"}
KINDS: Final = {"intake": "Hồ sơ", "result": "Kết quả", "transfer": "Luân chuyển"}
LEGS: Final = {
    "nobody": "Chưa nhận", "pickup": "Bưu tá, chặng lấy", "site": "Tại điểm", "line": "Đường thư",
    "delivery": "Bưu tá, chặng phát", "courier": "Bưu tá", "done": "Đã giao",
}  # fmt: skip
COUNTS: Final = (
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
GROUPS: Final = {
    By.AGENCY: Title("Cơ quan", "Agency"),
    By.COMMUNE: Title("Xã", "Commune"),
    By.LEG: Title("Chặng khi hết hạn", "Leg when due"),
    By.MONTH: Title("Tháng của hạn", "Month of the promise"),
    By.DAY: Title("Ngày hạn", "Day of the promise"),
    By.ALL: Title("Nhóm", "Group"),
}
NAME: Final = Title("Tên", "Name")
DEFINED: Final = (Title("Cột", "Count"), Title("Nghĩa", "Vietnamese"), Title("", "English"))


def counts_of(shown: Punctuality) -> list[Any]:
    """The cells below `COUNTS`."""
    return [
        shown.total, shown.settled, shown.early, shown.on_the_day, shown.late, shown.open, shown.overdue,
        shown.returned, shown.early_percent, shown.on_time_percent, shown.late_percent,
    ]  # fmt: skip
