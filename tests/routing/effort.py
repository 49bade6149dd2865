"""How much random testing is done: little by default, much in a soak, or as much as `DUONGTHU_DRAWS` says."""

from __future__ import annotations

import os


def draws(usual: int, soak: int) -> int:
    """How many problems to draw."""
    chosen = soak if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else usual
    return int(os.environ.get("DUONGTHU_DRAWS", chosen))


def iterations(usual: int) -> int:
    """How long an engine may search a tiny problem; `DUONGTHU_ITERATIONS` overrules."""
    return int(os.environ.get("DUONGTHU_ITERATIONS", usual))
