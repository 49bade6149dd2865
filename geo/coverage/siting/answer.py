"""What a location model answers: which points to open, how good that is, what is proved, who goes where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.coverage.siting.problem import Whole


@dataclass(frozen=True, slots=True, eq=False)
class Served:
    """Who goes where: one entry for each place and point that belong together, by place and point."""

    place: NDArray[np.intp]
    point: NDArray[np.intp]
    people: Whole


@dataclass(frozen=True, slots=True, eq=False)
class Siting:
    """The answer of one model."""

    opened: NDArray[np.intp]
    """Ascending: candidates that are opened; existing points are not repeated."""
    value: int
    """People (`mclp`), points (`lscp`), seconds summed over people (`p_median`), seconds (`p_center`)."""
    bound: int | None
    """No answer is better than this; the value itself where that is proved best. None = nothing was proved."""
    served: Served
    """In `mclp` those within the limit, in the others everybody."""

    @property
    def proved(self) -> bool:
        """Whether no better answer exists; False = greedy, or the time was up."""
        return self.bound == self.value

    @property
    def gap(self) -> float | None:
        """How far a better answer may lie at most, as a share of the bound; None = nothing was proved."""
        return None if self.bound is None else behind(self.value, self.bound)


def behind(value: int, best: int) -> float:
    """How far a value is from the best one, as a share of the best."""
    if value == best:
        return 0.0
    return abs(value - best) / abs(best) if best else float("inf")
