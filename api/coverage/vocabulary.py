"""What a study's things are called in both languages: (Vietnamese, English)."""

from __future__ import annotations

from collections.abc import Iterable

from api.coverage.document import Means, RemedyKind
from api.plans.schemas import Words

KINDS = {
    RemedyKind.NEW_POINT: ("Điểm mới", "New point"),
    RemedyKind.BORROWED_DESK: ("Quầy mượn", "Borrowed desk"),
    RemedyKind.WEEKLY_VISIT: ("Lưu động mỗi tuần", "Weekly visit"),
    RemedyKind.DAILY_VISIT: ("Lưu động mỗi ngày", "Daily visit"),
    RemedyKind.HOME_PICKUP: ("Thu gom tại nhà", "Pickup at home"),
    RemedyKind.NOTHING: ("Giữ nguyên", "Nothing"),
}
MEANS = {Means.WALK: ("đi bộ", "on foot"), Means.MOTORBIKE: ("xe máy", "by motorbike")}
WEEKDAYS = (
    ("thứ Hai", "Monday"), ("thứ Ba", "Tuesday"), ("thứ Tư", "Wednesday"), ("thứ Năm", "Thursday"),
    ("thứ Sáu", "Friday"), ("thứ Bảy", "Saturday"), ("Chủ nhật", "Sunday"),
)  # fmt: skip
INPUTS = {
    "software": ("phiên bản phần mềm", "version of the software"),
    "network": ("mạng lưới", "network"),
    "roads": ("mạng đường", "roads"),
    "day": ("ngày xét", "day"),
    "assumptions": ("giả định", "assumptions"),
    "sample": ("mẫu tính (tuần, số bước tìm, số lần rút)", "sample (weeks, steps of search, draws)"),
    "seed": ("số khởi tạo ngẫu nhiên", "seed"),
    "iterations": ("số bước tìm (--quick)", "steps of search (--quick)"),
    "kinds": ("loại biện pháp", "kinds of remedies"),
}
"""On what a study depends."""


def listed_inputs(keys: Iterable[str]) -> Words:
    """`mạng lưới, mạng đường`; what only another version of the software knows stands as it is."""
    named = [INPUTS.get(key, (key, key)) for key in keys]
    return Words(vi=", ".join(vi for vi, _ in named), en=", ".join(en for _, en in named))
