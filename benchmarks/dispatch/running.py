"""A day that has run so far as it was planned."""

from __future__ import annotations

from collections.abc import Iterator

from routing.dispatch import Arrived, Day, Departed, Event, Returned, Served, after
from routing.solution import Trip


def run_until(day: Day, until: int) -> Day:
    """Let everything happen as planned up to a moment."""
    events = (event for v, trips in enumerate(day.ahead) for trip in trips for event in _events(v, trip))
    for event in sorted((event for event in events if event.at <= until), key=lambda event: event.at):
        day = after(day, event)
    return day


def _events(vehicle: int, trip: Trip) -> Iterator[Event]:
    yield Departed(trip.departs, vehicle)
    for visit in trip.visits:
        yield Arrived(visit.arrives, vehicle, visit.stop)
        yield Served(visit.ends, vehicle, visit.stop)
    yield Returned(trip.returns, vehicle)
