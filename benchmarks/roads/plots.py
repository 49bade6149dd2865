"""Runs as pictures: ns an entry by graph and engine, preparation by size of graph."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.roads.report import groups_of
from benchmarks.roads.results import Run

DPI = 150


def draw(runs: Sequence[Run], folder: Path) -> list[Path]:
    """
    Draw what the runs allow.

    Raises
    ------
    ImportError
        Without matplotlib.
    """
    import_module("matplotlib").use("Agg")
    if not groups_of(runs):
        return []
    return [_entries(runs, folder / "ns-per-entry.png"), _preparation(runs, folder / "preparation.png")]


def _entries(runs: Sequence[Run], path: Path) -> Path:
    """A group of bars a graph, a bar an engine, the range of the seeds on top."""
    groups = groups_of(runs)
    places = list(dict.fromkeys((graph, turns) for graph, turns, _ in groups))
    engines = list(dict.fromkeys(engine for *_, engine in groups))
    figure, axis = _pyplot().subplots(figsize=(max(5, 1.3 * len(places)), 4.2))
    width = 0.8 / len(engines)
    for number, engine in enumerate(engines):
        shown = [(at, groups[*place, engine]) for at, place in enumerate(places) if (*place, engine) in groups]
        values = [[run.ns_per_entry for run in group] for _, group in shown]
        middle = [median(value) for value in values]
        reach = [[m - min(v) for m, v in zip(middle, values, strict=True)],
                 [max(v) - m for m, v in zip(middle, values, strict=True)]]  # fmt: skip
        axis.bar([at + (number + 0.5) * width - 0.4 for at, _ in shown], middle, width, yerr=reach, label=engine)
    axis.set_yscale("log")
    axis.set_ylabel("ns a matrix entry, one core")
    axis.set_xticks(range(len(places)), [f"{graph}\nturns {'on' if turns else 'off'}" for graph, turns in places])
    axis.tick_params(axis="x", rotation=30)
    axis.legend()
    return _save(figure, path)


def _preparation(runs: Sequence[Run], path: Path) -> Path:
    """Seconds of contraction and of the network against crossings, a line for turns on and for off."""
    figure, axis = _pyplot().subplots(figsize=(6, 4.2))
    for turns in (False, True):
        own = [
            group
            for (_, with_turns, engine), group in groups_of(runs).items()
            if engine == "own" and with_turns == turns
        ]
        own.sort(key=lambda group: group[0].crossings)
        crossings = [group[0].crossings for group in own]
        for name, mark in (("contract_seconds", "o-"), ("network_seconds", "x--")):
            seconds = [median(getattr(run, name) for run in group) for group in own]
            what = name.removesuffix("_seconds").replace("contract", "contraction")
            axis.plot(crossings, seconds, mark, label=f"{what}, turns {'on' if turns else 'off'}")
    axis.set_xscale("log")
    axis.set_yscale("log")
    axis.set_xlabel("crossings of the road graph")
    axis.set_ylabel("s, one core")
    axis.legend()
    return _save(figure, path)


def _pyplot() -> Any:
    return import_module("matplotlib.pyplot")


def _save(figure: Any, path: Path) -> Path:
    figure.tight_layout()
    figure.savefig(path, dpi=DPI)
    _pyplot().close(figure)
    return path
