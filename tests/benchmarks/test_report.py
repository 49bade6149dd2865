from __future__ import annotations

import re
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest

from benchmarks.machine import machine
from benchmarks.solver.answers import Limits, Point
from benchmarks.solver.gaps import cells_of, summaries
from benchmarks.solver.instances import DIMACS, Known, Source, best_known
from benchmarks.solver.report import live_line, render
from benchmarks.solver.results import Run, read_runs, write_runs
from benchmarks.solver.runner import jobs_of
from tests.benchmarks.samples import a_run

OURS = [a_run("own", 1, 9, 1010.0), a_run("own", 2, 9, 1030.0), a_run("own", 3, 10, 980.0)]
THEIRS = [a_run("peer", 1, 10, 970.0), a_run("peer", 2, 0, 0.0, version="", feasible=False, note="exit 1: crash")]


def test_runs_survive_the_file(tmp_path: Path) -> None:
    runs = [replace(OURS[0], trace="[[0.5, 11, 1200.0]]"), *THEIRS]
    write_runs(tmp_path / "runs.csv", runs)
    assert read_runs([tmp_path / "runs.csv"]) == runs
    assert runs[0].points == [Point(0.5, 11, 1200.0)]


def test_later_files_win_and_a_broken_row_is_named(tmp_path: Path) -> None:
    write_runs(tmp_path / "a.csv", OURS)
    write_runs(tmp_path / "b.csv", [replace(OURS[1], cost=1.0)])
    assert [run.cost for run in read_runs([tmp_path / "a.csv", tmp_path / "b.csv"])] == [1010.0, 1.0, 980.0]
    (tmp_path / "c.csv").write_text("family,seed\nvrptw,first\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"c\.csv, row 2"):
        read_runs([tmp_path / "c.csv"])


def test_the_distance_gap_counts_where_the_fleet_is_equal() -> None:
    ours, theirs = cells_of([*OURS, *THEIRS])
    assert (ours.vehicles, ours.fleet_gap) == (9, 0.0)
    assert ours.cost_gap == pytest.approx(2.0)  # median of 1010 and 1030; ten vehicles are no answer to nine
    assert theirs.cost_gap is None
    assert theirs.fleet_gap == pytest.approx(100 / 9)
    of_ours, of_theirs = summaries([ours, theirs])
    assert (of_ours.at_best_fleet, of_ours.failed, of_ours.runs) == (1.0, 0, 3)
    assert (of_theirs.at_best_fleet, of_theirs.failed, of_theirs.runs) == (0.0, 1, 2)


def test_the_table_shows_medians_spread_gaps_and_crashes() -> None:
    text = render([*OURS, *THEIRS])
    assert "## vrptw, 10 s on 1 core(s)" in text
    assert "| r104 | 9 / 1,000.0 | 9 [9-10] / 1,010.0 [980.0-1,030.0] (+0.0 %, +2.0 %) |" in text
    assert "10 / 970.0 (+11.1 %) 1 of 2 x" in text
    assert "| own | own 1.0 | 1 | 100 % | +0.0 % | +2.0 % | 0 of 3 |" in text
    assert "Machine: a processor." in text


def test_without_a_known_value_the_best_seen_is_the_aim() -> None:
    runs = [replace(run, known_vehicles=None, known_cost=None) for run in [*OURS, *THEIRS]]
    assert "9 / 1,010.0*" in render(runs)


def test_a_crash_has_a_line_of_its_own() -> None:
    assert live_line(THEIRS[1]).endswith("exit 1: crash")


def test_engines_alternate_and_those_without_dice_run_once() -> None:
    sources = [Source("a", "vrptw", path="a.txt"), Source("b", "vrptw", goal=DIMACS, path="b.txt")]
    jobs = [(job.source.name, job.engine, job.limits.seed) for job in jobs_of(sources, ["own", "vroom"], 2, Limits(1))]
    assert jobs[:3] == [("a", "own", 1), ("a", "vroom", 1), ("a", "own", 2)]
    assert [job.engine for job in jobs_of(sources[1:], ["pyvrp-fleet"], 1, Limits(1))] == []


def test_a_run_that_was_kept_from_its_core_is_known() -> None:
    assert not OURS[0].is_hungry(0.9)
    assert replace(OURS[0], cpu_seconds=5.0).is_hungry(0.9)
    assert not replace(OURS[0], wall_seconds=2.0, cpu_seconds=2.0).is_hungry(0.9)


def test_best_known_values_are_of_the_same_goal(tmp_path: Path) -> None:
    listing = tmp_path / "bks.csv"
    listing.write_text(
        "instance,vehicles,cost,objective,source\nr104,9,1007.31,hier,x\nr104,,971.5,dimacs,x\n"
        "200_1,43,66224.43,300*veh+0.014*metres,x\n200_3,,,300*veh+0.014*metres,x\n",
        encoding="utf-8",
    )
    assert best_known(listing, "r104", "auto") == Known(9, 1007.31)
    assert best_known(listing, "r104", DIMACS) == Known(None, 971.5)
    assert best_known(listing, "200_1", "auto") == best_known(listing, "200_1", "daily") == Known(43, 66224.43)
    assert best_known(listing, "200_3", "auto") == best_known(listing, "r999", "auto") == Known()
    assert best_known(tmp_path / "none.csv", "r104", "auto") == Known()


def test_a_source_goes_to_another_process() -> None:
    source = Source("r104", "vrptw", path="r104.txt", known=Known(9, 1007.31))
    assert Source.from_json(source.to_json()) == source


def test_the_machine_is_described_without_names_or_paths() -> None:
    assert re.search(r"\d+ cores, \d+ GB, \w+, Python 3\.\d+", machine())
    assert "/" not in re.sub(r"\(R\)|@.*GHz", "", machine())


def test_pictures_are_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    traced: list[Run] = [replace(OURS[0], trace="[[0.5, 11, 1200.0], [2.0, 9, 1010.0]]"), *THEIRS]
    drawn = import_module("benchmarks.solver.plots").draw(traced, tmp_path)
    assert [path.name for path in drawn] == ["gaps-vrptw-10s.png", "time-vrptw-10s.png"]
    assert all(path.stat().st_size > 0 for path in drawn)
