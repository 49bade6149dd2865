"""
The runs of a day, and when one may call at a base.

A run serves the pause between two waves that it leaves the hub for: that before the first wave when it leaves earlier,
else the one after the wave that has begun last. One call in a pause does both: it takes what the couriers brought back
and hands over what they take out next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.errors import InputError, RowRef
from api.messages import row_error
from api.network.checks import SETTINGS_FILE
from api.network.model import Network
from api.network.settings import Settings, Wave
from api.tables.moments import DAY

HAND_IN = 900
"""Seconds between the latest hand-in at a stop and the departure: bagging and the hand-over list."""

BEFORE_FIRST_WAVE, BEFORE_LAST_END = 3 * 3600, 3600
"""When the usual runs leave the hub: so long before the first wave begins, and before the last one ends."""


@dataclass(frozen=True, slots=True)
class Run:
    """When vans are under way; seconds after midnight."""

    run_id: str
    leaves: int
    """No van leaves the hub before."""
    back_by: int
    """Every van is back: for the next run, or before midnight."""


@dataclass(frozen=True, slots=True)
class CallWindow:
    """When handling may begin at a base; none when `late` lies before `early`: the pause is too short."""

    early: int
    late: int


def usual_times(settings: Settings) -> tuple[int, ...]:
    """A morning run that is at the bases before the first wave, an evening run that is there after the last one."""
    waves = _waves(settings)
    times = waves[0].start - BEFORE_FIRST_WAVE, max(wave.end for wave in waves) - BEFORE_LAST_END
    return tuple(sorted({max(0, seconds) for seconds in times}))


def day_runs(network: Network, times: Sequence[int]) -> tuple[Run, ...]:
    """
    Make a run of each time at which vans leave the hub.

    A van is back, and `reload_minutes` have passed, before the next run leaves: the same vans drive all runs, and what
    one brings goes on with the next.

    Raises
    ------
    ValueError
        When one leaves at midnight, or so soon after another that no van can be back.
    """
    reload = 60 * network.settings.reload_minutes
    ends = [*(after - reload for after in sorted(times)[1:]), DAY]
    if any(end <= leaves for leaves, end in zip(sorted(times), ends, strict=True)):
        raise ValueError(f"runs leave before {DAY} and more than {reload} s apart, got {sorted(times)}")
    return tuple(
        Run(f"S{number}", leaves, back_by)
        for number, (leaves, back_by) in enumerate(zip(sorted(times), ends, strict=True), 1)
    )


def handling_at(network: Network, site_id: str) -> int:
    """Seconds of a call: the set-up of the site, in whole minutes."""
    return whole_minutes(round(60 * network.times_at(site_id).setup_minutes))


def whole_minutes(seconds: int) -> int:
    """Round up: a timetable is told in minutes."""
    return -(-seconds // 60) * 60


def call_window(network: Network, base_id: str, run: Run) -> CallWindow:
    """
    Say when handling may begin at a base: its hand-in not before the couriers are back, its end before they go.

    Couriers are back when the wave ends; after the last wave, when the last shift of the base ends if that is later.
    """
    waves = _waves(network.settings)
    begun = [wave for wave in waves if wave.start <= run.leaves]
    coming = waves[len(begun) :]
    handling = handling_at(network, base_id)
    early = 0
    if begun:
        back = max(wave.end for wave in begun) if coming else _last_return(network, base_id, waves)
        early = max(0, whole_minutes(back) + HAND_IN - handling)
    late = coming[0].start - handling if coming else DAY
    return CallWindow(early, late)


def _last_return(network: Network, base_id: str, waves: Sequence[Wave]) -> int:
    shifts = (courier.shift.end for courier in network.bases[base_id] if not courier.reserve)
    return max((*shifts, *(wave.end for wave in waves)))


def _waves(settings: Settings) -> tuple[Wave, ...]:
    if not settings.waves:
        raise InputError([row_error(RowRef(SETTINGS_FILE), "waves", "no_waves")])
    return tuple(sorted(settings.waves, key=lambda wave: wave.start))
