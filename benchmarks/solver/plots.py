"""Runs as pictures: gaps as bars, and the gap over time of runs that noted their way (`--trace`)."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.solver.gaps import Cell, cells_of, summaries
from benchmarks.solver.report import groups_of
from benchmarks.solver.results import Run

DPI = 150


def draw(runs: Sequence[Run], folder: Path) -> list[Path]:
    """
    Draw every picture that the runs allow.

    Raises
    ------
    ImportError
        Without matplotlib.
    """
    import_module("matplotlib").use("Agg")
    made: list[Path] = []
    for (family, seconds, cores), group in groups_of(runs):
        name = f"{family.replace(' ', '-')}-{seconds:g}s" + (f"-{cores}cores" if cores > 1 else "")
        made += _bars(group, folder / f"gaps-{name}.png", f"{family}, {seconds:g} s")
        made += _curves(group, folder / f"time-{name}.png", f"{family}, {seconds:g} s")
    return made


def _bars(runs: Sequence[Run], path: Path, title: str) -> list[Path]:
    """Mean gap of each engine: fleet and cost, side by side."""
    rows = summaries(cells_of(runs))
    shown = [("fleet", [row.fleet_gap for row in rows]), ("cost", [row.cost_gap for row in rows])]
    shown = [(name, values) for name, values in shown if any(value is not None for value in values)]
    if not shown:
        return []
    figure, axes = _pyplot().subplots(1, len(shown), figsize=(5 * len(shown), 3.2), squeeze=False)
    for axis, (name, values) in zip(axes[0], shown, strict=True):
        axis.bar([row.engine for row in rows], [value or 0.0 for value in values], color="#33658a")
        axis.set_ylabel(f"mean {name} gap, %")
        axis.tick_params(axis="x", rotation=30)
    figure.suptitle(title)
    return [_save(figure, path)]


def _curves(runs: Sequence[Run], path: Path, title: str) -> list[Path]:
    """Gap of the best answer so far, one small picture an instance, one line an engine (its first traced seed)."""
    cells = [cell for cell in cells_of(runs) if cell.aim.cost is not None and any(run.trace for run in cell.runs)]
    names = list(dict.fromkeys(cell.instance for cell in cells))
    if not names:
        return []

    columns = min(3, len(names))
    rows = -(-len(names) // columns)
    figure, axes = _pyplot().subplots(rows, columns, figsize=(4 * columns, 2.8 * rows), squeeze=False)
    for axis in axes.ravel()[len(names) :]:
        axis.set_visible(False)
    for axis, name in zip(axes.ravel(), names, strict=False):
        _curve(axis, name, [cell for cell in cells if cell.instance == name])
    figure.suptitle(f"{title}: {'vehicles' if cells[0].by_fleet else 'cost'} over the best known, %")
    return [_save(figure, path)]


def _curve(axis: Any, name: str, cells: Sequence[Cell]) -> None:
    for cell in cells:
        run = next(run for run in cell.runs if run.trace)
        points = run.points
        aim = cell.aim.vehicles if cell.by_fleet else cell.aim.cost
        if not aim:
            continue
        values = [100 * ((point.vehicles if cell.by_fleet else point.cost) / aim - 1) for point in points]
        times = [point.seconds for point in points]
        axis.step([*times, max(run.seconds, times[-1])], [*values, values[-1]], where="post", label=cell.engine)
    axis.set_title(name, fontsize=9)
    axis.set_xlabel("CPU seconds", fontsize=8)
    axis.set_xscale("log")
    axis.legend(fontsize=7)


def _save(figure: Any, path: Path) -> Path:
    figure.tight_layout()
    figure.savefig(path, dpi=DPI)
    _pyplot().close(figure)
    return path


def _pyplot() -> Any:
    """Only those who draw need it."""
    return import_module("matplotlib.pyplot")
