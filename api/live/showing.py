"""What a dispatcher sees of the couriers of a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from api.custody.ordering import Fact
from api.custody.store import facts_of
from api.live.delay import Delay, delay_of
from api.live.limits import StopLimits, stop_limits
from api.live.position_store import consents_of, last_fixes, last_signs
from api.live.progress import RoundProgress, StopProgress, StopState, progress_of
from api.live.rounds import PublishedDay, Round
from api.live.schemas import CourierProgress, DelayOut, PositionOut, StopOut

_MOST_CODES = 400
"""In one IN list."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What the database knows of the day."""

    facts: Mapping[str, Sequence[Fact]]
    consents: Mapping[str, Row[Any]]
    fixes: Mapping[str, Row[Any]]
    signs: Mapping[str, datetime]
    places: bool


def shown(
    connection: Connection,
    province_id: str,
    published: PublishedDay,
    rounds: Sequence[Round],
    now: datetime,
    *,
    places: bool = True,
) -> tuple[CourierProgress, ...]:
    """Hold some rounds of a day against what is known now; `places`: with where couriers are, if they agreed."""
    names = {one.route.courier_id for one in rounds}
    known = _Known(
        _facts(connection, province_id, rounds),
        consents_of(connection, province_id, names),
        last_fixes(connection, province_id, names),
        last_signs(connection, province_id, names, published.midnight),
        places,
    )
    return tuple(_courier(one, published, known, now) for one in rounds)


def _facts(connection: Connection, province_id: str, rounds: Sequence[Round]) -> dict[str, Sequence[Fact]]:
    codes = sorted(
        {task.shipment for one in rounds for trip in one.route.trips for stop in trip.stops for task in stop.tasks}
    )
    found: dict[str, Sequence[Fact]] = {}
    for start in range(0, len(codes), _MOST_CODES):
        some = [(province_id, code) for code in codes[start : start + _MOST_CODES]]
        found.update({code: facts for (_, code), facts in facts_of(connection, some).items()})
    return found


def _courier(one: Round, published: PublishedDay, known: _Known, now: datetime) -> CourierProgress:
    name, midnight = one.route.courier_id, published.midnight
    until = min(now, midnight + timedelta(days=1))
    reached = progress_of(one.route, known.facts, since=midnight, now=until, reload=published.reload)
    delay = delay_of(one.route, known.facts, reached, since=midnight, now=until, reload=published.reload)
    fix, consent = known.fixes.get(name), known.consents.get(name)
    if fix is not None and fix.at < midnight:
        fix = None  # of another day
    is_shown = known.places and consent is not None and consent.given and one.covers(now)
    signs = [sign for sign in (known.signs.get(name), fix.at if fix is not None else None) if sign is not None]
    return CourierProgress(
        courier_id=name,
        base_id=one.route.base_id,
        shift_begins=one.begins,
        shift_ends=one.ends,
        done=reached.count(StopState.DONE),
        failed=reached.count(StopState.FAILED),
        left=reached.count(StopState.LEFT),
        late_minutes=_minutes(reached.late),
        late_at_end_minutes=_minutes(reached.late_at_end),
        expected_return=reached.returns,
        planned_return=one.route.trips[-1].returns,
        consent=consent.given if consent is not None else None,
        position=_position(fix, now) if fix is not None and is_shown else None,
        unseen_seconds=_seconds(now - max(signs)) if signs else None,
        delay=_delay(delay, reached),
        trip_returns=reached.trip_returns,
        stops=tuple(_stop(stop, stop_limits(stop.stop, published.limits, midnight)) for stop in reached.stops),
    )


def _position(fix: Row[Any], now: datetime) -> PositionOut:
    values = {name: getattr(fix, name) for name in PositionOut.model_fields if name != "age"}
    return PositionOut(**values, age=_seconds(now - fix.at))


def _delay(delay: Delay | None, reached: RoundProgress) -> DelayOut | None:
    if delay is None:
        return None
    at = reached.stops[delay.place] if delay.place is not None else None
    return DelayOut(
        kind=delay.kind,
        lost_minutes=_minutes(delay.lost),
        since=delay.since,
        trip=at.trip if at is not None else None,
        stop=at.number if at is not None else None,
        took_minutes=_minutes(delay.took),
        planned_minutes=_minutes(delay.planned),
    )


def _stop(one: StopProgress, limits: StopLimits) -> StopOut:
    return StopOut(
        trip=one.trip,
        stop=one.number,
        site_id=one.stop.site_id,
        shipments=tuple(task.shipment for task in one.stop.tasks),
        state=one.state,
        planned=one.stop.leaves,
        settled_at=one.settled_at,
        expected=one.expected,
        slack=one.stop.slack,
        closes=limits.closes,
        cut_off=limits.cut_off,
    )


def _minutes(late: timedelta) -> int:
    return round(late / timedelta(minutes=1))


def _seconds(age: timedelta) -> int:
    return max(0, round(age.total_seconds()))
