"""
How far chance moves what is computed: the weeks that are sampled, the demand drawn, and where a search ends.

Shares of the province's cost in a year, measured on the sample province with one week (docs/coverage.md): standard
deviations of a price over demands. Those of a quick study are taken to be twice as large.
"""

from __future__ import annotations

ITERATIONS, QUICK_ITERATIONS = 3_000, 300
"""Search steps for each group of a day."""

REMEDY_CHANCE, QUICK_REMEDY_CHANCE = 0.004, 0.008
"""Of what a remedy costs."""

SCENARIO_CHANCE, QUICK_SCENARIO_CHANCE = 0.005, 0.01
"""Of what a scenario costs."""


def remedy_chance(iterations: int) -> float:
    """Share of a year's cost by which the price of a remedy may move."""
    return REMEDY_CHANCE if iterations >= ITERATIONS else QUICK_REMEDY_CHANCE


def scenario_chance(iterations: int) -> float:
    """The same of a scenario."""
    return SCENARIO_CHANCE if iterations >= ITERATIONS else QUICK_SCENARIO_CHANCE
