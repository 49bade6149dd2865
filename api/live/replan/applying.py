"""A dispatcher's fact becomes an event of a running day, or is refused with the reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time

import numpy as np

from api.errors import NotFoundError, RefusedError
from api.live.replan.facts import (
    CourierLate,
    CourierOut,
    Fact,
    LineDelayed,
    NewShipment,
    ShipmentCancelled,
    Span,
    WindowChanged,
    seconds_of,
)
from api.live.replan.kept import RunningGroup, with_points
from api.plans.document import PlanInputs
from api.plans.problems import further
from api.plans.reasons import explain_left
from api.plans.tasks import Left, Place, Work, sort_out
from api.plans.travel import Travel, require_roads
from api.shipments.model import Shipment
from routing.dispatching.day import Day, Phase
from routing.dispatching.events import BrokenDown, Cancelled, Event, Late, LineLate, NewPickup, WindowsChanged
from routing.dispatching.events import Place as Ways
from routing.dispatching.happening import after
from routing.errors import InvalidEventError
from routing.model import Stop, TimeWindow


@dataclass(frozen=True, slots=True, eq=False)
class Knowing:
    """What facts are read with."""

    inputs: PlanInputs
    shipments: Mapping[str, Shipment]
    """Named as new, from the database."""
    at: int
    """Seconds after local midnight when the facts are told."""


def applied(groups: Sequence[RunningGroup], fact: Fact, knowing: Knowing) -> list[RunningGroup]:
    """
    Let a fact happen on its group's day.

    Raises
    ------
    NotFoundError
        When it names somebody or something that the day does not have.
    RefusedError
        When it cannot have happened.
    InputError
        When a new place lies too far from any road.
    """
    try:
        changed = dict(_APPLY[type(fact)](groups, fact, knowing))
    except InvalidEventError as error:
        raise RefusedError(
            f"Không thể ghi nhận việc này: {fact.kind}.", f"This cannot have happened: {error}"
        ) from error
    return [changed.get(k, running) for k, running in enumerate(groups)]


Changed = list[tuple[int, RunningGroup]]


def _new(groups: Sequence[RunningGroup], fact: NewShipment, knowing: Knowing) -> Changed:
    if any(fact.code in running.number_of for running in groups):
        raise RefusedError(
            f"Bưu gửi {fact.code} đã có trong kế hoạch hôm nay.", f"Shipment {fact.code} is in today's plan already."
        )
    work = _work(fact.code, knowing)
    k = next((k for k, running in enumerate(groups) if work.base_id in running.base.bases), None)
    if k is None:
        raise RefusedError(
            f"Bưu cục {work.base_id} không có chuyến nào trong kế hoạch hôm nay.",
            f"Base {work.base_id} has no round in today's plan.",
        )
    return [(k, _with_work(groups[k], work, knowing, must_go=fact.must_go))]


def _work(code: str, knowing: Knowing) -> Work:
    shipment, inputs = knowing.shipments.get(code), knowing.inputs
    if shipment is None:
        raise NotFoundError(f"Không có bưu gửi {code}.", f"There is no shipment {code}.")
    plain = replace(shipment, contact_name="", contact_phone="", note="")
    sorted_out = sort_out(inputs.network, [plain], inputs.day)
    if sorted_out.left:
        raise _not_today(sorted_out.left[0], inputs)
    work = sorted_out.works[0]
    require_roads(inputs.network, [work], inputs.network.crew(), inputs.roads)
    return work


def _not_today(left: Left, inputs: PlanInputs) -> RefusedError:
    why, code = explain_left(left, inputs.network).reasons[0].detail, left.shipment.code
    return RefusedError(f"Bưu gửi {code} không đi hôm nay: {why.vi}.", f"{code} does not go today: {why.en}.")


def _with_work(running: RunningGroup, work: Work, knowing: Knowing, *, must_go: bool) -> RunningGroup:
    travel, location, ways = _located(running.travel, (work.place.lon, work.place.lat))
    door = _door(running, work)
    number = len(running.places) if door is None else door
    stop, shipment = further(running.base, work, knowing.inputs.network, location=location, stop=number)
    if must_go:
        shipment = replace(shipment, must_go=True, penalty=0)
    at = max(knowing.at, running.day.now)
    if door is None:
        day = after(running.day, NewPickup(at, shipment, stop, ways))
    else:
        day, travel = after(running.day, NewPickup(at, shipment)), running.travel
    places = running.places if door is not None else (*running.places, work.place)
    return replace(running, day=day, works=(*running.works, work), places=places, travel=travel)


def _door(running: RunningGroup, work: Work) -> int | None:
    """A stop at the same door with the same hours: they share one set-up."""
    stops = running.day.problem.stops
    pairs = enumerate(zip(running.places, stops, strict=True))
    found = (k for k, (place, stop) in pairs if place == work.place and stop.windows == work.windows)
    return next(found, None)


def _located(travel: Travel, point: tuple[float, float]) -> tuple[Travel, int, Ways | None]:
    """A point's location; a new one is the last, with its ways."""
    same = np.flatnonzero((travel.points == np.array(point)).all(axis=1))
    if len(same):
        return travel, int(same[0]), None
    wider = with_points(travel, [point])
    return wider, len(travel.points), Ways(_ways(wider.distances), _ways(wider.durations))


def _ways(matrices: Sequence[np.ndarray[tuple[int, int], np.dtype[np.int32]]]) -> tuple[np.ndarray, ...]:
    return tuple(np.stack([matrix[-1, :-1], matrix[:-1, -1]]) for matrix in matrices)


def _cancelled(groups: Sequence[RunningGroup], fact: ShipmentCancelled, knowing: Knowing) -> Changed:
    k, s = _find(groups, fact.code)
    running = _happened(groups[k], lambda day: Cancelled(max(knowing.at, day.now), s))
    return [(k, replace(running, cancelled=running.cancelled | {s}))]


def _out(groups: Sequence[RunningGroup], fact: CourierOut, knowing: Knowing) -> Changed:
    k, v = _courier(groups, fact.courier_id)
    running = groups[k]
    at = max(knowing.at, running.day.now)
    if fact.lon is None or fact.lat is None or not _carries(running.day, v):
        return [(k, replace(running, day=after(running.day, BrokenDown(at, v))))]
    travel, location, ways = _located(running.travel, (fact.lon, fact.lat))
    base = knowing.inputs.network.site(running.base.couriers[v].base_id)
    day = after(running.day, BrokenDown(at, v, Stop(location), ways))
    place = Place(None, fact.lon, fact.lat, base.commune_code)
    return [(k, replace(running, day=day, travel=travel, places=(*running.places, place)))]


def _carries(day: Day, v: int) -> bool:
    return any(state.vehicle == v and state.phase in (Phase.ABOARD, Phase.HOMEWARD) for state in day.states)


def _courier_late(groups: Sequence[RunningGroup], fact: CourierLate, knowing: Knowing) -> Changed:
    k, v = _courier(groups, fact.courier_id)
    until = knowing.at + 60 * fact.minutes
    return [(k, _happened(groups[k], lambda day: Late(max(knowing.at, day.now), v, max(until, day.now))))]


def _line_late(groups: Sequence[RunningGroup], fact: LineDelayed, knowing: Knowing) -> Changed:
    inputs = knowing.inputs
    until = seconds_of(fact.until, midnight_of(inputs))
    if until < 0:
        raise RefusedError("Giờ đường thư tới không thuộc ngày này.", "The line's time lies before this day.")
    found: dict[int, set[int]] = {}
    for code in fact.codes:
        k, s = _find(groups, code)
        found.setdefault(k, set()).add(s)
    return [(k, _with_late(groups[k], frozenset(late), knowing.at, until)) for k, late in found.items()]


def _with_late(running: RunningGroup, late: frozenset[int], at: int, until: int) -> RunningGroup:
    return _happened(running, lambda day: LineLate(max(at, day.now), late, until))


def _window_changed(groups: Sequence[RunningGroup], fact: WindowChanged, knowing: Knowing) -> Changed:
    k, s = _find(groups, fact.code)
    running = groups[k]
    problem = running.day.problem
    number = problem.stop_of(problem.tasks_of(s)[-1])
    stop = replace(problem.stops[number], windows=tuple(map(_window, fact.windows)))
    changed = _happened(running, lambda day: WindowsChanged(max(knowing.at, day.now), s, stop))
    return [(k, replace(changed, places=(*changed.places, running.places[number])))]


def _window(span: Span) -> TimeWindow:
    return TimeWindow(_clock(span.start), _clock(span.end))


def _clock(at: time) -> int:
    return 3600 * at.hour + 60 * at.minute + at.second


def _happened(running: RunningGroup, event: Callable[[Day], Event]) -> RunningGroup:
    return replace(running, day=after(running.day, event(running.day)))


def midnight_of(inputs: PlanInputs) -> datetime:
    """Local midnight at which the plan's day begins."""
    return datetime.combine(inputs.day, time(), inputs.network.settings.zone)


def _find(groups: Sequence[RunningGroup], code: str) -> tuple[int, int]:
    for k, running in enumerate(groups):
        number = running.number_of.get(code)
        if number is not None:
            return k, number
    raise NotFoundError(
        f"Bưu gửi {code} không có việc trong kế hoạch này.", f"Shipment {code} has no task in this plan."
    )


def _courier(groups: Sequence[RunningGroup], courier_id: str) -> tuple[int, int]:
    for k, running in enumerate(groups):
        for v, courier in enumerate(running.base.couriers):
            if courier.courier_id == courier_id:
                return k, v
    raise NotFoundError(f"Kế hoạch không có bưu tá {courier_id}.", f"The plan has no courier {courier_id}.")


_APPLY: Mapping[type, Callable[..., Changed]] = {
    NewShipment: _new,
    ShipmentCancelled: _cancelled,
    CourierOut: _out,
    CourierLate: _courier_late,
    LineDelayed: _line_late,
    WindowChanged: _window_changed,
}
