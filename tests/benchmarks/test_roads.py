"""The benchmark of road engines on roads that a reader can draw: oracle, tiles, refusals, tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from benchmarks.roads import child
from benchmarks.roads.__main__ import main
from benchmarks.roads.coquimbo import EDGES, NODES, read_coquimbo
from benchmarks.roads.expanded import FloatArray, IntArray, plain_graph
from benchmarks.roads.graphs import check_name, data_folder, load_graph, without_turns, write_graph
from benchmarks.roads.peers import PEERS, Prepared, load_peer
from benchmarks.roads.report import render
from benchmarks.roads.results import Run, Task, read_runs, write_runs
from benchmarks.roads.runner import Job, jobs_of
from benchmarks.roads.tiles import count_crossings, tiled, with_bans
from geo.graph import RoadGraph, graph_from_arcs, parts
from geo.profiles import ROAD_CLASSES, TurnDelays, default_speed_table

MS = 2.0**24
ARC = (1000, 1000)
"""Every road is a metre long, and takes a second: 10 dm, 1000 ms."""


def roads(pairs: Sequence[tuple[int, int]], places: Sequence[tuple[float, float]], **more: object) -> RoadGraph:
    """Two-way roads between places given in thousandths of a degree east and north of (105, 10)."""
    east, north = np.array(places, dtype=np.float64).T / 1000
    tail, head = np.array([*pairs, *[(b, a) for a, b in pairs]]).T
    return graph_from_arcs(
        105 + east, 10 + north, tail, head, *(np.full(tail.size, each) for each in (*ARC, 5)),
        profile="motorbike", access_kph=10, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def cross(**more: object) -> RoadGraph:
    """
    Four dead ends around a crossing.

            1 north
        4   0   2
            3
    """
    return roads([(0, 1), (0, 2), (0, 3), (0, 4)], [(0, 0), (0, 1), (1, 0), (0, -1), (-1, 0)], **more)


def block(size: int = 4) -> RoadGraph:
    """A grid of streets whose turns take time."""
    places = [(x, y) for y in range(size) for x in range(size)]
    pairs = [(v, v + 1) for v in range(size * size) if (v + 1) % size]
    pairs += [(v, v + size) for v in range(size * (size - 1))]
    return roads(pairs, places, delays=TurnDelays(left=4000, right=2000, back=10_000))


def test_the_oracle_pays_turns_and_knows_what_is_forbidden() -> None:
    free = cross(delays=TurnDelays(left=4000, right=2000, back=10_000))
    came, left = (int(np.flatnonzero((free.tails() == a) & (free.head == b))[0]) for a, b in ((3, 0), (0, 4)))
    graph = replace(free, banned_first=np.array([0, 2], np.int32), banned_arcs=np.array([came, left], np.int32))
    found = plain_graph(graph, has_turns=True).weights(np.array([3]), np.arange(5))[0]
    straight, right = 2 * (1000 * MS + 10), 2 * (1000 * MS + 10) + 2000 * MS
    by_way_of_east = 4 * (1000 * MS + 10) + (2000 + 10_000) * MS  # right, back at the dead end, straight on
    assert found.tolist() == [1000 * MS + 10, straight, right, 0, by_way_of_east]
    allowed = plain_graph(free, has_turns=True).weights(np.array([3]), np.array([4]))
    assert allowed.tolist() == [[straight + 4000 * MS]]
    assert plain_graph(graph, has_turns=False).weights(np.array([3]), np.array([4])).tolist() == [[straight]]


def test_the_oracle_takes_the_lightest_of_parallel_roads_and_no_longer_bans() -> None:
    graph = graph_from_arcs(
        np.array([0.0, 1.0]), np.zeros(2), [0, 0, 1], [1, 1, 0], [5000, 1000, 1000], [3, 7, 1], [5, 5, 5],
        profile="motorbike", access_kph=10,
    )  # fmt: skip
    assert plain_graph(graph, has_turns=False).weights(np.array([0]), np.array([1])).tolist() == [[3 * MS + 50]]
    longer = replace(graph, banned_first=np.array([0, 3], np.int32), banned_arcs=np.array([0, 2, 1], np.int32))
    with pytest.raises(ValueError, match="more than two arcs"):
        plain_graph(longer, has_turns=True)


@pytest.mark.parametrize(
    ("engine", "has_turns"), [(e, turns) for e in PEERS for turns in (True, False) if not (e == "networkx" and turns)]
)
def test_every_engine_gives_the_oracles_answer(engine: str, has_turns: bool) -> None:
    if engine == "networkx":
        pytest.importorskip("networkx")
    graph = with_bans(block(), seed=3, share=0.3)
    graph = graph if has_turns else without_turns(graph)
    nodes = np.arange(graph.num_nodes)
    found = load_peer(engine).prepare(graph, has_turns).matrix(nodes, nodes)
    assert np.array_equal(found, plain_graph(graph, has_turns=has_turns).weights(nodes, nodes))


def test_copies_of_a_town_make_one_network_of_the_size_asked_for() -> None:
    base = block(10)  # its four corners are passed through
    assert count_crossings(base) == 96
    for wanted in (96, 150, 960):
        graph = tiled(base, wanted)
        assert abs(count_crossings(graph) - wanted) < 0.15 * wanted
        assert parts(graph).max() == 0
    joins = np.flatnonzero(tiled(base, 960).road_class == ROAD_CLASSES.index("primary"))
    assert joins.size
    assert (
        tiled(base, 960).length_mm[joins].min() > 10_000
    )  # a tenth of the town lies between, 0.9/1000 degree and more


def test_turns_are_forbidden_where_four_roads_meet_and_never_the_one_back() -> None:
    graph = with_bans(block(12), seed=1, share=0.1)
    assert len(graph.bans()) == round(0.1 * count_crossings(graph))
    for came, then in graph.bans():
        assert graph.head[came] == graph.tails()[then]
        assert graph.head[then] != graph.tails()[came]
        assert np.sum(graph.tails() == graph.tails()[then]) >= 4
    assert with_bans(block(12), seed=1, share=0.1).bans() == graph.bans()


def test_coquimbo_is_read_with_directions_and_speeds(tmp_path: Path) -> None:
    import gzip

    nodes = "node_id,lon,lat\n7,105.0,10.0\n8,105.001,10.0\n9,105.002,10.0\n10,106,10\n"
    edges = (
        "link_id,a_node,b_node,direction,length_m,link_type,speed_ab,speed_ba\n"
        "1,7,8,0,100.0,residential,,20.0\n2,8,9,1,100.0,primary,100,\n3,9,7,1,200,primary,,\n4,7,9,0,1,motorway,,\n"
        "5,9,10,1,5,primary,,\n"
    )
    for name, text in ((NODES, nodes), (EDGES, edges)):
        (tmp_path / name).write_bytes(gzip.compress(text.encode()))
    table = default_speed_table()
    graph = read_coquimbo(tmp_path, table, table.profiles["motorbike"])
    arcs = list(zip(graph.tails().tolist(), graph.head.tolist(), graph.duration_ms.tolist(), strict=True))
    assert arcs == [(0, 1, 14_400), (1, 0, 20_000), (1, 2, 8571), (2, 0, 17_143)]  # 25, 18, 42, 42 km/h
    assert [ROAD_CLASSES[kind] for kind in graph.road_class] == ["residential", "residential", "primary", "primary"]
    assert graph.delays == TurnDelays(4000, 2000, 10_000)


def test_graphs_go_to_another_process(tmp_path: Path) -> None:
    graph = with_bans(block(), seed=3, share=0.3)
    write_graph(tmp_path / "block.npz", graph)
    read = load_graph(tmp_path / "block.npz")
    assert (read.delays, read.bans()) == (graph.delays, graph.bans())
    assert np.array_equal(read.duration_ms, graph.duration_ms)


def job(graph: RoadGraph, folder: Path, **more: object) -> Job:
    """A matrix of every node of a graph."""
    write_graph(folder / "graph.npz", graph)
    asked = Job(graph="block", file=str(folder / "graph.npz"), turns=True, again=True, rows=3, limit=120)
    return replace(asked, **more)  # type: ignore[arg-type]


@pytest.mark.slow
def test_a_run_is_measured_and_checked_in_a_process_of_its_own(tmp_path: Path) -> None:
    run = job(with_bans(block(), seed=3, share=0.3), tmp_path).run()
    assert (run.stands, run.note, run.checked_rows) == (True, "", 3)
    assert (run.nodes, run.arcs, run.crossings, run.points, run.sources) == (16, 48, 12, 16, 16)
    assert run.vertices > run.crossings
    assert min(run.contract_seconds, run.again_seconds, run.ns_per_entry, run.ns_with_units, run.peak_memory_mb) > 0


def test_a_wrong_answer_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def prepare(graph: RoadGraph, has_turns: bool) -> Prepared:
        def matrix(sources: IntArray, targets: IntArray) -> FloatArray:
            found = plain_graph(graph, has_turns=has_turns).weights(sources, targets)
            found[0, found[0] > 0] += 1  # a tenth of a metre
            return found

        return Prepared(matrix)

    liar = SimpleNamespace(version=lambda: "liar 1", prepare=prepare)
    monkeypatch.setattr(child, "load_peer", lambda name: liar)
    asked = job(block(), tmp_path)
    result = child.run({**{name: getattr(asked, name) for name in Job.__slots__}, "task": "matrix", "again": False})
    assert not result["stands"]
    assert result["note"] == "WRONG: 15 of 48 entries are not the oracle's"
    refused = Run("matrix", "block", "own", True, **result)
    assert "Nanoseconds" not in render([refused])
    assert "own, block, turns on, 1 run(s): WRONG" in render([refused])


@pytest.mark.slow
def test_a_missing_peer_makes_a_row_that_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    absent = replace(job(block(), tmp_path), engine="osrm").run()
    assert (absent.has_answer, absent.stands) == (False, False)
    assert "needs Python >= 3.12" in absent.note
    assert "knows no turns" in replace(job(block(), tmp_path), engine="networkx").run().note
    (tmp_path / "networkx.py").write_text("raise ModuleNotFoundError(\"No module named 'networkx'\")")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    missing = replace(job(block(), tmp_path), engine="networkx", turns=False).run()
    assert "No module named 'networkx'" in missing.note
    lines = render([absent, missing])
    assert "- osrm, every graph, turns on, 1 run(s): left out: osrm-bindings" in lines
    assert "- networkx, block, turns off, 1 run(s): exit 1: ModuleNotFoundError" in lines


def test_engines_take_turns() -> None:
    jobs = list(jobs_of({"coquimbo": Path("c.npz")}, Path(), ["own", "scipy"], [True], 2, Job(again=True)))
    assert jobs[0].task is Task.COMPILE
    assert [(j.engine, j.seed, j.again) for j in jobs[1:]] == [
        ("own", 1, True), ("scipy", 1, False), ("own", 2, True), ("scipy", 2, False),
    ]  # fmt: skip
    built = list(jobs_of({"can-tho": Path("c.npz")}, Path("data"), ["own"], [], 1, Job()))
    assert [(j.task, j.file) for j in built[1:]] == [(Task.BUILD, "data/cantho_2011.osm.pbf")]


RUNS = [
    Run("matrix", "andorra", engine, True, seed, version="1", nodes=900, arcs=1800, crossings=50, vertices=90,
        edges=200, shortcuts=100, network_seconds=0.5, contract_seconds=1.0 + seed, points=1500, sources=rows,
        ns_per_entry=ns + seed, peak_memory_mb=200, checked_rows=5, stands=True, machine="a processor")
    for engine, rows, ns in (("own", 1500, 40), ("scipy", 30, 4000)) for seed in (1, 2, 3)
]  # fmt: skip


def test_tables_give_the_median_and_the_range(tmp_path: Path) -> None:
    text = render(RUNS)
    assert "Machine: a processor." in text
    assert "| andorra | on | 1500 | 42 [41-43] | 4,002 [4,001-4,003] (30 rows) | - |" in text
    assert "| andorra | on | 900 | 1,800 | 50 | 90 | 200 | 100 |" in text
    assert "| andorra | on | 0.50 | 3.00 [2.00-4.00] | - |" in text
    write_runs(tmp_path / "runs.csv", RUNS)
    assert read_runs([tmp_path / "runs.csv"]) == RUNS
    (tmp_path / "runs.csv").write_text("task,graph\nmatrix\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"runs\.csv, row 2"):
        read_runs([tmp_path / "runs.csv"])


@pytest.mark.slow
def test_pictures_are_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    plots: ModuleType = import_module("benchmarks.roads.plots")
    assert plots.draw([], tmp_path) == []
    drawn = plots.draw([*RUNS, replace(RUNS[0], graph="coquimbo", turns=False)], tmp_path)
    assert [path.name for path in drawn] == ["ns-per-entry.png", "preparation.png"]
    assert all(path.stat().st_size > 0 for path in drawn)


def test_the_command_writes_everything(tmp_path: Path) -> None:
    write_runs(tmp_path / "runs.csv", RUNS)
    main(["--summary", str(tmp_path / "runs.csv"), "--out", str(tmp_path / "all")])
    assert "42 [41-43]" in (tmp_path / "all" / "tables.md").read_text(encoding="utf-8")


def test_bad_names_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("anodrra", "tiles-", "tiles-many", "tiles-0"):
        with pytest.raises(ValueError, match=f"no graph '{name}'; there are can-tho"):
            check_name(name)
    with pytest.raises(SystemExit):
        main([str(tmp_path), "--engines", "own,osmr"])
    assert "no engine osmr; there are own" in capsys.readouterr().err
    monkeypatch.delenv("DUONGTHU_TEST_DATA", raising=False)
    with pytest.raises(FileNotFoundError, match="name the folder"):
        data_folder(None)
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        data_folder(tmp_path / "none")


@pytest.mark.long
@pytest.mark.real_data
@pytest.mark.slow
def test_one_command_measures_real_roads(tmp_path: Path, test_data: Path) -> None:
    main([str(test_data / "data"), "--graphs", "can-tho", "--seeds", "1", "--points", "60", "--out", str(tmp_path)])
    runs = read_runs([tmp_path / "runs.csv"])
    assert {run.engine for run in runs if run.stands} == set(PEERS)
    assert not any("WRONG" in run.note for run in runs)
    assert "Nanoseconds a matrix entry" in (tmp_path / "tables.md").read_text(encoding="utf-8")
