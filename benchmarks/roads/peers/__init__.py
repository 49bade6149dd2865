"""Engines by name: a file each, imported only in the process that runs it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from types import MappingProxyType, ModuleType

from benchmarks.roads.expanded import FloatArray, IntArray

PEERS = MappingProxyType({"own": "own", "scipy": "scipy_dijkstra", "networkx": "networkx_dijkstra"})
"""Module of each engine that is run: `version()` and `prepare(graph, has_turns)`, which returns a `Prepared`."""

NOT_HERE = MappingProxyType({"osrm": "osrm-bindings", "valhalla": "pyvalhalla"})
"""Engines that are named, but not run: they build from an extract of their own kind, and need Python >= 3.12."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An engine that knows its graph."""

    matrix: Callable[[IntArray, IntArray], FloatArray]
    """Weights between nodes (see `expanded.py`), shape (sources, targets)."""
    seconds: Mapping[str, float] = field(default_factory=dict)
    """Of its preparation: `network_seconds` and `contract_seconds`."""
    facts: Mapping[str, int] = field(default_factory=dict)
    """Of the network: `crossings`, `vertices`, `edges`, `shortcuts`."""
    is_batched: bool = False
    """Whether rows share so much that a few of them do not tell how long all take: then all are computed."""
    with_units: Callable[[IntArray, IntArray], object] | None = None
    """The same as whole metres and seconds; None = it has no such call."""


def why_left_out(engine: str, *, has_turns: bool) -> str:
    """Why an engine is not run; empty when it is."""
    if engine in NOT_HERE:
        here = ".".join(map(str, sys.version_info[:2]))
        return f"left out: {NOT_HERE[engine]} needs Python >= 3.12 (this is {here}), and its own extract"
    if engine == "networkx" and has_turns:
        return "left out: it knows no turns, and scipy stands for plain graphs of arcs"
    return ""


def load_peer(name: str) -> ModuleType:
    """
    Import an engine.

    Raises
    ------
    ValueError
        When there is no such engine.
    ImportError
        When its package is not installed.
    """
    if name not in PEERS:
        raise ValueError(f"no engine {name!r}; there are {', '.join(PEERS)}")
    return import_module(f"benchmarks.roads.peers.{PEERS[name]}")
