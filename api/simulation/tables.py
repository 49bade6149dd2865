"""Reports of runs as tables for a person, and as facts for a program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from rich.table import Table
from rich.text import Text

from api.commands.console import Voice
from api.simulation.report import RunReport

PARTIES = {
    "post": ("bưu chính", "the post"),
    "agency": ("cơ quan: kết quả xong sau ngày hẹn", "the agency: ready after the appointment"),
    "citizen": ("người dân: đã đến kịp hạn, không gặp", "the citizen: somebody came in time"),
    "promise": ("hạn phát không thể kịp ngay từ đầu", "no way could keep the due date from the start"),
}
LEGS = {"collect": ("gom", "collect"), "line": ("đường thư", "line"), "deliver": ("phát", "deliver"), "": ("", "")}

Figure = tuple[str, str, Callable[[RunReport], float], float, int]
"""In Vietnamese, in English, the value, what it is divided by, and decimals."""


def report_table(reports: Sequence[RunReport], voice: Voice) -> Table:
    """One column a run; with two of them, a last one says how much the second is above the first."""
    return _side_by_side(voice.text("Mô phỏng", "Simulation"), _FIGURES, reports, voice)


def party_table(reports: Sequence[RunReport], voice: Voice) -> Table:
    """Late shipments of runs by who is to blame, the post's by leg; columns as in `report_table`."""
    return _side_by_side(voice.text("Trễ hạn là do", "Late because of"), _LATENESS, reports, voice)


def blame_table(report: RunReport, voice: Voice) -> Table:
    """Late shipments by who is to blame; of the post by leg and place, the worst first."""
    table = Table(title=voice.text("Trễ hạn là do", "Late because of"), title_justify="left")
    for vi, en in (("Bên", "Party"), ("Chặng", "Leg"), ("Nơi", "Where")):
        table.add_column(voice.text(vi, en))
    table.add_column(voice.text("Bưu gửi", "Shipments"), justify="right")
    for (party, leg, where), count in Counter(dict(report.blamed)).most_common(15):
        table.add_row(voice.text(*PARTIES[party]), voice.text(*LEGS[leg]), where, voice.number(count))
    return table


def report_facts(report: RunReport) -> dict[str, Any]:
    """Every figure, for a program."""
    parties = Counter[str]()
    for (party, _, _), count in report.blamed.items():
        parties[party] += count
    return {
        "name": report.name, "first": report.first, "last": report.last, "working_days": report.working_days,
        "accepted": report.accepted, "delivered": report.delivered, "returned": report.returned,
        "in_custody": report.in_custody, "not_accepted": report.not_accepted, "not_ready": report.not_ready,
        "by_kind": dict(report.by_kind), "against_due": dict(report.against_due),
        "against_appointment": dict(report.against_appointment), "blamed": dict(parties), "rounds": report.rounds,
        "reserve_rounds": report.reserve_rounds, "most_couriers": report.most_couriers, "distance": report.metres,
        "duration": report.seconds, "overtime": report.overtime, "cost_dong": report.dong,
    }  # fmt: skip


_FIGURES: tuple[Figure, ...] = (
    ("Ngày làm việc", "Working days", lambda r: r.working_days, 1, 0),
    ("Đã nhận", "Accepted", lambda r: r.accepted, 1, 0),
    ("Đã phát", "Delivered", lambda r: r.delivered, 1, 0),
    ("Đã chuyển hoàn", "Returned", lambda r: r.returned, 1, 0),
    ("Đang giữ", "In custody", lambda r: r.in_custody, 1, 0),
    ("Chưa nhận", "Not accepted yet", lambda r: r.not_accepted, 1, 0),
    ("Trễ hạn phát", "Late against the due date", lambda r: r.late, 1, 0),
    ("  do bưu chính", "  by the post", lambda r: r.late_through("post"), 1, 0),
    ("Kết quả xong sớm hẹn", "Results ready early", lambda r: r.against_appointment.get("early", 0), 1, 0),
    ("Kết quả xong đúng hẹn", "Results ready on the day", lambda r: r.against_appointment.get("on_the_day", 0), 1, 0),
    ("Kết quả xong trễ hẹn", "Results ready late", lambda r: r.against_appointment.get("late", 0), 1, 0),
    ("Kết quả chưa xong", "Results not ready", lambda r: r.against_appointment.get("open", 0), 1, 0),
    ("Ngày công bưu tá", "Couriers' days", lambda r: r.rounds, 1, 0),
    ("  của dự bị", "  of the reserve", lambda r: r.reserve_rounds, 1, 0),
    ("Bưu tá nhiều nhất một ngày", "Most couriers on a day", lambda r: r.most_couriers, 1, 0),
    ("Quãng đường, km", "Distance, km", lambda r: r.metres, 1000, 0),
    ("Giờ làm việc", "Working time, h", lambda r: r.seconds, 3600, 0),
    ("Giờ làm thêm", "Overtime, h", lambda r: r.overtime, 3600, 1),
    ("Chi phí, triệu đồng", "Cost, million đồng", lambda r: r.dong, 1_000_000, 2),
)


_LATENESS: tuple[Figure, ...] = tuple(
    (vi, en, partial(RunReport.late_through, party=party, leg=leg), 1, 0)
    for party, (of_vi, of_en) in PARTIES.items()
    for leg, vi, en in (
        (None, of_vi, of_en),
        *((leg, f"  {leg_vi}", f"  {leg_en}") for leg, (leg_vi, leg_en) in LEGS.items() if leg and party == "post"),
    )
)


def _side_by_side(title: str, figures: Sequence[Figure], reports: Sequence[RunReport], voice: Voice) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("")
    for report in reports:
        table.add_column(Text(report.name), justify="right")
    if len(reports) == 2:
        table.add_column(voice.text("Thay đổi", "Change"), justify="right")
    for vi, en, figure, scale, decimals in figures:
        values = [figure(report) / scale for report in reports]
        cells = [voice.number(value, decimals) for value in values]
        if len(reports) == 2:
            cells.append(_change(values, voice))
        table.add_row(voice.text(vi, en), *cells)
    return table


def _change(values: Sequence[float], voice: Voice) -> str:
    before, after = values
    if before == after:
        return "="
    if before == 0:
        return ""
    percent = voice.number(100 * (after - before) / before, 1)
    return f"{percent}%" if after < before else f"+{percent}%"
