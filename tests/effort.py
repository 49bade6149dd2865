"""
How much is tried: enough to find a fault in `make test`, a long run in `make soak` (the profile `soak` says which).

A variable named beside a number overrules both, so that a size can be told on a command line.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

IS_SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"


def size(name: str, usual: int, soak: int) -> int:
    """How many of something; `DUONGTHU_` and its name overrule."""
    return int(os.environ.get(f"DUONGTHU_{name}", soak if IS_SOAK else usual))


def draws(usual: int, soak: int) -> int:
    """How many problems to draw."""
    return size("DRAWS", usual, soak)


def iterations(usual: int) -> int:
    """How long an engine may search a tiny problem."""
    return size("ITERATIONS", usual, usual)


def spread(everything: Sequence[T], usual: int) -> Sequence[T]:
    """All of it in a soak; else so many from the first to the last, at even distances."""
    if IS_SOAK or len(everything) <= usual:
        return everything
    return [everything[round(at * (len(everything) - 1) / (usual - 1))] for at in range(usual)]
