"""
Why a courier is late: the part of the day in which most of the time was lost.

The day is cut at what was reported: the leaving of the base, and each stop when its last task got an outcome. Every
part took so long, and the plan gave it so long; what each lost adds up to the lateness at the stop settled last.
Whatever is late beyond that comes from nothing having been reported since.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from api.custody.ordering import Fact
from api.custody.vocabulary import EventType
from api.live.progress import OUTCOMES, RoundProgress, progress_of
from api.plans.schemas import PlannedRoute

LEAST: Final = timedelta(minutes=5)
"""Of lateness that asks for a reason, and of time that one part has to lose to be it."""


class DelayKind(StrEnum):
    """Where time was lost."""

    NOT_BEGUN = "not_begun"
    """Nothing was reported of a round that should be under way."""
    SILENT = "silent"
    """Nothing was reported since the last stop, and the next one is overdue."""
    LATE_START = "late_start"
    """The base was left later than planned."""
    LONG_STOP = "long_stop"
    """Between the first and the last task of one stop."""
    SLOW_WAY = "slow_way"
    """Between two stops: driving and serving, which reports do not tell apart."""
    OTHER_ORDER = "other_order"
    """Between two stops that do not follow each other in the plan."""
    LONG_BASE = "long_base"
    """Between two trips."""


@dataclass(frozen=True, slots=True)
class Delay:
    """The main reason."""

    kind: DelayKind
    lost: timedelta
    since: datetime
    """When the part began: the stop before was settled, the base was to be left."""
    place: int | None
    """The stop at which the part ended or ought to, by its place in the round from 0; None = the base."""
    took: timedelta
    """So far, where it is not over."""
    planned: timedelta


def delay_of(
    route: PlannedRoute,
    facts: Mapping[str, Sequence[Fact]],
    reached: RoundProgress,
    *,
    since: datetime,
    now: datetime,
    reload: timedelta,
) -> Delay | None:
    """
    Find where most of the time was lost; None = the round is not late.

    Parameters
    ----------
    reached
        What `progress_of` says of the round and `now`.
    since, now, reload
        As there.
    """
    if reached.late < LEAST:
        return None
    settled = sorted((one.settled_at, place) for place, one in enumerate(reached.stops) if one.settled_at is not None)
    last = settled[-1][0] if settled else route.trips[0].departs
    by_reports = progress_of(route, facts, since=since, now=last, reload=reload).late
    parts = [*_Reported(route, facts, reached, since).parts(settled)]
    if not settled or reached.late > by_reports:
        parts += _unreported(route, reached, settled, now, reached.late - by_reports)
    worst = max(parts, key=lambda one: one.lost, default=None)
    return worst if worst is not None and worst.lost >= LEAST else None


def _unreported(
    route: PlannedRoute, reached: RoundProgress, settled: list[tuple[datetime, int]], now: datetime, lost: timedelta
) -> list[Delay]:
    ahead = next((place for place, one in enumerate(reached.stops) if one.expected is not None), None)
    if ahead is None:
        return []
    since, begins = route.trips[0].departs, route.trips[0].departs
    if settled:
        since, begins = settled[-1][0], reached.stops[settled[-1][1]].stop.leaves
    planned = reached.stops[ahead].stop.leaves - begins
    return [Delay(DelayKind.SILENT if settled else DelayKind.NOT_BEGUN, lost, since, ahead, now - since, planned)]


class _Reported:
    """Cuts what was reported of a round in parts."""

    def __init__(
        self, route: PlannedRoute, facts: Mapping[str, Sequence[Fact]], reached: RoundProgress, since: datetime
    ) -> None:
        self._route, self._facts, self._stops, self._since = route, facts, reached.stops, since

    def parts(self, settled: list[tuple[datetime, int]]) -> Iterator[Delay]:
        """In the order of time."""
        before: tuple[datetime, int] | None = None
        for at, place in settled:
            if before is None:
                yield from self._first(at, place)
            else:
                yield from self._next(before, at, place)
            before = at, place

    def _first(self, at: datetime, place: int) -> Iterator[Delay]:
        stop = self._stops[place]
        departs = self._route.trips[stop.trip].departs
        left = self._left_base(stop.trip, self._since, at)
        if left is None:
            took, planned = at - departs, stop.stop.leaves - departs
            yield Delay(DelayKind.LATE_START, took - planned, departs, place, took, planned)
            return
        yield Delay(DelayKind.LATE_START, left - departs, departs, None, left - departs, timedelta(0))
        yield self._way(DelayKind.SLOW_WAY, left, departs, at, place)

    def _next(self, before: tuple[datetime, int], at: datetime, place: int) -> Iterator[Delay]:
        (begun, earlier), stop = before, self._stops[place]
        planned = self._stops[earlier].stop.leaves
        if stop.trip != self._stops[earlier].trip:
            departs = self._route.trips[stop.trip].departs
            left = self._left_base(stop.trip, begun, at)
            if left is None:
                yield self._way(DelayKind.LONG_BASE, begun, planned, at, place)
                return
            took = left - begun
            yield Delay(DelayKind.LONG_BASE, took - (departs - planned), begun, None, took, departs - planned)
            yield self._way(DelayKind.SLOW_WAY, left, departs, at, place)
            return
        kind = DelayKind.SLOW_WAY if place == earlier + 1 else DelayKind.OTHER_ORDER
        way, stay = self._way(kind, begun, planned, at, place), self._stay(at, place)
        yield stay if stay is not None and stay.lost * 2 > way.lost else way

    def _way(self, kind: DelayKind, begun: datetime, planned_begin: datetime, at: datetime, place: int) -> Delay:
        took, planned = at - begun, self._stops[place].stop.leaves - planned_begin
        return Delay(kind, took - planned, begun, place, took, planned)

    def _stay(self, settled_at: datetime, place: int) -> Delay | None:
        """Between the first and the last task of a stop with several; None = reports do not show it."""
        stop = self._stops[place].stop
        moments = self._moments({task.shipment for task in stop.tasks}, OUTCOMES)
        if len(moments) < 2:
            return None
        took, planned = settled_at - min(moments), stop.leaves - stop.starts
        return Delay(DelayKind.LONG_STOP, took - planned, min(moments), place, took, planned)

    def _left_base(self, trip: int, after: datetime, until: datetime) -> datetime | None:
        """When a trip's mail left the base; None = nobody reported it."""
        codes = {task.shipment for stop in self._route.trips[trip].stops for task in stop.tasks}
        return max((one for one in self._moments(codes, {EventType.OUT}) if after <= one <= until), default=None)

    def _moments(self, codes: AbstractSet[str], kinds: AbstractSet[EventType]) -> list[datetime]:
        """When events of some kinds were reported today."""
        return [
            fact.moment
            for code in codes
            for fact in self._facts.get(code, ())
            if fact.event.type in kinds and fact.moment >= self._since
        ]
