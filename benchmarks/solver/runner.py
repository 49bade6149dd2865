"""Runs engines side by side, each run in a child process that is pinned to its cores and may fail alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace

from benchmarks.processes import ChildError, ask_child, quiet_cores
from benchmarks.solver.answers import Limits
from benchmarks.solver.instances import Source
from benchmarks.solver.peers import FLEET_ONLY, REPEATS_ITSELF, WALL_LIMITED
from benchmarks.solver.results import Run

GRACE_SECONDS, GRACE_FACTOR = 180, 4
"""A child that takes longer than this is stopped: reading, building and judging are not on its clock."""
FED, OVERFED = 0.9, 1.05
"""A run that got less of its core than the first is tried again; more of it than the second is unfair."""
RETRIES = 2
MOST_STRETCH = 4.0
TICK = 0.01


@dataclass(frozen=True, slots=True)
class Job:
    """One run to make."""

    source: Source
    engine: str
    limits: Limits


def jobs_of(sources: Sequence[Source], engines: Sequence[str], seeds: int, limits: Limits) -> Iterator[Job]:
    """Interleaved: for each instance and seed, every engine, so that a change of the machine's mood meets all alike."""
    for source in sources:
        for seed in range(1, seeds + 1):
            for engine in engines:
                if (seed == 1 or engine not in REPEATS_ITSELF) and (source.by_fleet or engine not in FLEET_ONLY):
                    yield Job(source, engine, replace(limits, seed=seed))


def run_all(jobs: Sequence[Job], cores: int, on_run: Callable[[Run], None]) -> list[Run]:
    """Make every run, one at a time."""
    runs = []
    for job in jobs:
        run = run_fed(job, cores)
        runs.append(run)
        on_run(run)
    return runs


def run_fed(job: Job, cores: int) -> Run:
    """
    Make one run; when others kept it from its core, again with more time on the wall.

    The run that came nearest to its seconds of a core counts, never one that had more than `OVERFED` of them.
    """
    best = run = run_one(job, quiet_cores(cores))
    for _ in range(RETRIES):
        if job.engine not in WALL_LIMITED or not best.is_hungry(FED):
            break
        stretch = min(MOST_STRETCH, job.limits.stretch * run.wall_seconds / max(run.cpu_seconds, TICK))
        job = replace(job, limits=replace(job.limits, stretch=stretch))
        run = run_one(job, quiet_cores(cores))
        if run.has_answer and best.cpu_seconds < run.cpu_seconds <= OVERFED * job.limits.seconds:
            best = run
    return best


def run_one(job: Job, cores: Sequence[int]) -> Run:
    """Make one run; whatever goes wrong is written in it."""
    request = {
        "source": job.source.to_json(), "engine": job.engine, "limits": asdict(job.limits), "cores": list(cores),
    }  # fmt: skip
    limit = GRACE_SECONDS + GRACE_FACTOR * job.limits.seconds
    try:
        result = ask_child("benchmarks.solver.child", request, len(cores), limit)
    except ChildError as error:
        return _failed(job, str(error))
    return Run.of(job.source, job.engine, job.limits, result)


def _failed(job: Job, error: str) -> Run:
    return Run.failed(job.source, job.engine, job.limits, error)
