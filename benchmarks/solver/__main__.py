"""
Our engine against its peers, side by side, at equal seconds of one core; `benchmarks/README.md` says what it writes.

    python -m benchmarks.solver FOLDER [FOLDER_OR_FILE ...] --seconds 10 --seeds 5 --out results
    python -m benchmarks.solver FOLDER --engines own --seconds 10 --seeds 1        one line a run, for tuning
    python -m benchmarks.solver FOLDER --objective dimacs --engines own,pyvrp      distance, arcs cut to one decimal
    python -m benchmarks.solver --family daily-rounds-a --sizes 200,500            our own family
    python -m benchmarks.solver --summary results/*.csv --out results              tables and plots of earlier runs
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.machine import machine
from benchmarks.solver.answers import Limits
from benchmarks.solver.daily_rounds import PROVINCES, SIZES, Day, can_be_made
from benchmarks.solver.instances import AUTO, GOALS, ROUND_FAMILIES, Source, rounds, sources_of
from benchmarks.solver.peers import PEERS
from benchmarks.solver.report import LIVE_HEAD, live_line, render
from benchmarks.solver.results import Run, read_runs, write_runs
from benchmarks.solver.runner import jobs_of, run_all

USUAL = ("own", "pyvrp", "pyvrp-fleet", "ortools", "vroom", "vrp-cli")
RUNS_FILE, TABLE_FILE = "runs.csv", "tables.md"


def main(words: Sequence[str] | None = None) -> None:
    """Run what is asked for, or render earlier runs."""
    parser = _parser()
    asked = parser.parse_args(words)
    if asked.summary:
        _render(read_runs(asked.summary), asked.out or Path())
        return
    engines = asked.engines.split(",")
    if unknown := set(engines) - set(PEERS):
        parser.error(f"no engine {', '.join(sorted(unknown))}; there are {', '.join(PEERS)}")
    limits = Limits(asked.seconds, cores=asked.cores, trace=asked.trace)
    with TemporaryDirectory() as folder:
        sources = list(_sources(asked, asked.cache or Path(folder)))
        if not sources:
            parser.error("name a folder or file of instances, or --family daily-rounds-a or daily-rounds-b")
        _make_days(sources)
        _run(sources, engines, asked.seeds, limits, asked.out)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.solver", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="FOLDER_OR_FILE", help="instances; see docs/instances.md"
    )
    parser.add_argument(
        "--family", action="append", default=[], help="a folder's name, or daily-rounds-a, daily-rounds-b"
    )
    parser.add_argument("--engines", default=",".join(USUAL), help=f"of {','.join(PEERS)}")
    parser.add_argument("--seconds", type=float, default=10, help="of one core, each run")
    parser.add_argument("--seeds", type=int, default=5, help="runs of each engine on each instance")
    parser.add_argument("--cores", type=int, default=1, help="for each run")
    parser.add_argument("--objective", default=AUTO, choices=GOALS, help="auto = what the instance's field compares")
    parser.add_argument("--trace", action="store_true", help="note better answers on the way, for the curves over time")
    parser.add_argument("--out", type=Path, help=f"folder for {RUNS_FILE}, {TABLE_FILE} and the plots")
    parser.add_argument("--summary", nargs="+", type=Path, metavar="CSV", help="only render these runs again, as one")
    parser.add_argument("--province", action="append", choices=PROVINCES, help="of daily rounds; all by default")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="shipments of daily rounds")
    parser.add_argument("--days", type=int, default=1, help="daily rounds of each province and size")
    parser.add_argument("--cache", type=Path, help="folder that keeps generated daily rounds from one call to the next")
    return parser


def _make_days(sources: Sequence[Source]) -> None:
    """Generated days are made once, before anything is measured."""
    for source in sources:
        if source.day is not None:
            print(f"{source.name}: {source.load().facts}", flush=True)


def _sources(asked: argparse.Namespace, cache: Path) -> Iterator[Source]:
    """Files named, or those of the families asked for; generated days only when asked for."""
    wanted = set(asked.family)
    for source in sources_of(asked.paths, asked.objective):
        if not wanted or source.family.split()[0] in wanted:
            yield source
    variants = [variant for variant, family in ROUND_FAMILIES.items() if family in wanted]
    days = [
        Day(province, int(size), seed, variant)
        for variant in variants
        for province in asked.province or PROVINCES
        for size in asked.sizes.split(",")
        for seed in range(1, asked.days + 1)
    ]
    missing = dict.fromkeys(day.province for day in days if not can_be_made(day.province))
    for province in missing:
        print(f"{province} is left out: set DUONGTHU_TEST_DATA to the folder that holds data/", file=sys.stderr)
    yield from rounds([day for day in days if day.province not in missing], cache)


def _run(sources: Sequence[Source], engines: Sequence[str], seeds: int, limits: Limits, out: Path | None) -> None:
    described = machine()
    print(described)
    print(LIVE_HEAD)
    done: list[Run] = []

    def note(run: Run) -> None:
        done.append(replace(run, machine=described))
        print(live_line(run), flush=True)
        if out is not None:
            write_runs(out / RUNS_FILE, done)  # what was measured is kept, whatever comes

    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    run_all(list(jobs_of(sources, engines, seeds, limits)), limits.cores, note)
    if out is not None:
        _render(done, out)


def _render(runs: Sequence[Run], out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    (out / TABLE_FILE).write_text(render(runs), encoding="utf-8")
    try:
        from benchmarks.solver.plots import draw

        drawn = draw(runs, out)
    except ImportError:
        print("no plots: matplotlib is not installed", file=sys.stderr)
        drawn = []
    print("written:", ", ".join(path.name for path in (out / TABLE_FILE, *drawn)))


if __name__ == "__main__":
    main()
