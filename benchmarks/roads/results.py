"""One row for each run, and the CSV that holds them."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Any


class Task(StrEnum):
    """What a run measures."""

    MATRIX = "matrix"
    """An engine on a graph: preparation, then a matrix."""
    BUILD = "build"
    """Reading an extract for all profiles, then contracting each."""
    COMPILE = "compile"
    """Compiling our engine, nothing being cached."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one engine made of one graph with one seed; seconds and megabytes of its process, alone on its core."""

    task: str
    graph: str
    engine: str
    turns: bool = False
    seed: int = 1
    version: str = ""
    """Empty = there is no answer."""
    nodes: int = 0
    arcs: int = 0
    crossings: int = 0
    vertices: int = 0
    edges: int = 0
    shortcuts: int = 0
    read_seconds: float = 0.0
    """Of the extract."""
    network_seconds: float = 0.0
    """Building what is searched, without contraction."""
    contract_seconds: float = 0.0
    again_seconds: float = 0.0
    """From a graph that has lost a road to contracted roads; 0 = not measured."""
    points: int = 0
    sources: int = 0
    """Rows of the matrix that were computed: fewer than `points` = a sample."""
    matrix_seconds: float = 0.0
    ns_per_entry: float = 0.0
    ns_with_units: float = 0.0
    """As whole metres and seconds; 0 = there is no such call."""
    peak_memory_mb: float = 0.0
    """Until the last answer; what checks it comes after."""
    checked_rows: int = 0
    stands: bool = False
    """Whether every entry of the checked rows is the oracle's to the last bit."""
    note: str = ""
    machine: str = ""

    @property
    def has_answer(self) -> bool:
        return bool(self.version)


def write_runs(path: Path, runs: Iterable[Run]) -> None:
    """One row a run."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [column.name for column in fields(Run)])
        writer.writeheader()
        writer.writerows(asdict(run) for run in runs)


def read_runs(paths: Iterable[Path]) -> list[Run]:
    """
    Read several files as one; a run that stands in two of them is taken from the later.

    Raises
    ------
    ValueError
        Naming the file and row that is none.
    """
    found: dict[tuple[object, ...], Run] = {}
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), 2):
                try:
                    run = Run(**{name: _READERS[name](text) for name, text in row.items()})
                except (KeyError, TypeError, ValueError) as error:
                    raise ValueError(f"{path.name}, row {number}: {error!r}") from error
                found[run.task, run.graph, run.engine, run.turns, run.seed] = run
    return list(found.values())


_BY_TYPE: dict[str, Any] = {"int": int, "float": float, "str": str, "bool": "True".__eq__}
_READERS = {column.name: _BY_TYPE[str(column.type)] for column in fields(Run)}
