"""What a build of roads kept, dropped and ignored, in Vietnamese and English."""

from __future__ import annotations

from collections.abc import Iterator

from rich.markup import escape
from rich.table import Table

from api.errors import Language
from geo.report import BuildReport, DropReason, NoticeKind

PROFILES = {"motorbike": ("xe máy", "motorbike"), "van": ("xe tải nhỏ", "van"), "walk": ("đi bộ", "on foot")}

REASONS: dict[DropReason, tuple[str, str]] = {
    DropReason.NOT_A_ROAD: ("chưa phải là đường đi được", "no road: under construction, a platform ..."),
    DropReason.UNKNOWN_CLASS: ("loại đường không có trong bảng tốc độ", "kind of way not in the table of speeds"),
    DropReason.CLASS_CLOSED: ("loại đường không dành cho phương tiện này", "kind of way not for this vehicle"),
    DropReason.ACCESS_DENIED: ("bị cấm theo thẻ trên bản đồ", "forbidden by a tag"),
    DropReason.IMPASSABLE: ("mặt đường không đi được", "impassable surface"),
    DropReason.TOO_NARROW: ("hẹp hơn phương tiện", "narrower than the vehicle"),
    DropReason.MISSING_NODES: ("thiếu tọa độ trong tệp", "coordinates missing in the extract"),
    DropReason.BARRIER: (
        "nút có rào chắn (đường hai bên vẫn giữ)",
        "nodes with a barrier (the road on both sides stays)",
    ),
    DropReason.ISLAND: ("phần tách rời khỏi mạng chính", "parts cut off from the main network"),
}

NOTICES: dict[NoticeKind, tuple[str, str]] = {
    NoticeKind.ODD_VALUE: ("giá trị lạ, đã bỏ qua thẻ", "odd value, tag ignored"),
    NoticeKind.CONDITIONAL: ("quy định theo giờ, đã bỏ qua", "rule that holds at times, ignored"),
    NoticeKind.RESTRICTION_IGNORED: ("cấm rẽ, chưa được xét", "turn restriction, not yet heeded"),
    NoticeKind.FERRY_RELATION: ("tuyến phà chỉ có quan hệ, đã bỏ qua", "ferry given by a relation only, ignored"),
    NoticeKind.FERRY_TIME: ("thời gian phà vô lý, tính theo chiều dài", "impossible ferry time, length used"),
    NoticeKind.BARRIER_UNKNOWN: ("rào chắn lạ, coi như qua được", "unknown barrier, taken as passable"),
    NoticeKind.NODE_SKIPPED: ("nút thiếu tọa độ, đường bị cắt tại đó", "node without coordinates, way cut there"),
    NoticeKind.ZERO_LENGTH: ("hai nút trùng một chỗ", "two nodes at one place"),
}

MAX_NOTICES = 20
"""Rows shown of the last table; the file and `--json` hold all."""

COLUMNS = {
    "profile": ("Phương tiện", "Profile"),
    "nodes": ("Nút", "Nodes"),
    "arcs": ("Cung", "Arcs"),
    "km": ("km", "km"),
    "reason": ("Lý do", "Reason"),
    "count": ("Số lượng", "Count"),
    "what": ("Việc", "What"),
    "detail": ("Chi tiết", "Detail"),
    "example": ("Ví dụ", "Example"),
}
NUMBERS = frozenset({"nodes", "arcs", "km", "count"})


def road_tables(report: BuildReport, language: Language) -> Iterator[Table]:
    """Yield a table of what was kept, and those of what was dropped and what was odd, if anything was."""
    pick = 0 if language == "vi" else 1
    yield _kept(report, pick)
    if report.dropped:
        yield _dropped(report, pick)
    if report.notices:
        yield _notices(report, pick)


def _kept(report: BuildReport, pick: int) -> Table:
    table = _table(("Đã giữ", "Kept")[pick], pick, "profile", "nodes", "arcs", "km")
    for row in report.kept:
        table.add_row(_profile(row.profile, pick), f"{row.nodes:,}", f"{row.arcs:,}", f"{row.km:,.1f}")
    return table


def _dropped(report: BuildReport, pick: int) -> Table:
    table = _table(("Đã bỏ", "Dropped")[pick], pick, "profile", "reason", "count", "km")
    for row in report.dropped:
        table.add_row(_profile(row.profile, pick), REASONS[row.reason][pick], f"{row.count:,}", f"{row.km:,.1f}")
    return table


def _notices(report: BuildReport, pick: int) -> Table:
    table = _table(("Cần xem lại", "Worth a look")[pick], pick, "what", "detail", "count", "example")
    for row in report.notices[:MAX_NOTICES]:
        table.add_row(NOTICES[row.kind][pick], escape(row.detail), f"{row.count:,}", row.example)
    more = len(report.notices) - MAX_NOTICES
    if more > 0:
        table.add_row((f"... và {more} dòng nữa", f"... and {more} more rows")[pick], "", "", "")
    return table


def _table(title: str, pick: int, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(COLUMNS[column][pick], justify="right" if column in NUMBERS else "left")
    return table


def _profile(name: str, pick: int) -> str:
    return PROFILES[name][pick] if name in PROFILES else name
