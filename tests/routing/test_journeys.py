"""Journeys against every sequence of departures, tried one by one."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.journeys import DAY, NEVER, Demand, Journeys, Service, Timetable, plan_journeys, timetable

PLACES = 5
HOUR = 3600


@st.composite
def services(draw: st.DrawFn) -> list[Service]:
    found = []
    for _ in range(draw(st.integers(0, 8))):
        origin = draw(st.integers(0, PLACES - 1))
        destination = draw(st.integers(0, PLACES - 2))
        cut_off = draw(st.integers(0, 12))
        found.append(
            Service(
                origin,
                destination + (destination >= origin),
                cut_off,
                cut_off + draw(st.integers(1, 10)),
                tuple(draw(st.sets(st.integers(0, 2), min_size=1, max_size=3))),
                handling=draw(st.integers(0, 3)),
            )
        )
    return [
        Service(s.origin, s.destination, s.cut_off * HOUR, s.arrives * HOUR, s.days, s.handling * HOUR) for s in found
    ]


def departures(rows: list[Service]) -> list[tuple[int, int, int, int, int]]:
    """(origin, destination, cut-off, arrives, ready) of each."""
    return [
        (s.origin, s.destination, day * DAY + s.cut_off, day * DAY + s.arrives, day * DAY + s.arrives + s.handling)
        for s in rows
        for day in s.days
    ]


SAME_DOOR = {PLACES - 1: 0}
"""What comes to the last place has come to the first one, too, but goes on from where it is."""


def brute(rows: list[Service], origin: int, destination: int, ready: int, doors: dict[int, int] | None = None) -> int:
    """Earliest arrival, by trying every sequence of departures."""
    if origin == destination:
        return ready
    best = NEVER
    for start, end, cut_off, arrives, on in departures(rows):
        if start == origin and cut_off >= ready:
            there = destination in (end, (doors or {}).get(end))
            best = min(best, arrives if there else brute(rows, end, destination, on, doors))
    return best


def brute_latest(rows: list[Service], origin: int, destination: int, ready: int, due: int) -> int | None:
    """Latest cut-off at the origin by which one still arrives in time."""
    good = [
        cut_off
        for start, end, cut_off, arrives, on in departures(rows)
        if start == origin
        and cut_off >= ready
        and (arrives if end == destination else brute(rows, end, destination, on)) <= due
    ]
    return max(good, default=None)


def ask(table: Timetable, rows: list[tuple[int, int, int, int]], *, alternatives: int = 3) -> Journeys:
    columns = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    return plan_journeys(table, Demand(*columns), alternatives=alternatives)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(services(), st.integers(0, 60), st.integers(0, 80))
def test_arrivals_and_latest_starts_agree_with_every_sequence(rows: list[Service], ready: int, due: int) -> None:
    pairs = list(itertools.product(range(PLACES), repeat=2))
    found = ask(timetable(rows, PLACES), [(a, b, ready * HOUR, due * HOUR) for a, b in pairs])
    for at, (origin, destination) in enumerate(pairs):
        arrival = brute(rows, origin, destination, ready * HOUR)
        assert found.arrival[at] == arrival
        latest = brute_latest(rows, origin, destination, ready * HOUR, due * HOUR)
        if origin != destination and latest is not None:
            assert found.latest_start[at] == latest


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(services(), st.integers(0, 60), st.integers(0, 80))
def test_legs_follow_each_other_and_each_may_wait_for_its_latest(rows: list[Service], ready: int, due: int) -> None:
    table = timetable(rows, PLACES)
    pairs = [(a, b) for a, b in itertools.product(range(PLACES), repeat=2) if a != b]
    found = ask(table, [(a, b, ready * HOUR, due * HOUR) for a, b in pairs])
    for at, (origin, destination) in enumerate(pairs):
        legs = slice(found.first_leg[at], found.first_leg[at + 1])
        place, now = origin, ready * HOUR
        for row, latest in zip(found.departure[legs].tolist(), found.latest[legs].tolist(), strict=True):
            assert table.origin[row] == table.origin[latest] == place
            assert now <= table.cut_off[row] <= table.cut_off[latest]
            if found.arrival[at] <= due * HOUR:
                assert table.cut_off[latest] == brute_latest(rows, place, destination, now, due * HOUR)
            else:
                assert latest == row
            service = rows[table.service[row]]
            place, now = service.destination, int(table.arrives[row]) + service.handling
        if found.arrival[at] == NEVER:
            assert legs.start == legs.stop
        else:
            assert place == destination
            assert found.arrival[at] == table.arrives[found.departure[legs.stop - 1]]


@settings(max_examples=100, deadline=None)
@given(services(), st.integers(0, 60))
def test_alternatives_are_the_departures_that_no_other_beats(rows: list[Service], ready: int) -> None:
    table = timetable(rows, PLACES)
    pairs = [(a, b) for a, b in itertools.product(range(PLACES), repeat=2) if a != b]
    found = ask(table, [(a, b, ready * HOUR, 0) for a, b in pairs], alternatives=4)
    for at, (origin, destination) in enumerate(pairs):
        by_cut_off: dict[int, int] = {}
        for start, end, cut_off, arrives, on in departures(rows):
            if start == origin and cut_off >= ready * HOUR:
                arrival = arrives if end == destination else brute(rows, end, destination, on)
                by_cut_off[cut_off] = min(arrival, by_cut_off.get(cut_off, NEVER))
        kept = [
            (arrival, cut_off)
            for cut_off, arrival in by_cut_off.items()
            if arrival < NEVER and not any(other <= arrival and later > cut_off for later, other in by_cut_off.items())
        ]
        told = [
            (int(arrival), int(table.cut_off[row]))
            for arrival, row in zip(found.alternative_arrivals[at], found.alternatives[at], strict=True)
            if row >= 0
        ]
        assert told == sorted(kept)[:4]


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(services(), st.integers(0, 60))
def test_a_place_may_count_as_another_ones_door(rows: list[Service], ready: int) -> None:
    table = timetable(rows, PLACES, SAME_DOOR)
    pairs = [(a, b) for a, b in itertools.product(range(PLACES), range(PLACES - 1)) if a != b]
    found = ask(table, [(a, b, ready * HOUR, 0) for a, b in pairs])
    for at, (origin, destination) in enumerate(pairs):
        assert found.arrival[at] == brute(rows, origin, destination, ready * HOUR, SAME_DOOR)
        last = found.departure[found.first_leg[at] : found.first_leg[at + 1]][-1:].tolist()
        assert {SAME_DOOR.get(int(table.destination[row]), int(table.destination[row])) for row in last} <= {
            destination
        }


def test_an_item_after_the_cut_off_takes_the_next_line() -> None:
    """Commune 0 -> base 1 by the round, base 1 -> hub 2 by two lines a day, hub 2 -> agency 3 by the round."""
    days = (0, 1, 3)  # day 2 is a holiday
    rows = [
        Service(0, 1, 7 * HOUR, 11 * HOUR, days),
        Service(1, 2, 11 * HOUR, 13 * HOUR, days),
        Service(1, 2, 16 * HOUR, 18 * HOUR, days),
        Service(2, 3, 7 * HOUR, 11 * HOUR, days),
    ]
    table = timetable(rows, 4)
    early, late, weekend = (
        ask(table, [(0, 3, ready, 3 * DAY + 17 * HOUR)]) for ready in (7 * HOUR, 7 * HOUR + 1, DAY + 8 * HOUR)
    )
    assert [rows[s].cut_off // HOUR for s in table.service[early.departure]] == [
        7,
        11,
        7,
    ]  # both lines are early enough: it takes the first
    assert early.arrival.tolist() == [DAY + 11 * HOUR]
    assert late.arrival.tolist() == [3 * DAY + 11 * HOUR]
    assert weekend.arrival.tolist() == [NEVER]  # the timetable ends before the hub's round of day 4
    latest = (table.cut_off[early.latest] // DAY).tolist(), (table.cut_off[early.latest] % DAY // HOUR).tolist()
    assert latest == ([1, 1, 3], [7, 16, 7])
    assert early.slack.tolist() == [2 * DAY + 6 * HOUR]
    assert weekend.slack.tolist() == [-NEVER]


def test_nothing_to_carry_and_no_service_are_answered() -> None:
    empty = timetable([], 3)
    found = ask(empty, [(0, 1, 5, 9), (2, 2, 5, 9)])
    assert found.arrival.tolist() == [NEVER, 5]
    assert found.first_leg.tolist() == [0, 0, 0]
    assert ask(empty, []).arrival.size == 0


@pytest.mark.parametrize(
    ("origin", "destination", "arrives", "handling"),
    [(0, 0, 11, 0), (-1, 1, 11, 0), (0, 1, 10, 0), (0, 1, 11, -1), (0, 3, 11, 0)],
)
def test_wrong_services_are_refused(origin: int, destination: int, arrives: int, handling: int) -> None:
    with pytest.raises(ValueError, match=r"service|places"):
        timetable([Service(origin, destination, 10, arrives, (0,), handling)], 3)
