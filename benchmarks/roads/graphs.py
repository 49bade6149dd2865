"""The road networks that engines are compared on, by name; kept in a file from one run to the next."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.roads.coquimbo import read_coquimbo
from benchmarks.roads.tiles import tiled, with_bans
from geo.graph import ARRAYS, RoadGraph
from geo.osm import read_roads
from geo.profiles import TurnDelays, default_speed_table

PROFILE = "motorbike"
EXTRACTS = {
    "can-tho": "cantho_2011.osm.pbf",
    "north-bayreuth": "north-bayreuth.osm.gz",
    "andorra": "andorra-210622.osm.pbf",
}
COQUIMBO, TILES = "coquimbo", "tiles-"
USUAL = ("can-tho", "north-bayreuth", "andorra", COQUIMBO, f"{TILES}24000", f"{TILES}60000")
BAN_SEED = 1


def data_folder(named: Path | None) -> Path:
    """
    The folder named, or `data/` in the one that DUONGTHU_TEST_DATA names.

    Raises
    ------
    FileNotFoundError
        When there is none.
    """
    tests = os.environ.get("DUONGTHU_TEST_DATA")
    folder = named or (Path(tests) / "data" if tests else None)
    if folder is None:
        raise FileNotFoundError("name the folder with the data, or set DUONGTHU_TEST_DATA to the one that holds data/")
    if not folder.is_dir():
        raise FileNotFoundError(f"there is no folder {folder}")
    return folder


def check_name(name: str) -> None:
    """
    Raises
    ------
    ValueError
        When there is no graph of that name.
    """
    crossings = name.removeprefix(TILES) if name.startswith(TILES) else ""
    if name not in (*EXTRACTS, COQUIMBO) and not (crossings.isdecimal() and int(crossings)):
        raise ValueError(f"no graph {name!r}; there are {', '.join((*EXTRACTS, COQUIMBO))}, {TILES}NUMBER of crossings")


def make_graph(name: str, folder: Path) -> RoadGraph:
    """
    Read or make a graph with turn delays and forbidden turns: those of the map, or made up where it has none.

    Raises
    ------
    ValueError
        When there is no graph of that name.
    """
    check_name(name)
    if name in EXTRACTS:
        return read_roads(folder / EXTRACTS[name], profiles=[PROFILE])[PROFILE]
    table = default_speed_table()
    graph = read_coquimbo(folder, table, table.profiles[PROFILE])
    if name.startswith(TILES):
        graph = tiled(graph, int(name.removeprefix(TILES)))
    return with_bans(graph, seed=BAN_SEED)


def without_turns(graph: RoadGraph) -> RoadGraph:
    """The same roads, where every turn is free and allowed."""
    nothing = np.zeros(0, dtype=np.int32)
    return replace(graph, delays=TurnDelays(), banned_first=np.zeros(1, dtype=np.int32), banned_arcs=nothing)


def write_graph(path: Path, graph: RoadGraph) -> None:
    """Without names of roads."""
    arrays = {name: getattr(graph, name) for name in ARRAYS} | {"name": np.full(graph.num_arcs, -1, dtype=np.int32)}
    delays = np.array([graph.delays.left, graph.delays.right, graph.delays.back])
    np.savez(path, delays=delays, access_kph=graph.access_kph, **arrays)


def load_graph(path: Path) -> RoadGraph:
    """Undo `write_graph`."""
    with np.load(path) as file:
        left, right, back = file["delays"].tolist()
        return RoadGraph(
            profile=PROFILE, access_kph=float(file["access_kph"]), delays=TurnDelays(left, right, back),
            **{name: file[name] for name in ARRAYS},
        )  # fmt: skip
