"""
Custody events followed on a running day.

A courier is free in his order: what he did next comes next, whatever the plan said. He has departed when he takes
something out, or at the latest when he serves somebody, and is back when something arrives from him. Events that a day
cannot have (a shipment handed over twice, from another base) change nothing and are told to the dispatcher.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from api.custody.vocabulary import EventType
from api.live.replan.kept import RunningGroup
from api.plans.schemas import Words
from routing.dispatching.day import Day, Phase, State
from routing.dispatching.events import Arrived, Departed, Failed, Returned, Served
from routing.dispatching.happening import after, visits_without
from routing.errors import InvalidEventError
from routing.model import Task
from routing.solution import Trip, Visit

SERVES = frozenset({EventType.HAND_AGENCY, EventType.DELIVER, EventType.COLLECT_RESULT, EventType.ACCEPT})
FOLLOWED = SERVES | {EventType.OUT, EventType.ATTEMPT, EventType.ARRIVE}
"""Other events move no courier; a `CORRECT` says that one of these, which the day has followed, is not so."""


@dataclass(frozen=True, slots=True)
class Happening:
    """An event of a courier, as the day sees it."""

    event_id: str
    courier_id: str
    type: EventType
    codes: tuple[str, ...]
    at: int
    """Seconds after local midnight."""


@dataclass(frozen=True, slots=True)
class Puzzle:
    """An event that the day cannot follow."""

    event_id: str
    why: Words


def follow(running: RunningGroup, happenings: Iterable[Happening]) -> tuple[RunningGroup, list[Puzzle]]:
    """Let what couriers of a group did happen, in order; what came in late counts from the day's clock."""
    vehicles = {courier.courier_id: v for v, courier in enumerate(running.base.couriers)}
    numbers = running.number_of
    own = [one for one in happenings if one.courier_id in vehicles]
    ours = [one for one in own if one.type in FOLLOWED]
    day, puzzles = running.day, [_corrected(one) for one in own if one.type is EventType.CORRECT]
    for k, one in enumerate(ours):
        v = vehicles[one.courier_id]
        known = [numbers[code] for code in one.codes if code in numbers]
        try:
            day = _followed(day, v, one, known, _taken_out(ours[k:], one, numbers))
        except InvalidEventError as error:
            puzzles.append(Puzzle(one.event_id, _words(one, str(error))))
    return replace(running, day=day), puzzles


def _corrected(one: Happening) -> Puzzle:
    codes = ", ".join(one.codes)
    words = Words(
        vi=f"sự kiện của bưu gửi {codes} (bưu tá {one.courier_id}) bị đính chính sau khi đã tính: hãy kiểm tra",
        en=f"an event of {codes} (courier {one.courier_id}) that the plan has followed was corrected: look into it",
    )
    return Puzzle(one.event_id, words)


def _words(one: Happening, why: str) -> Words:
    codes = ", ".join(one.codes)
    return Words(
        vi=f"kế hoạch không theo được sự kiện {one.type} của bưu gửi {codes} (bưu tá {one.courier_id}): hãy kiểm tra",
        en=f"the plan cannot follow {one.type} of {codes} (courier {one.courier_id}): {why}",
    )


def _taken_out(rest: Sequence[Happening], one: Happening, numbers: dict[str, int]) -> frozenset[int]:
    """Everything that a courier takes from the base before he does something else."""
    taken: set[int] = set()
    for later in rest:
        if later.courier_id == one.courier_id:
            if later.type is not EventType.OUT:
                break
            taken.update(numbers[code] for code in later.codes if code in numbers)
    return frozenset(taken)


def _followed(day: Day, v: int, one: Happening, known: Sequence[int], taken: frozenset[int]) -> Day:
    at = max(one.at, day.now)
    if one.type is EventType.ARRIVE:
        return after(day, Returned(at, v)) if day.couriers[v].is_under_way else day
    if one.type is EventType.OUT:
        return _out(day, v, taken, at)
    for s in known:
        if not _is_repeated(day, v, s):
            day = _at_door(day, v, s, one.type, at)
    return day


def _is_repeated(day: Day, v: int, s: int) -> bool:
    """Two events of one visit: accepted, then collected; handed over, then received."""
    return day.states[s].vehicle == v and day.states[s].phase in (Phase.HOMEWARD, Phase.OVER)


def _out(day: Day, v: int, taken: frozenset[int], at: int) -> Day:
    waiting = frozenset(s for s in taken if _is_at_base(day, s))
    if not waiting:
        return day  # told with what was taken out before
    for s in sorted(waiting):
        _require_loadable(day, v, s)
    if not day.couriers[v].is_under_way:
        return after(_with_trip_of(day, v, waiting, at), Departed(at, v, loaded=waiting))
    day = _first(day, v, (), waiting, at)
    return _with_states(day, dict.fromkeys(waiting, State(Phase.ABOARD, v, at)))


def _at_door(day: Day, v: int, s: int, kind: EventType, at: int) -> Day:
    """One shipment is done, or tried in vain."""
    if day.states[s].phase not in (Phase.WAITING, Phase.ABOARD):
        raise InvalidEventError(f"{kind}: shipment {s} is {day.states[s].phase} already")
    shipment = day.problem.shipments[s]
    task = next(task for task in reversed(day.problem.tasks_of(s)))
    if _is_at_base(day, s):
        _require_loadable(day, v, s)
    day, stop = _first(day, v, (task,), frozenset({s}), at), day.problem.stop_of(task)
    if not day.couriers[v].is_under_way:
        loaded = frozenset({s} if shipment.pickup is None else ())
        day = after(day, Departed(at, v, loaded=loaded))
    elif _is_at_base(day, s):
        day = _with_states(day, {s: State(Phase.ABOARD, v, at)})
    if kind is not EventType.ATTEMPT:
        return after(day, Served(at, v, stop))
    return after(after(day, Arrived(at, v, stop)), Failed(at, v, s))


def _first(day: Day, v: int, tasks: tuple[Task, ...], shipments: frozenset[int], at: int) -> Day:
    """Take shipments out of every plan, and put tasks of theirs next into a vehicle's."""
    first = () if not tasks else (_visit(day, tasks, at),)
    ahead = []
    for w, trips in enumerate(day.ahead):
        begun = day.couriers[w].is_under_way
        kept = [replace(trip, visits=visits_without(trip.visits, shipments)) for trip in trips]
        left = [trip for number, trip in enumerate(kept) if trip.visits or (begun and not number)]
        if w == v and first:
            now, *later = left or [Trip((), at, at)]
            left = [replace(now, visits=(*first, *now.visits)), *later]
        ahead.append(tuple(left))
    return replace(day, ahead=tuple(ahead))


def _visit(day: Day, tasks: tuple[Task, ...], at: int) -> Visit:
    return Visit(day.problem.stop_of(tasks[0]), tasks, arrives=at, starts=at, ends=at, leaves=at, load=(), slack=0)


def _with_trip_of(day: Day, v: int, shipments: frozenset[int], at: int) -> Day:
    """The trip on which a vehicle leaves has something that was taken out; if none has, it is one of its own."""
    trips = day.ahead[v]
    for number, trip in enumerate(trips):
        if any(task.shipment in shipments for visit in trip.visits for task in visit.tasks):
            earlier = frozenset(t.shipment for one in trips[:number] for visit in one.visits for t in visit.tasks)
            return day if number == 0 else _first(day, v, (), earlier, at)
    day = _first(day, v, (), shipments, at)
    visits = tuple(_visit(day, day.problem.tasks_of(s), at) for s in sorted(shipments))
    ahead = list(day.ahead)
    ahead[v] = (Trip(visits, at, at), *day.ahead[v])
    return replace(day, ahead=tuple(ahead))


def _is_at_base(day: Day, s: int) -> bool:
    return day.states[s].phase is Phase.WAITING and day.problem.shipments[s].pickup is None


def _require_loadable(day: Day, v: int, s: int) -> None:
    if day.problem.shipments[s].depot not in (None, day.problem.vehicle_types[v].start_depot):
        raise InvalidEventError(f"shipment {s} lies at another base than vehicle {v}")


def _with_states(day: Day, states: dict[int, State]) -> Day:
    return replace(day, states=tuple(states.get(s, state) for s, state in enumerate(day.states)))
