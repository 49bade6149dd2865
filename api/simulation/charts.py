"""How pictures of runs are drawn: bars over days or weeks, bars beside names, one look for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.ticker import FuncFormatter, MaxNLocator

from api.commands.console import Voice
from api.targets import whole_file

MOST_DAYS = 45
"""Longer spans are better drawn week by week."""

_MOST_TICKS = 14
_MOST_APART = 100  # bars; more of them would be thinner than the gaps between
_LOOK: dict[Any, Any] = {
    "font.family": "Be Vietnam Pro", "font.size": 10, "axes.titlesize": 12, "axes.titleweight": 600,
    "axes.titlelocation": "left", "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True,
    "axes.axisbelow": True, "grid.color": "#e3e6ea", "legend.frameon": False, "text.parse_math": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of a chart."""

    name: str
    """For the legend."""
    colour: str
    values: Mapping[date, float]
    """By day; a day that is not there has nothing."""


@contextmanager
def look() -> Iterator[None]:
    """One typeface and one style for everything that is drawn within."""
    folder = files("fontpkg_be_vietnam_pro") / "files"
    for weight in ("Regular", "SemiBold"):
        with as_file(folder / f"BeVietnamPro-{weight}.ttf") as path:
            fontManager.addfont(path)
    with rc_context(_LOOK):
        yield


def panels(rows: int, columns: int, size: tuple[float, float], title: str) -> tuple[Figure, list[Axes]]:
    """
    Begin a picture.

    Parameters
    ----------
    size
        Width and height, inches.

    Returns
    -------
    figure
        The picture.
    charts
        Its charts, row by row.
    """
    figure = Figure(figsize=size, dpi=120, layout="constrained")
    figure.suptitle(title, x=0.01, ha="left", size=10, color="#5a6470")
    return figure, list(figure.subplots(rows, columns, squeeze=False).flat)


def save(figure: Figure, path: Path) -> Path:
    """Write a picture as PNG."""
    with whole_file(path) as file:
        figure.savefig(file, format="png")
    return path


def over_time(
    axes: Axes,
    days: Sequence[date],
    series: Sequence[Series],
    voice: Voice,
    *,
    weekly: bool = False,
    apart: bool = False,
) -> None:
    """
    Draw numbers over days, one series on top of the other.

    Parameters
    ----------
    days
        The first and the last of them bound the chart.
    weekly
        Add up each week, and let it stand at its Monday.
    apart
        Let the series stand side by side.
    """
    slots = _slots(min(days), max(days), weekly=weekly)
    at, width = _numbers(slots), (7 if weekly else 1) * (0.88 if len(slots) <= _MOST_APART else 1)
    below, largest = [0.0] * len(slots), 0.0
    for number, one in enumerate(series):
        heights = _heights(one.values, slots, weekly=weekly)
        if apart:
            thin = width / len(series)
            axes.bar(at + (number + 0.5) * thin - width / 2, heights, thin, color=one.colour, label=one.name)
        else:
            axes.bar(at, heights, width, bottom=below, color=one.colour, label=one.name)
            below = [lower + height for lower, height in zip(below, heights, strict=True)]
        largest = max(largest, *heights, *below)
    ticks = slots[:: -(-len(slots) // _MOST_TICKS)]
    axes.set_xticks(_numbers(ticks), [_short(tick, voice) for tick in ticks])
    axes.grid(visible=False, axis="x")
    _number(axes, "y", largest, voice)
    if len(series) > 1:
        axes.legend(loc="upper left", bbox_to_anchor=(0, -0.09), ncols=len(series), borderaxespad=0.2)


def beside_names(axes: Axes, names: Sequence[str], values: Sequence[float], colour: str, voice: Voice) -> None:
    """Draw a bar beside each name, from the top down, with its number at its end."""
    drawn = axes.barh(range(len(names)), values, 0.7, color=colour)
    axes.bar_label(drawn, [voice.number(value) for value in values], padding=3, size=9)
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.grid(visible=False, axis="y")
    _number(axes, "x", max(values, default=0), voice)


def _slots(first: date, last: date, *, weekly: bool) -> list[date]:
    """Every day of a span, or every Monday of its weeks."""
    begin, step = (_monday(first), 7) if weekly else (first, 1)
    return [begin + timedelta(days=days) for days in range(0, (last - begin).days + 1, step)]


def _heights(values: Mapping[date, float], slots: Sequence[date], *, weekly: bool) -> list[float]:
    sums = defaultdict[date, float](float)
    for day, value in values.items():
        sums[_monday(day) if weekly else day] += value
    return [sums[slot] for slot in slots]


def _numbers(days: Sequence[date]) -> npt.NDArray[np.int_]:
    """Where days stand."""
    return np.array([day.toordinal() for day in days])


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _short(day: date, voice: Voice) -> str:
    return voice.text(f"{day:%d/%m}", f"{day:%d %b}")


def _number(axes: Axes, which: Literal["x", "y"], largest: float, voice: Voice) -> None:
    """Whole numbers from nothing up, written as the language does."""
    axes.set(**{f"{which}lim": (0, 1.12 * largest or 1)})
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    axis.set_major_formatter(FuncFormatter(lambda value, _: voice.number(value)))
