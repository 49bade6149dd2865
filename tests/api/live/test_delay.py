"""Why the round of `test_progress` is late; every figure below is computed by hand from its times."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from api.custody.ordering import Fact
from api.live.delay import DelayKind, delay_of
from api.live.limits import Limit, stop_limits
from api.live.progress import progress_of
from routing.model import TimeWindow
from tests.api.custody.made import MORNING, event
from tests.api.live.test_progress import RELOAD, ROUTE, Happened, at

MIDNIGHT = MORNING.replace(hour=0)
BASE = {"data": {"site_id": "B1"}}


def delay(now: str, *happened: Happened, **more: Any) -> tuple[str, int, str, int | None] | None:
    """Kind, minutes lost, since when, at which place."""
    facts: dict[str, list[Fact]] = {}
    for number, (code, kind, clock) in enumerate(happened):
        minute = (at(clock) - MORNING) / timedelta(minutes=1)
        extra = BASE if kind == "OUT" else more.get(code, {})
        facts.setdefault(code, []).append(Fact(event(number, kind, minute=minute, shipments=[code], **extra)))
    times: dict[str, Any] = {"since": MIDNIGHT, "now": at(now), "reload": RELOAD}
    found = delay_of(ROUTE, facts, progress_of(ROUTE, facts, **times), **times)
    if found is None:
        return None
    return found.kind, int(found.lost / timedelta(minutes=1)), found.since.strftime("%H:%M"), found.place


@pytest.mark.parametrize(
    ("now", "happened", "expected"),
    [
        ("07:10", [], None),
        # A was to be left at 07:15: at 07:19 that is 4 minutes, at 07:30 it is 15.
        ("07:19", [], None),
        ("07:30", [], (DelayKind.NOT_BEGUN, 15, "07:00", 0)),
        # Out at 07:20 instead of 07:00, A 15 minutes later as planned; B then 07:45..07:50, 10 late.
        ("07:36", [("A", "OUT", "07:20"), ("A", "DELIVER", "07:35")], (DelayKind.LATE_START, 20, "07:00", None)),
        # Nobody says when it went out: A 20 minutes late all the same.
        ("07:36", [("A", "DELIVER", "07:35")], (DelayKind.LATE_START, 20, "07:00", 0)),
        # Out in time, A 45 minutes after it instead of 15.
        ("07:46", [("A", "OUT", "07:00"), ("A", "DELIVER", "07:45")], (DelayKind.SLOW_WAY, 30, "07:00", 0)),
        # A in time, B 65 minutes later instead of 25.
        (
            "08:20",
            [("A", "DELIVER", "07:15"), ("B1", "DELIVER", "08:18"), ("B2", "DELIVER", "08:20")],
            (DelayKind.SLOW_WAY, 40, "07:15", 1),
        ),
        # The same, but 38 of the minutes lie between the two tasks of B: 33 more than the 5 of the plan.
        (
            "08:20",
            [("A", "DELIVER", "07:15"), ("B1", "DELIVER", "07:42"), ("B2", "DELIVER", "08:20")],
            (DelayKind.LONG_STOP, 33, "07:42", 1),
        ),
        # A in time and then nothing: at 08:20 B is left 40 minutes after 07:40.
        ("08:20", [("A", "DELIVER", "07:15")], (DelayKind.SILENT, 40, "07:15", 1)),
        # B left at 07:40 in time; C at 09:00 instead of 08:25.
        (
            "09:00",
            [("A", "DELIVER", "07:15"), ("B1", "DELIVER", "07:40"), ("B2", "DELIVER", "07:40"),
             ("C", "ACCEPT", "09:00")],
            (DelayKind.LONG_BASE, 35, "07:40", 2),
        ),
        # D before C: after D at 08:30, C at 09:30, planned 20 minutes before it; nothing is left, the last one counts.
        (
            "09:30",
            [("A", "DELIVER", "07:15"), ("B1", "DELIVER", "07:40"), ("B2", "DELIVER", "07:40"),
             ("D", "HAND_AGENCY", "08:30"), ("C", "ACCEPT", "09:30")],
            (DelayKind.OTHER_ORDER, 80, "08:30", 2),
        ),
    ],
    ids=["before", "a-little", "not-begun", "out-late", "first-late", "slow-first", "slow-way", "long-stop", "silent",
         "long-base", "other-order"],
)  # fmt: skip
def test_the_reason_is_the_part_that_lost_most(now: str, happened: list[Happened], expected: Any) -> None:
    assert delay(now, *happened) == expected


def test_the_tightest_window_and_line_of_a_stop_count() -> None:
    stop = ROUTE.trips[0].stops[1]  # begins at 07:35, with B1 and B2
    hours = TimeWindow(7 * 3600, 8 * 3600), TimeWindow(13 * 3600, 15 * 3600)
    limits = {"B1": Limit(hours, 16 * 3600), "B2": Limit((TimeWindow(),), 11 * 3600), "C": Limit(hours, 3600)}
    found = stop_limits(stop, limits, MIDNIGHT)
    assert (found.closes, found.cut_off) == (at("08:00"), at("11:00"))
    unknown = stop_limits(stop, {}, MIDNIGHT)
    assert (unknown.closes, unknown.cut_off) == (None, None)
