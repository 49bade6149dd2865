import numpy as np
import pytest

from geo.coordinates import from_plane
from geo.halts import drives
from geo.traces import Trace

ORIGIN = (105.0, 10.0)


def trace(times: list[float], east: list[float], *, noise: float = 0.0) -> Trace:
    """A courier on a straight road to the east, metres."""
    metres = np.column_stack((east, np.zeros(len(east))))
    metres += np.random.default_rng(3).normal(scale=noise, size=metres.shape) if noise else 0.0
    points = from_plane(metres, origin=ORIGIN)
    return Trace("k", np.array(times, dtype=np.float64), points[:, 0], points[:, 1], np.full(len(times), np.nan))


def ridden(every: float, *, wait: float, kph: float = 36.0) -> tuple[list[float], list[float]]:
    """One km, a halt, another km."""
    times = np.arange(0, 2000 * 3.6 / kph + wait, every)
    before = 1000 * 3.6 / kph
    east = np.where(times < before, times * kph / 3.6, np.maximum(1000, 1000 + (times - before - wait) * kph / 3.6))
    return times.tolist(), east.tolist()


@pytest.mark.parametrize("noise", [0.0, 5.0, 10.0, 15.0])
@pytest.mark.parametrize("every", [1.0, 5.0, 15.0, 30.0])
def test_a_halt_parts_two_drives_of_which_none_holds_time_spent_standing(every: float, noise: float) -> None:
    found = drives(trace(*ridden(every, wait=180), noise=noise))
    assert len(found.parts) == 2
    assert found.halted == pytest.approx(180, abs=2 * every + 15)
    assert found.parts[0].time[-1] < 100
    assert found.parts[1].time[0] > 280


@pytest.mark.parametrize("kph", [8.0, 20.0, 60.0])
def test_driving_slowly_is_no_halt(kph: float) -> None:
    found = drives(trace(*ridden(5, wait=0, kph=kph), noise=5))
    assert (found.halts, found.halted, len(found.parts)) == (0, 0, 1)


def test_a_wait_at_lights_belongs_to_the_drive_and_to_walkers_more_does() -> None:
    assert drives(trace(*ridden(5, wait=40))).halts == 0
    ride = trace(*ridden(5, wait=90))
    assert drives(ride).halts == 1
    assert drives(ride, halt_seconds=120).halts == 0


def test_a_jump_is_left_out_and_counted() -> None:
    times, east = ridden(5, wait=0)
    east[7] += 900
    found = drives(trace(times, east))
    assert found.jumps == 1
    assert np.diff(found.parts[0].time).max() == 10


def test_a_jump_while_standing_does_not_end_the_halt() -> None:
    times, east = ridden(5, wait=180)
    east[30] += 120  # too near to be a jump, too far to belong to the halt
    found = drives(trace(times, east))
    assert (found.jumps, found.halts) == (0, 1)


def test_only_standing_leaves_nothing() -> None:
    found = drives(trace([0, 30, 60, 90], [0, 0, 0, 0]))
    assert (found.parts, found.halts, found.halted) == ((), 1, 90)
