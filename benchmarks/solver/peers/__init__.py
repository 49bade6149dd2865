"""Engines by name: a file each, imported only in the process that runs it."""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType, ModuleType

PEERS = MappingProxyType(
    {
        "own": "own",
        "pyvrp": "pyvrp_search",
        "pyvrp-fleet": "pyvrp_fleet",
        "ortools": "ortools_routing",
        "vroom": "vroom_search",
        "vrp-cli": "vrp_cli_search",
        "reference": "reference",
    }
)
"""Module of each engine."""

REPEATS_ITSELF = frozenset({"vroom"})
"""Engines without dice: one seed is enough."""

FLEET_ONLY = frozenset({"pyvrp-fleet"})
"""Engines that only make sense where fewer vehicles are wanted, all of them alike."""

WALL_LIMITED = frozenset({"own", "ortools", "vroom", "vrp-cli", "reference"})
"""Engines that only take a wall-clock limit; the others are stopped by the CPU time of their process."""


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
    return import_module(f"benchmarks.solver.peers.{PEERS[name]}")
