"""
What is solved: files of the published families and our own daily rounds, each with its objective and best known value.

A `Source` says where a case comes from and is small enough to be handed to another process; `Source.load` makes the
`Case` with its matrices.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.solver.daily_rounds import Day, Variant, load_day
from routing.formats import Instance, Rounding, read_instance
from routing.model import Problem
from routing.objective import Objective, measure
from routing.solution import Solution

AUTO, DIMACS = "auto", "dimacs"
GOALS = (AUTO, DIMACS, *Objective)
"""Choices of `--objective`: the family's own; distance with each arc cut to one decimal; or one of ours."""

BEST_KNOWN = "bks.csv"
SUFFIXES = (".txt", ".gz")
ROUND_FAMILIES = {Variant.COMMON: "daily-rounds-a", Variant.FULL: "daily-rounds-b"}


@dataclass(frozen=True, slots=True)
class Known:
    """The best value that is known; None = unknown."""

    vehicles: int | None = None
    cost: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One thing to solve."""

    name: str
    family: str
    problem: Problem
    objective: Objective
    instance: Instance | None = None
    """Whose unit and cost the field compares; None = the problem's own."""
    facts: str = ""
    """Bases, stops, shipments, couriers."""
    has_full_model: bool = False
    """Asks for more than every peer can say: an answer is repaired by leaving tasks behind."""
    cost_units: int = 1
    """Problem cost units in one unit of the cost that is shown."""

    @property
    def scale(self) -> int:
        """Problem units per unit of the instance."""
        return self.instance.scale if self.instance is not None else 1

    def distance(self, solution: Solution) -> float:
        """In the instance's own unit, double precision; km for daily rounds."""
        return self.instance.distance(solution) if self.instance is not None else solution.distance / 1000

    def cost(self, solution: Solution) -> float:
        """What is compared beside the fleet: distance, or money."""
        if self.objective is not Objective.DAILY:
            return self.distance(solution)
        if self.instance is not None:
            return self.instance.cost(solution)
        return measure(self.problem, solution).cost / self.cost_units


@dataclass(frozen=True, slots=True)
class Source:
    """Where a case comes from: a file, or a generated day."""

    name: str
    family: str
    goal: str = AUTO
    path: str | None = None
    day: Day | None = None
    cache: str | None = None
    known: Known = Known()

    @property
    def by_fleet(self) -> bool:
        """Whether fewer vehicles are wanted, and all of them are alike."""
        return self.day is None and self.goal not in (DIMACS, Objective.DISTANCE)

    def load(self) -> Case:
        """Read or generate it."""
        if self.day is not None:
            made = load_day(self.day, Path(self.cache) if self.cache else None)
            return Case(
                name=self.name,
                family=self.family,
                problem=made.problem,
                objective=Objective.DAILY,
                facts=made.facts,
                has_full_model=self.day.variant is Variant.FULL,
                cost_units=made.cost_units,
            )
        assert self.path is not None, "a source is a file or a day"
        rounding = Rounding.DIMACS if self.goal == DIMACS else Rounding.EXACT
        instance = read_instance(self.path, rounding=rounding)
        objective = instance.objective if self.goal in (AUTO, DIMACS) else Objective(self.goal)
        return Case(self.name, self.family, instance.problem, objective, instance, _facts(instance.problem))

    def to_json(self) -> dict[str, Any]:
        """Plain values, for another process."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Source:
        """Undo `to_json`."""
        day = data["day"] and Day(**{**data["day"], "variant": Variant(data["day"]["variant"])})
        return cls(**{**data, "day": day, "known": Known(**data["known"])})


def sources_of(paths: Iterable[Path], goal: str) -> Iterator[Source]:
    """Every instance of the files and folders named."""
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(f"there is no file or folder {path}")
        files = sorted(path.iterdir()) if path.is_dir() else [path]
        for file in files:
            if file.suffix in SUFFIXES:
                yield _source(file, goal)


def rounds(days: Sequence[Day], cache: Path | None) -> Iterator[Source]:
    """Daily rounds as sources."""
    for day in days:
        yield Source(day.name, ROUND_FAMILIES[day.variant], day=day, cache=str(cache.resolve()) if cache else None)


def _source(file: Path, goal: str) -> Source:
    name = file.name.split(".")[0]
    known = best_known(file.parent / BEST_KNOWN, name, goal)
    return Source(name, _family(file.parent.name, goal), goal, str(file.resolve()), known=known)


def _family(folder: str, goal: str) -> str:
    return folder if goal == AUTO else f"{folder} {goal}"


def best_known(listing: Path, name: str, goal: str) -> Known:
    """Look a value up that was reached for the same goal; nothing is known for other goals."""
    if not listing.exists():
        return Known()
    with listing.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["instance"] == name]
    fitting = [row for row in rows if _is_for(row["objective"], goal)]
    if not fitting:
        return Known()
    vehicles, cost = fitting[0]["vehicles"], fitting[0]["cost"]
    return Known(int(vehicles) if vehicles else None, float(cost) if cost else None)


def _is_for(stated: str, goal: str) -> bool:
    """`hier` and money (`300*veh+...`) are what a family compares by itself."""
    if goal == AUTO:
        return stated != DIMACS
    return stated == goal or (goal == Objective.DAILY and "veh" in stated)


def _facts(problem: Problem) -> str:
    return (
        f"{len(problem.depots)} base(s), {len(problem.stops)} stops, {len(problem.shipments)} shipments, "
        f"{problem.num_vehicles} vehicles"
    )
