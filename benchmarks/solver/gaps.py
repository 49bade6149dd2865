"""Runs gathered by instance and engine, and how far they are from the best that is known or was seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from benchmarks.solver.results import Run
from routing.objective import Objective

TOLERANCE = 0.005
"""Published costs have two decimals."""


@dataclass(frozen=True, slots=True)
class Aim:
    """What an instance's runs are compared with."""

    vehicles: int | None
    cost: float | None
    is_known: bool
    """From the literature; else the best seen in these runs."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One engine on one instance, over its seeds."""

    engine: str
    instance: str
    runs: tuple[Run, ...]
    aim: Aim

    @property
    def good(self) -> tuple[Run, ...]:
        """Runs whose answer stood."""
        return tuple(run for run in self.runs if run.has_answer and run.feasible)

    @property
    def compared(self) -> tuple[Run, ...]:
        """Where not everybody can serve everything, answers count as they are: what stays behind is in the cost."""
        return tuple(run for run in self.runs if run.has_answer) if self.is_full_model else self.good

    @property
    def is_full_model(self) -> bool:
        return any(run.family.endswith("-b") for run in self.runs)

    @property
    def vehicles(self) -> float | None:
        return median(run.vehicles for run in self.compared) if self.compared else None

    @property
    def cost(self) -> float | None:
        return median(run.cost for run in self.compared) if self.compared else None

    @property
    def fleet_gap(self) -> float | None:
        """Percent; the median over the seeds."""
        if self.aim.vehicles is None or self.vehicles is None:
            return None
        return 100 * (self.vehicles / self.aim.vehicles - 1)

    @property
    def cost_gap(self) -> float | None:
        """Percent; the median over the seeds: where fewest vehicles are wanted, over those with the best fleet."""
        if self.aim.cost is None:
            return None
        equal = [run for run in self.compared if not self.by_fleet or run.vehicles == self.aim.vehicles]
        return 100 * (median(run.cost for run in equal) / self.aim.cost - 1) if equal else None

    @property
    def by_fleet(self) -> bool:
        """Whether vehicles come first."""
        return any(run.objective == Objective.HIER for run in self.runs)

    @property
    def reaches_fleet(self) -> bool:
        return self.aim.vehicles is not None and self.vehicles is not None and self.vehicles <= self.aim.vehicles


@dataclass(frozen=True, slots=True)
class Summary:
    """One engine over a family."""

    engine: str
    version: str
    instances: int
    at_best_fleet: float | None
    """Share of the instances with a known fleet."""
    fleet_gap: float | None
    """Mean, percent; of instances where some answer stood."""
    cost_gap: float | None
    """Mean, percent; where fewest vehicles are wanted, over instances with an equal fleet."""
    failed: int
    """Runs without an answer that stood."""
    runs: int
    cpu_seconds: float
    """Mean of a run."""
    peak_memory_mb: float
    """Largest of a run."""


def cells_of(runs: Sequence[Run]) -> list[Cell]:
    """Gather the runs of one family and limit, in the order in which they come."""
    aims: dict[str, Aim] = {}
    grouped: dict[tuple[str, str], list[Run]] = {}
    for run in runs:
        grouped.setdefault((run.instance, run.engine), []).append(run)
    for run in runs:
        if run.instance not in aims:
            aims[run.instance] = _aim([one for one in runs if one.instance == run.instance])
    return [Cell(engine, name, tuple(found), aims[name]) for (name, engine), found in grouped.items()]


def _aim(runs: Sequence[Run]) -> Aim:
    """The best known value, or the best seen here."""
    if runs[0].known_cost is not None:
        return Aim(runs[0].known_vehicles, runs[0].known_cost, is_known=True)
    good = [run for run in runs if run.has_answer and (run.feasible or run.family.endswith("-b"))]
    if not good:
        return Aim(None, None, is_known=False)
    best = min(good, key=lambda run: run.total)
    return Aim(best.vehicles, best.cost, is_known=False)


def summaries(cells: Iterable[Cell]) -> list[Summary]:
    """One an engine."""
    by_engine: dict[str, list[Cell]] = {}
    for cell in cells:
        by_engine.setdefault(cell.engine, []).append(cell)
    return [_summary(engine, of_engine) for engine, of_engine in by_engine.items()]


def _summary(engine: str, cells: Sequence[Cell]) -> Summary:
    runs = [run for cell in cells for run in cell.runs]
    answered = [run for run in runs if run.has_answer]
    aimed = [cell for cell in cells if cell.aim.vehicles is not None]
    return Summary(
        engine=engine,
        version=answered[0].version if answered else "",
        instances=len(cells),
        at_best_fleet=fmean(cell.reaches_fleet for cell in aimed) if aimed else None,
        fleet_gap=_mean(cell.fleet_gap for cell in cells),
        cost_gap=_mean(cell.cost_gap for cell in cells),
        failed=len(runs) - sum(len(cell.good) for cell in cells),
        runs=len(runs),
        cpu_seconds=_mean(run.cpu_seconds for run in answered) or 0.0,
        peak_memory_mb=max((run.peak_memory_mb for run in answered), default=0.0),
    )


def _mean(values: Iterable[float | None]) -> float | None:
    there = [value for value in values if value is not None]
    return fmean(there) if there else None
