"""Runs to make, interleaved, each in a child process of its own that is pinned to one core."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.processes import ChildError, ask_child, quiet_cores
from benchmarks.roads.graphs import EXTRACTS
from benchmarks.roads.peers import why_left_out
from benchmarks.roads.results import Run, Task

MODULE = "benchmarks.roads.child"


@dataclass(frozen=True, slots=True)
class Job:
    """One run to make."""

    task: Task = Task.MATRIX
    graph: str = ""
    file: str = ""
    """The graph, or for `Task.BUILD` the extract."""
    engine: str = "own"
    turns: bool = False
    seed: int = 1
    points: int = 1500
    rows: int = 5
    """How many are checked."""
    budget: float = 60.0
    """Seconds that a matrix may take: an engine that needs longer computes a sample of its rows."""
    again: bool = False
    """Whether to close a road and prepare again."""
    limit: float = 1500.0
    """Seconds after which the child is stopped."""

    def run(self, core: int | None = None) -> Run:
        """Make it; whatever goes wrong is written in its row."""
        asked: dict[str, Any] = {
            "task": self.task.value, "graph": self.graph, "engine": self.engine, "turns": self.turns, "seed": self.seed,
        }  # fmt: skip
        if reason := why_left_out(self.engine, has_turns=self.turns):
            return Run(**asked, note=reason)
        cores = quiet_cores(1) if core is None else [core]
        with TemporaryDirectory() as folder:
            cache = {"NUMBA_CACHE_DIR": folder} if self.task is Task.COMPILE else {}
            try:
                return Run(**asked, **ask_child(MODULE, {**asdict(self), "cores": cores}, 1, self.limit, cache))
            except ChildError as error:
                return Run(**asked, note=str(error))


def jobs_of(
    files: Mapping[str, Path], extracts: Path, engines: Sequence[str], turns: Sequence[bool], seeds: int, common: Job
) -> Iterator[Job]:
    """
    Compiling, building extracts, then for each graph and seed every engine in turn, so that moods meet all alike.

    Parameters
    ----------
    files
        Graphs by name.
    extracts
        The folder of the extracts that some graphs were read from.
    common
        What all runs share; `again` concerns our engine only.
    """
    if "own" in engines:
        yield replace(common, task=Task.COMPILE)
        for name in files:
            if name in EXTRACTS:
                build = replace(common, task=Task.BUILD, graph=name, file=str(extracts / EXTRACTS[name]))
                yield from (replace(build, seed=seed) for seed in range(1, seeds + 1))
    for name, file in files.items():
        for seed in range(1, seeds + 1):
            for has_turns in turns:
                asked = replace(common, graph=name, file=str(file), turns=has_turns, seed=seed)
                for engine in engines:
                    if seed == 1 or not why_left_out(engine, has_turns=has_turns):
                        yield replace(asked, engine=engine, again=common.again and engine == "own")
