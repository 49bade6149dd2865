"""Shipments that are cancelled, or wanted at other hours, on the street of `test_dispatch`, computed by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from routing.dispatch import Cancelled, Departed, Phase, Served, WindowsChanged, after, insert
from routing.errors import InvalidEventError
from routing.model import TimeWindow
from tests.routing.test_dispatch import DRIVE, SERVICE, SEVEN, ahead, happened, sound, three_deliveries


def test_what_is_cancelled_at_the_base_is_not_carried_and_not_tried_again() -> None:
    day = after(three_deliveries(), Cancelled(SEVEN - 600, 1))
    told = sound(day, insert(day))
    assert [[s for s, _ in trip] for trip in ahead(told, 0)] == [[0, 2]]
    assert told.day.states[1].phase is Phase.WAITING
    again = insert(after(told.day, Departed(SEVEN, 0)))
    assert again.day.unplanned == {1}


def test_what_is_cancelled_aboard_rides_home() -> None:
    day = happened(three_deliveries(), Departed(SEVEN, 0), Cancelled(SEVEN + 60, 1))
    told = sound(day, insert(day))
    assert [[s for s, _ in trip] for trip in ahead(told, 0)] == [[0, 2]]
    assert told.day.states[1].phase is Phase.HOMEWARD
    assert told.day.states[1].load == (1,)


def test_a_door_that_opens_later_is_served_when_it_opens() -> None:
    """At door 1 nobody is there before 8:30: doors 2 and 3 come first, the vehicle is back at 1 by 8:08 at most."""
    day = three_deliveries()
    day = after(day, Departed(SEVEN, 0))
    opens = SEVEN + 5400
    stop = replace(day.problem.stops[0], windows=(TimeWindow(opens, opens + 7200),))
    day = after(day, WindowsChanged(SEVEN + 60, 0, stop))
    told = sound(day, insert(day))
    starts = dict(pair for trip in ahead(told, 0) for pair in trip)
    assert starts[0] == opens
    assert starts[1] == SEVEN + 2 * DRIVE
    assert starts[2] == SEVEN + 3 * DRIVE + SERVICE


def test_what_is_done_can_neither_be_cancelled_nor_get_other_hours() -> None:
    day = happened(three_deliveries(), Departed(SEVEN, 0), Served(SEVEN + DRIVE + SERVICE, 0, 0))
    with pytest.raises(InvalidEventError, match="nothing is left to do"):
        after(day, Cancelled(SEVEN + 1000, 0))
    with pytest.raises(InvalidEventError, match="nothing is left to do"):
        after(day, WindowsChanged(SEVEN + 1000, 0, day.problem.stops[0]))
