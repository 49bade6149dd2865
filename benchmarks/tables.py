"""Markdown tables, and figures of several runs on one line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median


def table_head(names: Sequence[str]) -> Iterator[str]:
    """The two lines that begin a table."""
    yield table_row(names)
    yield "|" + "---|" * len(names)


def table_row(values: Sequence[str]) -> str:
    """One line of a table."""
    return f"| {' | '.join(values)} |"


def spread(values: Sequence[float], form: str) -> str:
    """The median, and the smallest and the largest in brackets where they differ."""
    smallest, middle, largest = (f"{value:{form}}" for value in (min(values), median(values), max(values)))
    return middle if smallest == largest else f"{middle} [{smallest}-{largest}]"
