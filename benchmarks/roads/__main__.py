"""
Our road engine against its peers, side by side on one core; `benchmarks/README.md` says what it writes.

    python -m benchmarks.roads [FOLDER_WITH_DATA] --out results                     real roads, up to 60,000 crossings
    python -m benchmarks.roads --graphs tiles-1000000 --turns on --seeds 1          the large one
    python -m benchmarks.roads --graphs andorra --engines own --seeds 1             one line a run, for tuning
    python -m benchmarks.roads --summary results/runs.csv large/runs.csv --out all  tables and plots of earlier runs
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.machine import machine
from benchmarks.roads.graphs import COQUIMBO, EXTRACTS, TILES, USUAL, check_name, data_folder, make_graph, write_graph
from benchmarks.roads.peers import NOT_HERE, PEERS
from benchmarks.roads.report import LIVE_HEAD, live_line, render
from benchmarks.roads.results import Run, read_runs, write_runs
from benchmarks.roads.runner import Job, jobs_of

RUNS_FILE, TABLE_FILE = "runs.csv", "tables.md"
ENGINES = (*PEERS, *NOT_HERE)
TURNS = {"both": (True, False), "on": (True,), "off": (False,)}


def main(words: Sequence[str] | None = None) -> None:
    """Run what is asked for, or render earlier runs."""
    parser = _parser()
    asked = parser.parse_args(words)
    if asked.summary:
        _render(read_runs(asked.summary), asked.out or Path())
        return
    engines, names = asked.engines.split(","), asked.graphs.split(",")
    if unknown := set(engines) - set(ENGINES):
        parser.error(f"no engine {', '.join(sorted(unknown))}; there are {', '.join(ENGINES)}")
    try:
        folder = data_folder(asked.folder)
        for name in names:
            check_name(name)
    except (FileNotFoundError, ValueError) as error:
        parser.error(str(error))
    with TemporaryDirectory() as made:
        files = {name: _made(name, folder, Path(made)) for name in names}
        common = Job(points=asked.points, rows=asked.rows, budget=asked.budget, again=not asked.once, limit=asked.limit)
        _run(list(jobs_of(files, folder, engines, TURNS[asked.turns], asked.seeds, common)), asked.core, asked.out)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.roads", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "folder", nargs="?", type=Path, metavar="FOLDER_WITH_DATA", help="without it: data/ of DUONGTHU_TEST_DATA"
    )
    parser.add_argument(
        "--graphs", default=",".join(USUAL), help=f"of {','.join(EXTRACTS)},{COQUIMBO},{TILES}NUMBER of crossings"
    )
    parser.add_argument("--engines", default=",".join(ENGINES), help=f"of {','.join(ENGINES)}")
    parser.add_argument("--turns", default="both", choices=TURNS)
    parser.add_argument("--points", type=int, default=1500, help="random nodes: sources and targets of the matrix")
    parser.add_argument("--seeds", type=int, default=3, help="runs of each engine on each graph")
    parser.add_argument("--rows", type=int, default=5, help="of each matrix that are compared with scipy's")
    parser.add_argument("--budget", type=float, default=60, help="seconds of a matrix; who needs more does a sample")
    parser.add_argument("--limit", type=float, default=1500, help="seconds after which a run is stopped")
    parser.add_argument("--once", action="store_true", help="do not close a road and prepare again")
    parser.add_argument("--core", type=int, help="for every run; the quietest by default")
    parser.add_argument("--out", type=Path, help=f"folder for {RUNS_FILE}, {TABLE_FILE} and the plots")
    parser.add_argument("--summary", nargs="+", type=Path, metavar="CSV", help="only render these runs again, as one")
    return parser


def _made(name: str, folder: Path, made: Path) -> Path:
    """Graphs are made once, before anything is measured."""
    graph = make_graph(name, folder)
    print(f"{name}: {graph.num_nodes} nodes, {graph.num_arcs} arcs, {len(graph.bans())} forbidden turns", flush=True)
    write_graph(made / f"{name}.npz", graph)
    return made / f"{name}.npz"


def _run(jobs: Sequence[Job], core: int | None, out: Path | None) -> None:
    described = machine()
    print(described)
    print(LIVE_HEAD)
    done: list[Run] = []
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    for job in jobs:
        done.append(replace(job.run(core), machine=described))
        print(live_line(done[-1]), flush=True)
        if out is not None:
            write_runs(out / RUNS_FILE, done)  # what was measured is kept, whatever comes
    if out is not None:
        _render(done, out)


def _render(runs: Sequence[Run], out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    (out / TABLE_FILE).write_text(render(runs), encoding="utf-8")
    try:
        from benchmarks.roads.plots import draw

        drawn = draw(runs, out)
    except ImportError:
        print("no plots: matplotlib is not installed", file=sys.stderr)
        drawn = []
    print("written:", ", ".join(path.name for path in (out / TABLE_FILE, *drawn)))


if __name__ == "__main__":
    main()
