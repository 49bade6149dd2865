"""A design of lines as rows: the network folder's table, a machine's answer, and what a person sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.table import Table

from api.errors import Language
from api.lines.design import LinePlan, Unserved
from api.lines.figures import BaseService, DayFigures
from api.lines.prices import Prices
from api.network.columns import LINES
from api.network.model import Line
from api.tables.moments import write_time
from api.tables.writing import csv_bytes
from routing.solution import Constraint

PAUSE = "pause"
"""The reason when the pause between two waves is shorter than a call; every other one is a constraint's name."""

_WHY: dict[str, tuple[str, str]] = {
    PAUSE: ("quãng nghỉ giữa hai ca ngắn hơn {} so với một lần ghé", "the pause between the waves is {} too short"),
    Constraint.TIME_WINDOWS: ("thư tới muộn {} so với giờ vào ca", "its mail comes {} too late for the wave"),
    Constraint.MAX_DURATION: ("chuyến dài quá {} so với --longest", "the run takes {} longer than --longest"),
    Constraint.SHIFT: (
        "xe về trung tâm muộn {} so với chuyến sau hoặc nửa đêm",
        "the van is back {} too late for the next run or midnight",
    ),
    Constraint.REACHABILITY: ("không có đường cho xe tới đó và về", "no road for a van leads there and back"),
    Constraint.FLEET: ("mọi xe của --vans đã kín, thêm một xe là đủ", "all --vans are in use, one more would serve it"),
    Constraint.COST: (
        "không có gì cấm, nhưng chưa kịp tìm được chỗ: tăng --seconds",
        "nothing forbids it, but there was no time to place it: give more --seconds",
    ),
}
"""A sentence a reason, `{}` = minutes. No other constraint binds these problems."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A design, and what the network has today."""

    plan: LinePlan
    prices: Prices
    planned: DayFigures
    services: tuple[BaseService, ...]
    today: DayFigures | None
    """None = no lines."""
    services_today: tuple[BaseService, ...]


def lines_csv(plan: LinePlan) -> bytes:
    """The table `lines` of a network folder."""
    return csv_bytes(LINES, map(LINES.write, plan.rows))


def plan_facts(found: Comparison) -> dict[str, Any]:
    """Everything, for a program: metres, seconds, đồng, times as HH:MM."""
    plan = found.plan
    return {
        "hub": plan.hub.site_id,
        "bases": [base.site_id for base in plan.bases],
        **_figures(found.planned),
        "prices": asdict(found.prices),
        "runs": [
            {**_run_facts(line), "distance": metres} for line, metres in zip(plan.lines, plan.distances, strict=True)
        ],
        "services": [_service_facts(service) for service in found.services],
        "unserved": [_unserved_facts(unserved) for unserved in plan.unserved],
        "today": None
        if found.today is None
        else {
            **_figures(found.today),
            "services": [_service_facts(service) for service in found.services_today],
        },
    }


def _figures(figures: DayFigures) -> dict[str, Any]:
    return {
        "lines": figures.lines,
        "num_runs": figures.runs,
        "vans": figures.vans,
        "distance": figures.distance,
        "duration": figures.duration,
        "cost_dong": figures.cost,
    }


def _run_facts(line: Line) -> dict[str, Any]:
    stops = [
        {
            "site_id": stop.site_id,
            "arrive": _time(stop.arrive),
            "depart": _time(stop.depart),
            "cut_off": _time(stop.cut_off),
        }
        for stop in line.stops
    ]
    return {"line_id": line.line_id, "run_id": line.run_id, "stops": stops}


def _service_facts(service: BaseService) -> dict[str, Any]:
    return {
        "site_id": service.base.site_id,
        "arrives": _time(service.arrives),
        "hand_in": _time(service.hand_in),
    }


def _unserved_facts(unserved: Unserved) -> dict[str, Any]:
    return {
        "site_id": unserved.base.site_id,
        "run_id": unserved.run.run_id,
        "reasons": [{"constraint": name, "amount": amount} for name, amount in _reasons(unserved)],
    }


def _reasons(unserved: Unserved) -> list[tuple[str, int]]:
    told = [(reason.constraint.value, reason.amount) for reason in unserved.reasons]
    return told or [(PAUSE, unserved.missing)]


def why(unserved: Unserved, language: Language) -> str:
    """One sentence: which base misses which run, why, and by how much."""
    pick = 0 if language == "vi" else 1
    base, run = unserved.base, unserved.run
    parts = [_WHY[name][pick].format(_minutes(amount, pick)) for name, amount in _reasons(unserved)]
    start = f"{base.site_id} ({base.name}), {('chuyến', 'run')[pick]} {run.run_id} {write_time(run.leaves)}"
    return f"{start}: {'; '.join(parts)}"


def _minutes(seconds: int, pick: int) -> str:
    return f"{-(-seconds // 60)} {('phút', 'min')[pick]}"


def run_table(found: Comparison, language: Language) -> Table:
    """Each run of each line: where it calls and when, how far and how long."""
    pick = 0 if language == "vi" else 1
    table = Table(title=("Đường thư cấp 2 đã lập", "Level-2 lines as planned")[pick], title_justify="left")
    for heading in (("Đường thư", "Line"), ("Ghé các bưu cục", "Calls")):
        table.add_column(heading[pick])
    for heading in (("Rời hub", "Leaves"), ("Về hub", "Back"), ("km", "km"), ("Giờ", "Hours")):
        table.add_column(heading[pick], justify="right")
    for line, metres in zip(found.plan.lines, found.plan.distances, strict=True):
        leaves, back = line.stops[0].depart, line.stops[-1].arrive
        assert leaves is not None
        assert back is not None
        calls = " · ".join(f"{stop.site_id} {_time(stop.arrive)}" for stop in line.stops[1:-1])
        table.add_row(
            f"{line.line_id}/{line.run_id}", calls, _time(leaves), _time(back),
            _number(metres / 1000, 1, pick), _number((back - leaves) / 3600, 1, pick),
        )  # fmt: skip
    return table


def figure_table(found: Comparison, language: Language) -> Table:
    """Totals of a day, beside those of the lines that the network has."""
    pick = 0 if language == "vi" else 1
    columns = [found.planned, *([found.today] if found.today else [])]
    table = Table(title=("Một ngày", "A day")[pick], title_justify="left")
    table.add_column()
    for heading in (("Đã lập", "Planned"), ("Hiện có", "Today"))[: len(columns)]:
        table.add_column(heading[pick], justify="right")
    rows: Sequence[tuple[tuple[str, str], list[str]]] = (
        (("Đường thư · chuyến", "Lines · runs"), [f"{day.lines} · {day.runs}" for day in columns]),
        (("Xe", "Vans"), [str(day.vans) for day in columns]),
        (("Quãng đường, km", "Distance, km"), [_known(day.distance, 1000, 1, pick) for day in columns]),
        (("Giờ xe chạy", "Hours under way"), [_number(day.duration / 3600, 1, pick) for day in columns]),
        (("Chi phí, đ", "Cost, đ"), [_known(day.cost, 1, 0, pick) for day in columns]),
    )
    for title, cells in rows:
        table.add_row(title[pick], *cells)
    return table


def service_table(found: Comparison, language: Language) -> Table:
    """What each base gets, beside what it has."""
    pick = 0 if language == "vi" else 1
    table = Table(title=("Từng bưu cục phát", "Each base")[pick], title_justify="left")
    table.add_column(("Bưu cục", "Base")[pick])
    headings = [("Thư tới sớm nhất", "First mail"), ("Nhận thư trễ nhất", "Latest hand-in")]
    if found.today:
        headings += [("Hiện có: tới", "Today: first mail"), ("Hiện có: nhận", "Today: hand-in")]
    for heading in headings:
        table.add_column(heading[pick], justify="right")
    today = {service.base.site_id: service for service in found.services_today}
    for service in found.services:
        cells = [_time(service.arrives), _time(service.hand_in)]
        if found.today:
            now = today[service.base.site_id]
            cells += [_time(now.arrives), _time(now.hand_in)]
        table.add_row(service.base.site_id, *(cell or "–" for cell in cells))
    return table


def _time(seconds: int | None) -> str | None:
    return None if seconds is None else write_time(seconds)


def _known(value: int | None, unit: int, decimals: int, pick: int) -> str:
    return "?" if value is None else _number(value / unit, decimals, pick)


def _number(value: float, decimals: int, pick: int) -> str:
    text = f"{value:,.{decimals}f}"
    return text if pick else text.translate(str.maketrans(",.", ".,"))
