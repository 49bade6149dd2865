from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from routing.kernel import jit
from routing.kernel import timing as kernel
from routing.model import Break, VehicleType
from routing.scheduling import timing as plain
from routing.scheduling.frontier import Windows
from routing.scheduling.layout import lay_out
from routing.scheduling.timeline import Point, Ride
from routing.solution import Constraint
from tests.effort import draws
from tests.routing.samples import random_problem, random_sequence, without_limits

Case = tuple[list[Point], list[Ride], VehicleType]

MISSED = {
    Constraint.MAX_DURATION: kernel.MISSED_DURATION,
    Constraint.BREAKS: kernel.MISSED_BREAKS,
    Constraint.RIDE_TIME: kernel.MISSED_RIDES,
}

COMPILED = SimpleNamespace(
    best_timing=jit.jit(cast("Any", kernel.best_timing).py_func),
    best_choice=jit.jit(cast("Any", kernel.best_choice).py_func),
    scratch_size=kernel.scratch_size,
)
"""The module with doors of its own: the kernel's leads to more."""


class Flat:
    """A chain as arrays, with just enough room for its answer."""

    def __init__(
        self, points: Sequence[Point], rides: Sequence[Ride], vehicle: VehicleType, module: Any = COMPILED
    ) -> None:
        self.module = module
        windows: list[tuple[int, int]] = []
        rows = []
        for point in points:
            (early, late), *others = point.windows
            own = (0, 0, point.may_rest, early, late)
            shared = (len(windows), len(point.windows), point.may_rest, -1, -1)
            rows.append((point.after, *(shared if others else own)))
            windows += point.windows if others else ()
        self.num_points, self.num_breaks, self.num_rides = len(points), len(vehicle.breaks), len(rides)
        self.chain = table(rows, kernel.CHAIN_WIDTH)
        self.windows = table(windows, 2)
        self.breaks = table([(b.duration, b.tw_early, b.tw_late) for b in vehicle.breaks], 3)
        self.rides = table(rides, 3)
        costs = (vehicle.unit_duration_cost, vehicle.unit_overtime_cost)
        self.vehicle = np.array((vehicle.tw_late, vehicle.max_duration, *costs), np.int64)
        self.out = np.full(kernel.out_size(len(points)), -7, np.int64)
        self.scratch = np.full(module.scratch_size(len(points), len(windows), len(rides)), -7, np.int64)

    def time(self) -> int:
        status: int = self.module.best_timing(
            self.chain, self.num_points, self.windows, self.breaks, self.num_breaks, self.vehicle,
            self.rides, self.num_rides, self.out, self.scratch,
        )  # fmt: skip
        return status

    def choose(self) -> int:
        status: int = self.module.best_choice(
            self.chain, self.num_points, self.windows, self.breaks, self.num_breaks, self.vehicle, self.scratch
        )
        return status

    @property
    def key(self) -> plain.Key:
        return key_in(self.out)

    @property
    def times(self) -> list[int]:
        return [int(t) for t in self.out[kernel.TIMES : kernel.TIMES + self.num_points]]

    @property
    def rests(self) -> list[list[int]]:
        """Start, point and break of each rest."""
        rests: list[list[int]] = self.out[kernel.RESTS :][: 3 * self.out[kernel.NUM_TAKEN]].reshape(-1, 3).tolist()
        return rests


def key_in(choice: kernel.IntArray) -> plain.Key:
    money, overtime, working, finish, number = choice[: kernel.NUM_TAKEN + 1].tolist()
    return money, overtime, working, finish, number


def table(rows: Sequence[Sequence[int]], width: int) -> kernel.IntArray:
    return np.array(rows, np.int64).reshape(-1, width)


def plain_key(timing: plain.Timing, vehicle: VehicleType) -> plain.Key:
    taken = sum(1 << vehicle.breaks.index(placed.rest) for placed in timing.placed)
    key = plain._key(timing.times[0], timing.times[-1], taken, vehicle)
    assert key is not None
    return key


def prove(flat: Flat, points: Sequence[Point], rides: Sequence[Ride], vehicle: VehicleType) -> None:
    """Check an answer against the chain, and its price against its times."""
    times, rests = flat.times, flat.rests
    assert within(times[0], points[0].windows)
    for k in range(1, len(points)):
        clock = times[k - 1] + points[k].after
        while rests and rests[0][1] == k:
            start, _, number = rests.pop(0)
            rest = vehicle.breaks[number]
            assert points[k].may_rest
            assert max(clock, rest.tw_early) <= start <= rest.tw_late
            clock = start + rest.duration
        assert clock <= times[k]
        assert within(times[k], points[k].windows)
    assert not rests
    assert all(times[end] - times[begin] <= limit for begin, end, limit in rides)
    numbers = [number for _, _, number in flat.rests]
    taken = sum(1 << number for number in numbers)
    assert len(set(numbers)) == len(numbers)
    assert flat.out[kernel.TAKEN] == taken
    assert flat.out[kernel.DEPARTURE] == times[0]
    assert flat.key == plain._key(times[0], times[-1], taken, vehicle)


def within(time: int, windows: Windows) -> bool:
    return any(early <= time <= late for early, late in windows)


def cases(seeds: range, *, num_breaks: int | None = None, tight_rides: bool = False) -> Iterator[tuple[int, Case]]:
    for seed in seeds:
        rng = random.Random(seed)
        problem = without_limits(random_problem(seed))
        vehicle = problem.vehicle_types[0]
        if num_breaks is not None:
            vehicle = replace(vehicle, breaks=random_breaks(rng, num_breaks))
        problem = replace(problem, vehicle_types=(vehicle, *problem.vehicle_types[1:]))
        layout = lay_out(problem, 0, random_sequence(problem, seed, max_trips=vehicle.max_trips), 0)
        rides = layout.rides
        if tight_rides:
            pairs = [sorted(rng.sample(range(len(layout.points)), 2)) for _ in range(rng.randint(1, 3))]
            rides = [Ride(begin, end, rng.randint(20, 400)) for begin, end in pairs]
        yield seed, (layout.points, rides, vehicle)


def random_breaks(rng: random.Random, number: int) -> tuple[Break, ...]:
    """Breaks of unlike durations, so that each can be told from the others."""
    durations = rng.sample(range(10, 50), number)
    earlies = [rng.randrange(0, 600, 10) for _ in range(number)]
    return tuple(Break(d, e, e + rng.randrange(0, 300, 10)) for d, e in zip(durations, earlies, strict=True))


def compare(seeds: range, *, num_breaks: int | None = None, tight_rides: bool = False, with_rides: bool = True) -> int:
    """Compare with the plain module; give the number of timed chains."""
    timed = 0
    for seed, (points, all_rides, vehicle) in cases(seeds, num_breaks=num_breaks, tight_rides=tight_rides):
        rides = all_rides if with_rides else []
        flat, expected = Flat(points, rides, vehicle), plain.best_timing(points, rides, vehicle)
        status = flat.time()
        if isinstance(expected, plain.Miss):
            assert status == MISSED.get(expected.constraint, kernel.MISSED_TIME), seed
            continue
        assert status == kernel.TIMED, seed
        assert flat.key == plain_key(expected, vehicle), seed
        prove(flat, points, rides, vehicle)
        assert flat.choose() == kernel.TIMED
        bound = key_in(flat.scratch)
        assert bound <= flat.key if rides else bound == flat.key
        timed += 1
    return timed


@pytest.mark.slow
def test_times_without_ride_limits_are_those_of_the_plain_module() -> None:
    assert compare(range(400), with_rides=False) > 100


@pytest.mark.slow
@pytest.mark.parametrize("num_breaks", [0, 1, 2, 3])
def test_any_number_of_breaks_gives_the_times_of_the_plain_module(num_breaks: int) -> None:
    assert compare(range(1000, 1150), num_breaks=num_breaks, with_rides=False) > 15


def test_ride_limits_are_kept_as_in_the_plain_module() -> None:
    assert compare(range(2000, 2300)) > 60


@pytest.mark.parametrize("num_breaks", [0, 1, 2])
def test_tight_ride_limits_are_searched_as_in_the_plain_module(num_breaks: int) -> None:
    assert compare(range(3000, 3100), num_breaks=num_breaks, tight_rides=True) > 10


@pytest.mark.slow
def test_thousands_of_chains_are_timed_as_by_the_plain_module() -> None:
    many = draws(500, 1500)
    assert compare(range(10_000, 10_000 + 4 * many), with_rides=False) > many / 2
    assert compare(range(20_000, 20_000 + 2 * many)) > many / 2
    for num_breaks in (1, 2):
        assert compare(range(30_000, 30_000 + many), num_breaks=num_breaks, tight_rides=True) > many / 15


# With little room, not compiled, so that no write out of bounds stays unseen


@pytest.fixture(scope="module")
def cramped() -> ModuleType:
    """The module for frontiers of two pieces and few placings."""
    source = Path(kernel.__file__).read_text(encoding="utf-8")
    for line, change in (("\nPIECES = 64\n", "\nPIECES = 2\n"), ("\nPLACINGS = 1024\n", "\nPLACINGS = 1\n")):
        assert line in source
        source = source.replace(line, change)
    module = ModuleType("cramped_timing")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jit, "inner", as_it_is)
        exec(compile(source, kernel.__file__, "exec"), module.__dict__)
    return module


def as_it_is(function: Callable[..., Any]) -> Callable[..., Any]:
    return function


@pytest.mark.parametrize(("num_breaks", "tight_rides"), [(1, False), (3, False), (1, True), (3, True)])
def test_want_of_room_makes_times_dearer_but_never_wrong(
    cramped: ModuleType, num_breaks: int, tight_rides: bool
) -> None:
    timed = 0
    for seed, (points, rides, vehicle) in cases(range(40), num_breaks=num_breaks, tight_rides=tight_rides):
        flat, expected = Flat(points, rides, vehicle, cramped), plain.best_timing(points, rides, vehicle)
        if flat.time() == kernel.TIMED:
            assert isinstance(expected, plain.Timing), seed
            assert flat.key >= plain_key(expected, vehicle), seed
            prove(flat, points, rides, vehicle)
            timed += 1
    assert timed > 3
