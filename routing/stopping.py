"""When a search ends: whichever of the limits is met first."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from math import inf


@dataclass(frozen=True, slots=True)
class StoppingCriterion:
    """
    Limits of one search; at least one is set.

    With `iterations` and no `seconds` the same seed gives the same answer on every run of one machine.
    """

    seconds: float | None = None
    """Wall-clock."""
    iterations: int | None = None
    """Of the engine's main loop."""
    no_improvement: float | None = None
    """Seconds without a better answer."""
    cancel: threading.Event | None = None
    """Set from outside to end the search; the best answer so far is kept."""

    def __post_init__(self) -> None:
        limits = (self.seconds, self.iterations, self.no_improvement)
        if all(limit is None for limit in limits) and self.cancel is None:
            raise ValueError("a search needs a limit: seconds, iterations, no_improvement or cancel")
        if any(limit is not None and not 0 < limit < inf for limit in limits):
            raise ValueError("limits of a search are positive and finite")


class Stopwatch:
    """Asks a StoppingCriterion whether it is time."""

    def __init__(self, stop: StoppingCriterion) -> None:
        self._stop = stop
        self._began = self._improved = time.monotonic()

    @property
    def seconds(self) -> float:
        """Since the search began."""
        return time.monotonic() - self._began

    @property
    def remaining(self) -> float | None:
        """Seconds until the limit of time, at least 0; None without one."""
        return None if self._stop.seconds is None else max(0.0, self._stop.seconds - self.seconds)

    @property
    def repeats(self) -> bool:
        """Whether the search must not depend on how fast the machine is."""
        return self._stop.seconds is None and self._stop.iterations is not None

    def fraction(self, iterations: int) -> float | None:
        """The part of the time or the iterations that is over, at least 0; None = nobody says how many there are."""
        parts = []
        if self._stop.seconds is not None:
            parts.append(self.seconds / self._stop.seconds)
        if self._stop.iterations is not None:
            parts.append(iterations / self._stop.iterations)
        return max(parts) if parts else None

    def iterations_left(self, iterations: int) -> int | None:
        """How many more iterations are allowed; None = any number."""
        return None if self._stop.iterations is None else max(0, self._stop.iterations - iterations)

    def improved(self) -> None:
        """A better answer was found just now."""
        self._improved = time.monotonic()

    def is_over(self, iterations: int) -> bool:
        """Whether any limit is met."""
        stop = self._stop
        return (
            (stop.cancel is not None and stop.cancel.is_set())
            or (stop.iterations is not None and iterations >= stop.iterations)
            or (stop.seconds is not None and self.seconds >= stop.seconds)
            or (stop.no_improvement is not None and time.monotonic() - self._improved >= stop.no_improvement)
        )
