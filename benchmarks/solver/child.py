"""
One run in a process of its own: `python -m benchmarks.solver.child`, a job as JSON in, a result as JSON out.

The clock starts when everything is imported, compiled and said in the engine's words, and stops before the answer is
read; the answer is judged after that.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import sys
import time
from dataclasses import asdict
from typing import Any

from benchmarks.processes import peak_memory_mb
from benchmarks.solver.answers import Limits
from benchmarks.solver.instances import Source
from benchmarks.solver.judge import judge
from benchmarks.solver.peers import load_peer

REASONS_KEPT = 3


def run(job: dict[str, Any]) -> dict[str, Any]:
    """Solve, judge, measure."""
    peer = load_peer(job["engine"])
    case = Source.from_json(job["source"]).load()
    limits = Limits(**job["limits"])
    search = peer.prepare(case, limits)
    gc.collect()
    began, worked = time.perf_counter(), _cpu_seconds()
    finish = search()
    wall, work = time.perf_counter() - began, _cpu_seconds() - worked
    memory = peak_memory_mb()
    answer = finish()
    judged = judge(case, answer.routes)
    return {
        "version": peer.version(),
        "objective": case.objective.value,
        "facts": case.facts,
        "wall_seconds": wall,
        "cpu_seconds": work,
        "iterations": answer.iterations,
        "vehicles": judged.vehicles,
        "distance": judged.distance,
        "cost": judged.cost,
        "unassigned": judged.terms.left,
        "total": judged.total,
        "feasible": judged.is_feasible,
        "peak_memory_mb": memory,
        "refused": [*judged.refused[:REASONS_KEPT], *judged.violations[:REASONS_KEPT]],
        "num_refused": len(judged.refused),
        "trace": [asdict(point) for point in answer.trace],
    }


def _cpu_seconds() -> float:
    """Of this process and of children that have ended."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in spent)


def main() -> None:
    """Keep the real standard output for the result: libraries write to the other one."""
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as out:
        os.dup2(2, 1)
        job = json.load(sys.stdin)
        os.sched_setaffinity(0, job["cores"])
        json.dump(run(job), out)


if __name__ == "__main__":
    main()
