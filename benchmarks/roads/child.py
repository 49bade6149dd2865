"""
One run in a process of its own: `python -m benchmarks.roads.child`, a job as JSON in, a result as JSON out.

Clocks start when everything is imported, compiled and read. Peak memory is taken before the oracle checks the answer.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.processes import peak_memory_mb
from benchmarks.roads.expanded import IntArray, plain_graph
from benchmarks.roads.graphs import load_graph, without_turns
from benchmarks.roads.peers import Prepared, load_peer
from benchmarks.roads.results import Task
from geo.graph import RoadGraph, subgraph

FIRST_ROWS = 2
"""Rows that are computed unmeasured: they tell how many rows the budget allows, and touch the memory."""


def run(job: dict[str, Any]) -> dict[str, Any]:
    """Do what the job says."""
    tasks: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
        Task.MATRIX: matrix, Task.BUILD: build, Task.COMPILE: compile_cold,
    }  # fmt: skip
    return tasks[job["task"]](job)


def matrix(job: dict[str, Any]) -> dict[str, Any]:
    """Prepare an engine for a graph, ask it for a matrix between random nodes, check a sample of the rows."""
    peer = load_peer(job["engine"])
    if hasattr(peer, "compile_all"):
        peer.compile_all()
    graph = load_graph(Path(job["file"]))
    graph = graph if job["turns"] else without_turns(graph)
    gc.collect()
    prepared: Prepared = peer.prepare(graph, job["turns"])
    points = np.random.default_rng(job["seed"]).permutation(graph.num_nodes)[: job["points"]]
    sources = points[: _rows_within(prepared, points, job["budget"])]
    began = time.perf_counter()
    answer = prepared.matrix(sources, points)
    seconds = time.perf_counter() - began
    entries = sources.size * points.size
    with_units = _ns_with_units(prepared, sources, points)
    memory = peak_memory_mb()
    rows = sources[: job["rows"]]
    expected = plain_graph(graph, has_turns=job["turns"]).weights(rows, points)
    wrong = int((answer[: rows.size] != expected).sum())
    again = _again_seconds(peer.prepare, graph, job["turns"], job["seed"]) if job["again"] else 0.0
    return {
        "version": peer.version(), "nodes": graph.num_nodes, "arcs": graph.num_arcs, **prepared.facts,
        **prepared.seconds, "again_seconds": again, "points": points.size, "sources": sources.size,
        "matrix_seconds": seconds, "ns_per_entry": seconds / entries * 1e9, "ns_with_units": with_units,
        "peak_memory_mb": memory, "checked_rows": rows.size, "stands": not wrong,
        "note": f"WRONG: {wrong} of {expected.size} entries are not the oracle's" if wrong else "",
    }  # fmt: skip


def _rows_within(prepared: Prepared, points: IntArray, seconds: float) -> int:
    first = points[:FIRST_ROWS]
    began = time.perf_counter()
    prepared.matrix(first, points)
    row_seconds = (time.perf_counter() - began) / first.size
    fitting = points.size if prepared.is_batched else int(seconds / row_seconds)
    return max(first.size, min(points.size, fitting))


def _ns_with_units(prepared: Prepared, sources: IntArray, points: IntArray) -> float:
    if prepared.with_units is None:
        return 0.0
    began = time.perf_counter()
    prepared.with_units(sources, points)
    return (time.perf_counter() - began) / (sources.size * points.size) * 1e9


def _again_seconds(
    prepare: Callable[[RoadGraph, bool], Prepared], graph: RoadGraph, has_turns: bool, seed: int
) -> float:
    """A road is closed: from its arc to be left out to an engine that is ready again."""
    open_still = np.ones(graph.num_arcs, dtype=np.bool_)
    open_still[np.random.default_rng(seed).integers(graph.num_arcs)] = False
    began = time.perf_counter()
    prepare(subgraph(graph, np.ones(graph.num_nodes, dtype=np.bool_), open_still), has_turns)
    return time.perf_counter() - began


def build(job: dict[str, Any]) -> dict[str, Any]:
    """Read an extract for all profiles; then contract each, which is not counted as peak memory."""
    from benchmarks.roads.peers.own import compile_all, version
    from geo.osm import read_roads

    compile_all()
    began = time.perf_counter()
    roads = read_roads(Path(job["file"]))
    read, memory = time.perf_counter() - began, peak_memory_mb()
    began = time.perf_counter()
    for profile in roads:
        roads.contracted(profile)
    return {
        "version": version(), "nodes": sum(graph.num_nodes for graph in roads.values()),
        "arcs": sum(graph.num_arcs for graph in roads.values()), "read_seconds": read,
        "contract_seconds": time.perf_counter() - began, "peak_memory_mb": memory, "stands": True,
        "note": f"{', '.join(roads)}; {peak_memory_mb():.0f} MB when contracted",
    }  # fmt: skip


def compile_cold(job: dict[str, Any]) -> dict[str, Any]:
    """Compile with the cache that the environment names, which is empty."""
    del job
    from benchmarks.roads.peers.own import compile_all, version

    began = time.perf_counter()
    compile_all()
    return {
        "version": version(), "contract_seconds": time.perf_counter() - began, "peak_memory_mb": peak_memory_mb(),
        "stands": True,
    }  # fmt: skip


def _plain(value: Any) -> Any:
    """Numpy's numbers as Python's."""
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value)} is no JSON")


def main() -> None:
    """Keep the real standard output for the result: libraries write to the other one."""
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as out:
        os.dup2(2, 1)
        job = json.load(sys.stdin)
        os.sched_setaffinity(0, job["cores"])
        json.dump(run(job), out, default=_plain)


if __name__ == "__main__":
    main()
