"""
How far chance moves what is computed: two searches of one day never end on the same cost.

Shares of the province's cost in a year, measured on the sample province with one week (docs/coverage.md).
"""

from __future__ import annotations

ITERATIONS, QUICK_ITERATIONS = 3_000, 300
"""Search steps for each group of a day."""

REMEDY_CHANCE, QUICK_REMEDY_CHANCE = 0.002, 0.004
"""Of what a remedy costs."""

SCENARIO_CHANCE = 0.005
"""Of what a scenario costs."""


def remedy_chance(iterations: int) -> float:
    """Share of a year's cost by which the price of a remedy may move."""
    return REMEDY_CHANCE if iterations >= ITERATIONS else QUICK_REMEDY_CHANCE
