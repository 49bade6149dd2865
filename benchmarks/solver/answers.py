"""
What a peer is given and what it gives back.

A peer is a module of `benchmarks/solver/peers/` with two functions:

`version() -> str`
    Name and release of what answers.
`prepare(case, limits) -> Search`
    Everything before the clock starts: the peer's own model of the problem. Calling the `Search` is what is timed; it
    gives a `Finish`, called after the clock has stopped, which gives the `Answer`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from routing.model import Task

Visits = Sequence[tuple[int, Sequence[Task]]]
"""One trip: stops in order, with the tasks done at each."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a run may use."""

    seconds: float
    """Of a core."""
    seed: int = 0
    cores: int = 1
    trace: bool = False
    """Whether to note better answers on the way."""
    stretch: float = 1.0
    """Wall-clock seconds for each second of a core, for engines that only know the clock on the wall."""

    @property
    def wall_seconds(self) -> float:
        """What an engine is told that only knows the clock on the wall."""
        return self.seconds * self.stretch


@dataclass(frozen=True, slots=True)
class Planned:
    """A vehicle's day as a peer answers it, without times."""

    vehicle_type: int
    trips: Sequence[Visits]


@dataclass(frozen=True, slots=True)
class Point:
    """A better answer on the way, as its engine says."""

    seconds: float
    vehicles: int
    cost: float
    """As `Case.cost`."""


@dataclass(slots=True)
class Answer:
    """What a peer found."""

    routes: list[Planned]
    trace: list[Point] = field(default_factory=list)
    iterations: int = 0


Finish = Callable[[], Answer]
Search = Callable[[], Finish]
