"""Names to numbers and back."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

Item = TypeVar("Item", bound=Hashable)


class Numbering(Generic[Item]):
    """Numbers distinct things in the order of their first appearance."""

    def __init__(self) -> None:
        self._numbers: dict[Item, int] = {}

    def number(self, item: Item) -> int:
        """The number of a thing; a new thing gets the next one."""
        return self._numbers.setdefault(item, len(self._numbers))

    @property
    def items(self) -> tuple[Item, ...]:
        """Everything numbered, in order."""
        return tuple(self._numbers)
