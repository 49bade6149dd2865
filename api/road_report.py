"""What a build of roads kept, dropped and ignored, in Vietnamese and English."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.markup import escape
from rich.table import Table

from api.errors import Language
from geo.ferries import Ferry
from geo.report import BuildReport, DropReason, NoticeKind
from geo.roads import Roads

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
    DropReason.NO_TURN: ("cấm rẽ khiến không vào hoặc không ra được", "no way in or out under turn restrictions"),
    DropReason.ISLAND: ("phần tách rời khỏi mạng chính", "parts cut off from the main network"),
}

NOTICES: dict[NoticeKind, tuple[str, str]] = {
    NoticeKind.ODD_VALUE: ("giá trị lạ, đã bỏ qua thẻ", "odd value, tag ignored"),
    NoticeKind.CONDITIONAL: ("quy định theo giờ, đã bỏ qua", "rule that holds at times, ignored"),
    NoticeKind.RESTRICTION_ODD: ("cấm rẽ không hiểu được, đã bỏ qua", "turn restriction not understood, ignored"),
    NoticeKind.FERRY_RELATION: ("phần tuyến phà không dùng được", "part of a ferry line that cannot be used"),
    NoticeKind.FERRY_TIME: ("thời gian phà vô lý, tính theo chiều dài", "impossible ferry time, length used"),
    NoticeKind.FERRY_HOURS: (
        "giờ hoạt động của phà không hiểu được, coi như luôn mở",
        "odd ferry hours, taken as open",
    ),
    NoticeKind.FERRY_OVERRIDE: (
        "dòng ghi đè không phải phà trong tệp bản đồ, không có tác dụng",
        "override for no ferry of the extract, no effect",
    ),
    NoticeKind.BARRIER_UNKNOWN: ("rào chắn lạ, coi như qua được", "unknown barrier, taken as passable"),
    NoticeKind.NODE_SKIPPED: ("nút thiếu tọa độ, đường bị cắt tại đó", "node without coordinates, way cut there"),
    NoticeKind.NO_RELATIONS: ("không có quan hệ nào: tệp có thể bị cắt cụt", "no relation at all: it may be cut off"),
    NoticeKind.ZERO_LENGTH: ("hai nút trùng một chỗ", "two nodes at one place"),
    NoticeKind.LEAP: ("hai nút liền nhau quá xa, bỏ đoạn giữa", "two nodes impossibly far apart, piece left out"),
    NoticeKind.OUTSIDE: ("ngoài vùng cắt, không lấy", "outside the clip, left out"),
}

MAX_ROWS = 20
"""Rows shown of ferries and of notices; the file and `--json` hold all."""

COLUMNS = {
    "profile": ("Phương tiện", "Profile"),
    "nodes": ("Nút", "Nodes"),
    "arcs": ("Cung", "Arcs"),
    "km": ("km", "km"),
    "bans": ("Cấm rẽ", "Banned turns"),
    "reason": ("Lý do", "Reason"),
    "count": ("Số lượng", "Count"),
    "what": ("Việc", "What"),
    "detail": ("Chi tiết", "Detail"),
    "example": ("Ví dụ", "Example"),
    "way": ("Way", "Way"),
    "name": ("Tên", "Name"),
    "boards": ("Được lên", "May board"),
    "crossing": ("Qua phà, phút", "Crossing, min"),
    "boarding": ("Chờ và lên, phút", "Boarding, min"),
    "hours": ("Giờ hoạt động", "Hours"),
}
NUMBERS = frozenset({"nodes", "arcs", "km", "count", "way", "crossing", "boarding", "bans"})


def road_tables(roads: Roads, language: Language) -> Iterator[Table]:
    """Yield a table of what was kept, and those of ferries, of what was dropped and what was odd, if anything was."""
    pick = 0 if language == "vi" else 1
    report = roads.report
    yield _kept(report, pick)
    if roads.ferries:
        yield _ferries(roads.ferries, pick)
    if report.dropped:
        yield _dropped(report, pick)
    if report.notices:
        yield _notices(report, pick)


def _kept(report: BuildReport, pick: int) -> Table:
    table = _table(("Đã giữ", "Kept")[pick], pick, "profile", "nodes", "arcs", "km", "bans")
    for row in report.kept:
        table.add_row(_profile(row.profile, pick), f"{row.nodes:,}", f"{row.arcs:,}", f"{row.km:,.1f}", f"{row.bans:,}")
    return table


def _dropped(report: BuildReport, pick: int) -> Table:
    table = _table(("Đã bỏ", "Dropped")[pick], pick, "profile", "reason", "count", "km")
    for row in report.dropped:
        table.add_row(_profile(row.profile, pick), REASONS[row.reason][pick], f"{row.count:,}", f"{row.km:,.1f}")
    return table


def _ferries(ferries: Sequence[Ferry], pick: int) -> Table:
    """Times are those of the slowest profile that may board."""
    table = _table(("Phà", "Ferries")[pick], pick, "way", "name", "boards", "crossing", "boarding", "hours")
    for ferry in ferries[:MAX_ROWS]:
        boards = ", ".join(_profile(name, pick) for name in ferry.crossing)
        crossing, boarding = (
            f"{max(times.values()) / 60:.1f}" if times else "" for times in (ferry.crossing, ferry.boarding)
        )
        hours = ferry.opening_hours or ("luôn mở", "always open")[pick]
        table.add_row(str(ferry.way), escape(ferry.name), boards or "-", crossing, boarding, escape(hours))
    _add_rest(table, len(ferries), pick)
    return table


def _notices(report: BuildReport, pick: int) -> Table:
    table = _table(("Cần xem lại", "Worth a look")[pick], pick, "what", "detail", "count", "example")
    for row in report.notices[:MAX_ROWS]:
        table.add_row(NOTICES[row.kind][pick], escape(row.detail), f"{row.count:,}", row.example)
    _add_rest(table, len(report.notices), pick)
    return table


def _add_rest(table: Table, rows: int, pick: int) -> None:
    if rows > MAX_ROWS:
        more = rows - MAX_ROWS
        table.add_row((f"... và {more} dòng nữa", f"... and {more} more rows")[pick])


def _table(title: str, pick: int, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(COLUMNS[column][pick], justify="right" if column in NUMBERS else "left")
    return table


def _profile(name: str, pick: int) -> str:
    return PROFILES[name][pick] if name in PROFILES else name
