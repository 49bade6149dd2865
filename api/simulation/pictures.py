"""A run as pictures: its days, its due dates, its kilometres and couriers, its bases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

from matplotlib.figure import Figure

from api.commands.console import Voice
from api.errors import Language
from api.simulation.charts import MOST_DAYS, Series, beside_names, look, over_time, panels, save
from api.simulation.folder import OPEN, PLOTS
from api.simulation.report import against_due, read_rows

MOST_BASES = 20

Row = Mapping[str, str]

_DUE = {
    "early": ("trước hạn", "early", "#2a7f62"),
    "on_the_day": ("đúng ngày hạn", "on the day", "#8fc1a9"),
    "late": ("trễ hạn", "late", "#c8442f"),
    "returned": ("đã chuyển hoàn", "returned", "#8d99ae"),
    "open": ("chưa xong, chưa quá hạn", "not done, not late yet", "#c3c9d1"),
}
_PARTIES = {
    "post": ("bưu chính", "the post", "#c8442f"),
    "agency": ("cơ quan", "the agency", "#e0a030"),
    "citizen": ("người dân", "the citizen", "#5b7db1"),
    "promise": ("hạn không thể kịp", "an impossible due date", "#8a8f98"),
}
_BLUE, _GREEN, _GREY, _AMBER, _RED = "#33658a", "#2a7f62", "#c3c9d1", "#e0a030", "#c8442f"


@dataclass(frozen=True, slots=True)
class _Run:
    """The tables that the pictures are drawn from."""

    name: str
    days: tuple[Row, ...]
    rounds: tuple[Row, ...]
    bases: tuple[Row, ...]
    shipments: tuple[Row, ...]
    """All that became ready, done or not."""

    @classmethod
    def read(cls, folder: Path) -> _Run:
        days, rounds, bases = (tuple(read_rows(folder / f"{name}.csv")) for name in ("days", "rounds", "bases"))
        shipments = (*read_rows(folder / "shipments.csv"), *read_rows(folder / OPEN))
        ready = tuple(row for row in shipments if row["outcome"] != "not_ready")
        return cls(folder.resolve().name, days, rounds, bases, ready)

    @property
    def dates(self) -> list[date]:
        return [_day(row) for row in self.days]

    def title(self, voice: Voice) -> str:
        first, last = (voice.text(f"{day:%d/%m/%Y}", f"{day:%d %b %Y}") for day in (self.dates[0], self.dates[-1]))
        return voice.text(f"Mô phỏng {self.name}, {first} – {last}", f"Simulation {self.name}, {first} – {last}")


def draw(folder: Path, language: Language) -> list[Path]:
    """
    Draw a finished run.

    Returns
    -------
    paths
        PNG files in the run's folder `plots`.
    """
    run, voice = _Run.read(folder), Voice(language, as_json=False)
    pictures: dict[str, Callable[[_Run, Voice], Figure]] = {
        "days": _days, "due": _due, "work": _work, "bases": _bases,
    }  # fmt: skip
    (folder / PLOTS).mkdir(exist_ok=True)
    with look():
        return [save(picture(run, voice), folder / PLOTS / f"{name}.png") for name, picture in pictures.items()]


def _days(run: _Run, voice: Voice) -> Figure:
    """What came in and went out, and what was left in the evenings."""
    days, weekly = run.dates, _is_weekly(run.dates)
    flows = {
        "accepted": ("đã nhận", "accepted", _BLUE),
        "delivered": ("đã phát", "delivered", _GREEN),
        "returned": ("đã chuyển hoàn", "returned", _AMBER),
    }
    levels = {
        "in_custody": ("bưu chính đang giữ", "in custody of the post", _BLUE),
        "not_accepted": ("sẵn sàng nhưng chưa nhận", "ready, but not accepted yet", _GREY),
    }
    figure, (above, below) = panels(2, 1, (11, 7), run.title(voice))
    above.set_title(
        voice.text("Bưu gửi nhận vào và trả ra", "Shipments taken in and handed over") + _per(voice, weekly)
    )
    totals = {name: [int(row[name]) for row in run.days] for name in (*flows, *levels)}
    moved = [
        Series(voice.text(vi, en), colour, dict(zip(days, _gains(totals[name]), strict=True)))
        for name, (vi, en, colour) in flows.items()
    ]
    over_time(above, days, moved, voice, weekly=weekly, apart=True)
    below.set_title(voice.text("Bưu gửi còn lại cuối ngày", "Shipments left at the end of the day"))
    left = [
        Series(voice.text(vi, en), colour, dict(zip(days, totals[name], strict=True)))
        for name, (vi, en, colour) in levels.items()
    ]
    over_time(below, days, left, voice)
    return figure


def _due(run: _Run, voice: Voice) -> Figure:
    """Which promises were kept, by the day on which they were due; the late ones by who was to blame."""
    due = [date.fromisoformat(row["due_on"]) for row in run.shipments] or run.dates
    weekly = _is_weekly(due)
    figure, (above, below) = panels(2, 1, (11, 7), run.title(voice))
    above.set_title(
        voice.text("Bưu gửi so với hạn phát, theo tuần đến hạn", "Shipments against their due dates, by week due")
        if weekly
        else voice.text("Bưu gửi so với hạn phát, theo ngày đến hạn", "Shipments against their due dates, by day due")
    )
    kept = [
        Series(voice.text(vi, en), colour, _count(row["due_on"] for row in run.shipments if against_due(row) == key))
        for key, (vi, en, colour) in _DUE.items()
    ]
    over_time(above, due, kept, voice, weekly=weekly)
    below.set_title(voice.text("Trễ hạn là do", "Late because of"))
    late = [row for row in run.shipments if against_due(row) == "late"]
    blamed = [
        Series(voice.text(vi, en), colour, _count(row["due_on"] for row in late if row["blame"] == party))
        for party, (vi, en, colour) in _PARTIES.items()
    ]
    over_time(below, due, blamed, voice, weekly=weekly)
    return figure


def _work(run: _Run, voice: Voice) -> Figure:
    """What the rounds drove, and how many couriers drove them."""
    figure, (above, below) = panels(2, 1, (11, 7), run.title(voice))
    above.set_title(voice.text("Quãng đường mỗi ngày, km", "Distance a day, km"))
    driven = {_day(row): int(row["metres"]) / 1000 for row in run.days}
    over_time(above, run.dates, [Series("km", _BLUE, driven)], voice)
    below.set_title(voice.text("Bưu tá mỗi ngày", "Couriers a day"))
    crews = {"no": ("thường trực", "regular", _BLUE), "yes": ("dự bị", "reserve", _AMBER)}
    couriers = [
        Series(voice.text(vi, en), colour, _count(row["day"] for row in run.rounds if row["reserve"] == reserve))
        for reserve, (vi, en, colour) in crews.items()
    ]
    over_time(below, run.dates, couriers, voice)
    return figure


def _bases(run: _Run, voice: Voice) -> Figure:
    """Where the post was late, and where it drove and spent most: the worst bases, the latest first."""
    late, km, dong = Counter[str](), Counter[str](), Counter[str]()
    for row in run.shipments:
        if against_due(row) == "late" and row["blame_leg"] in {"collect", "deliver"}:
            late[row["blame_where"]] += 1
    for row in run.bases:
        km[row["base_id"]] += int(row["metres"])
        dong[row["base_id"]] += int(row["dong"])
    worst = sorted({*late, *dong}, key=lambda base: (-late[base], -dong[base], base))[:MOST_BASES]
    figure, charts = panels(1, 3, (13, 1.6 + 0.3 * max(6, len(worst))), run.title(voice))
    shown = (
        ("Trễ hạn do chặng gom, phát", "Late by its rounds", late, 1, _RED),
        ("Quãng đường, km", "Distance, km", km, 1000, _BLUE),
        ("Chi phí, nghìn đồng", "Cost, thousand đồng", dong, 1000, _GREEN),
    )
    for axes, (vi, en, counts, scale, colour) in zip(charts, shown, strict=True):
        axes.set_title(voice.text(vi, en))
        beside_names(axes, worst, [counts[base] / scale for base in worst], colour, voice)
    return figure


def _is_weekly(days: Iterable[date]) -> bool:
    known = list(days)
    return (max(known) - min(known)).days >= MOST_DAYS


def _per(voice: Voice, weekly: bool) -> str:
    return voice.text(", theo tuần", ", by week") if weekly else voice.text(", theo ngày", ", by day")


def _gains(totals: list[int]) -> list[int]:
    """What each day adds to a count that only grows."""
    return [after - before for before, after in pairwise((0, *totals))]


def _count(days: Iterable[str]) -> dict[date, float]:
    return {date.fromisoformat(day): count for day, count in Counter(days).items()}


def _day(row: Row) -> date:
    return date.fromisoformat(row["day"])
