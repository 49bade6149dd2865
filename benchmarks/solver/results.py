"""One row for each run, and the CSV that holds them; several CSVs may be read as one."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from benchmarks.solver.answers import Limits, Point
from benchmarks.solver.instances import Source


@dataclass(frozen=True, slots=True)
class Run:
    """What one engine made of one instance with one seed."""

    family: str
    instance: str
    engine: str
    seed: int
    seconds: float
    """The limit."""
    cores: int = 1
    version: str = ""
    objective: str = ""
    facts: str = ""
    """Bases, stops, shipments, couriers."""
    known_vehicles: int | None = None
    known_cost: float | None = None
    wall_seconds: float = 0.0
    cpu_seconds: float = 0.0
    iterations: int = 0
    vehicles: int = 0
    distance: float = 0.0
    """The instance's own unit; km for daily rounds."""
    cost: float = 0.0
    """What is compared beside the fleet: distance, or money."""
    unassigned: int = 0
    total: int = 0
    """By the repository's objective; made small."""
    feasible: bool = False
    peak_memory_mb: float = 0.0
    num_refused: int = 0
    """Routes, or parts of routes, that the exact schedule refused."""
    note: str = ""
    """Why it failed, or why something was refused."""
    machine: str = ""
    trace: str = ""
    """JSON: better answers on the way as [seconds, vehicles, cost]."""

    @classmethod
    def of(cls, source: Source, engine: str, limits: Limits, result: dict[str, Any]) -> Run:
        """A run that gave an answer."""
        given = {name: result[name] for name in _RESULT_FIELDS}
        points = [[round(p["seconds"], 3), p["vehicles"], round(p["cost"], 3)] for p in result["trace"]]
        return cls(
            **_asked(source, engine, limits),
            **given,
            note="; ".join(result["refused"]),
            trace=json.dumps(points) if points else "",
        )

    @classmethod
    def failed(cls, source: Source, engine: str, limits: Limits, error: str) -> Run:
        """A run without an answer."""
        return cls(**_asked(source, engine, limits), note=error)

    @property
    def has_answer(self) -> bool:
        return bool(self.version)

    @property
    def points(self) -> list[Point]:
        """Better answers on the way."""
        return [Point(*values) for values in json.loads(self.trace)] if self.trace else []

    def is_hungry(self, share: float) -> bool:
        """Whether it was kept from its core: it used its time by the clock, but not by the processor."""
        used_up = self.wall_seconds >= share * self.seconds
        return self.has_answer and used_up and self.cpu_seconds < share * min(self.wall_seconds, self.seconds)


_RESULT_FIELDS = (
    "version", "objective", "facts", "wall_seconds", "cpu_seconds", "iterations", "vehicles", "distance", "cost",
    "unassigned", "total", "feasible", "peak_memory_mb", "num_refused",
)  # fmt: skip


def _asked(source: Source, engine: str, limits: Limits) -> dict[str, Any]:
    return {
        "family": source.family, "instance": source.name, "engine": engine, "seed": limits.seed,
        "seconds": limits.seconds, "cores": limits.cores,
        "known_vehicles": source.known.vehicles, "known_cost": source.known.cost,
    }  # fmt: skip


def write_runs(path: Path, runs: Iterable[Run]) -> None:
    """One row a run."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([field.name for field in fields(Run)])
        for run in runs:
            writer.writerow([_written(getattr(run, field.name)) for field in fields(Run)])


def read_runs(paths: Iterable[Path]) -> list[Run]:
    """
    Read several files as one; a run that stands in two of them is taken from the later.

    Raises
    ------
    ValueError
        Naming the file and row that is none.
    """
    found: dict[tuple[str, ...], Run] = {}
    csv.field_size_limit(2**31 - 1)
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), 2):
                try:
                    run = Run(**{name: _READERS[name](text) for name, text in row.items() if name in _READERS})
                except (TypeError, ValueError) as error:
                    raise ValueError(f"{path.name}, row {number}: {error}") from error
                found[run.family, run.instance, run.engine, str(run.seed), str(run.seconds), str(run.cores)] = run
    return list(found.values())


def _written(value: object) -> str:
    if value is None:
        return ""
    return repr(value) if isinstance(value, float) else str(value)


def _maybe(read: Any) -> Any:
    return lambda text: read(text) if text else None


_BY_TYPE: dict[str, Any] = {
    "int": int, "float": float, "str": str, "bool": lambda text: text == "True",
    "int | None": _maybe(int), "float | None": _maybe(float),
}  # fmt: skip
_READERS = {field.name: _BY_TYPE[str(field.type)] for field in fields(Run)}
