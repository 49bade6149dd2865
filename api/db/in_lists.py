"""IN lists of bounded length: every database has a most number of values in one statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final, TypeVar

T = TypeVar("T")

MOST_VALUES: Final = 10_000
"""SQLite takes 32,766 (SQLITE_MAX_VARIABLE_NUMBER), PostgreSQL's protocol 65,535."""


def in_lists(values: Iterable[T], most: int = MOST_VALUES) -> Iterator[list[T]]:
    """Cut values into lists that one statement takes; mostly it is one."""
    rest = iter(values)
    while some := list(islice(rest, most)):
        yield some
