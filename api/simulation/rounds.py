"""The rounds of a simulated day: planned for those who come, driven as reality allows, told as events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from api.network.rows import Courier
from api.plans.document import Answer
from api.plans.problems import PlanGroup
from api.plans.tasks import Work
from api.shipments.model import ShipmentKind
from api.simulation.items import Item
from api.simulation.ledger import EventType, Holder, Holding, at_site
from api.simulation.records import RoundRecord
from routing.model import FOREVER, Action, Task
from routing.simulation import Outcome, Replay, ReplayedTrip, ReplayedVisit, replay
from routing.solution import Route

if TYPE_CHECKING:
    from api.simulation.day import SimulatedDay

LEFT = "left"
"""The trouble of what a plan left for another day."""

Planned = tuple[PlanGroup, Answer]


def crew_of(day: SimulatedDay) -> tuple[Courier, ...]:
    """Those who come; for each who does not, a reserve courier of the same base."""
    here = {courier.courier_id for courier in day.network.couriers if not _is_away(day, courier)}
    crew = [courier for courier in day.network.crew() if courier.courier_id in here]
    missing = [courier.base_id for courier in day.network.crew() if courier.courier_id not in here]
    for courier in day.network.couriers:
        if courier.reserve and courier.courier_id in here and courier.base_id in missing:
            missing.remove(courier.base_id)
            crew.append(courier)
    return tuple(crew)


def drive_rounds(day: SimulatedDay, works: Sequence[Work], crew: Sequence[Courier]) -> list[Item]:
    """
    Plan and drive a day's rounds.

    Returns
    -------
    fetched
        What they bring to their bases, and is not where it should be yet.
    """
    fetched: list[Item] = []
    for group, answer in _plan(day, works, crew):
        for left in answer.solution.unassigned:
            day.items[group.works[left.shipment].shipment.code].trouble = LEFT
        for route in answer.solution.routes:
            fetched += _drive(day, group, route)
    return fetched


def _is_away(day: SimulatedDay, courier: Courier) -> bool:
    name = courier.courier_id
    return day.province.is_away(name, day.day) or day.province.chances.is_absent(day.day, name)


def _plan(day: SimulatedDay, works: Sequence[Work], crew: Sequence[Courier]) -> list[Planned]:
    """Plan the rounds; where something must go and cannot, plan again with the reserve."""
    planned = _solve(day, works, crew)
    short = {base for group, answer in planned if answer.terms.must_go_left for base in group.bases}
    known = {courier.courier_id for courier in crew}
    reserve = [
        courier
        for courier in day.network.couriers
        if courier.base_id in short and courier.courier_id not in known and not _is_away(day, courier)
    ]
    called = {base for courier in reserve for base in day.network.planned_with(courier.base_id)}
    if not called:
        return planned
    again = _solve(day, [work for work in works if work.base_id in called], [*crew, *reserve])
    return [pair for pair in planned if not called & set(pair[0].bases)] + again


def _solve(day: SimulatedDay, works: Sequence[Work], crew: Sequence[Courier]) -> list[Planned]:
    province = day.province
    groups = province.groups(day.network, works, province.roads, day.day, crew)
    return list(zip(groups, province.solved(province, day.day, groups), strict=True))


def _drive(day: SimulatedDay, group: PlanGroup, route: Route) -> list[Item]:
    """Let a route be driven; what it brings in."""
    courier, chances = group.couriers[route.vehicle_type], day.province.chances
    reasons = {task: why for task in route.tasks if (why := _turned_away(day, group.works[task.shipment]))}
    late = {number: _at_base(day, group.works[number]) for number in _brought_today(group, route)}
    rng = chances.generator(day.day, "round", courier.courier_id)
    driven = replay(group.problem, route, chances.noise, rng, at_base=late, turned_away=reasons.keys())
    told = _Told(day, group, courier, reasons, driven)
    for trip in driven.trips:
        told.trip(trip)
    day.rounds.append(RoundRecord.of(day.day, courier, driven))
    return told.fetched


def _turned_away(day: SimulatedDay, work: Work) -> str:
    """Only a citizen may be away; an agency has its opening hours."""
    if work.place.site_id is not None:
        return ""
    return day.province.chances.turned_away(day.day, work.shipment.code, work.shipment.kind)


def _brought_today(group: PlanGroup, route: Route) -> Iterator[int]:
    """Shipments of a route that a line was to bring today."""
    for task in route.tasks:
        work = group.works[task.shipment]
        if task.action is Action.DELIVER and work.shipment.at_site != work.base_id:
            yield task.shipment


def _at_base(day: SimulatedDay, work: Work) -> int:
    """When a shipment that came by line today can really go out, seconds after midnight."""
    item = day.items[work.shipment.code]
    if item.shipment.at_site != work.base_id:
        return FOREVER
    sorted_by = item.since + timedelta(minutes=day.network.settings.reload_minutes)
    return max(work.release, int((sorted_by - day.moment(0)).total_seconds()))


@dataclass(slots=True)
class _Told:
    """Turns what became of one courier's route into events."""

    day: SimulatedDay
    group: PlanGroup
    courier: Courier
    reasons: Mapping[Task, str]
    """Why hand-overs fail at the door."""
    driven: Replay
    fetched: list[Item] = field(default_factory=list)

    def trip(self, trip: ReplayedTrip) -> None:
        for visit in trip.visits:
            for task, outcome in visit.outcomes.items():
                item = self.day.items[self.group.works[task.shipment].shipment.code]
                if outcome is not Outcome.DONE:
                    item.trouble = self.reasons[task] if outcome is Outcome.TURNED_AWAY else outcome.value
                if task.action is Action.DELIVER:
                    self._deliver(item, outcome, trip, visit, self.driven.back.get(task.shipment))
                elif outcome is Outcome.DONE:
                    self._collect(item, visit, self.driven.back[task.shipment])
                elif outcome is Outcome.TURNED_AWAY:
                    item.tried_on = item.tried_on or self.day.day

    def _deliver(
        self, item: Item, outcome: Outcome, trip: ReplayedTrip, visit: ReplayedVisit, back: int | None
    ) -> None:
        if trip.departs is None or (outcome is not Outcome.DONE and back is None):
            return  # it never left the base
        self.day.record(item, EventType.OUT, self.day.moment(trip.departs), self._holder)
        if outcome is Outcome.DONE:
            assert visit.ends is not None
            item.moved_by(f"deliver {self.courier.base_id}")
            self.day.finish(item, self.day.moment(visit.ends))
            return
        assert back is not None
        tried = self.day.moment(back if visit.ends is None else visit.ends)
        self.day.record(item, EventType.ATTEMPT, tried, self._holder, item.trouble)
        self._bring_in(item, back)
        if outcome is Outcome.TURNED_AWAY:
            self.day.not_met(item, self.courier.base_id)

    def _collect(self, item: Item, visit: ReplayedVisit, back: int) -> None:
        assert visit.ends is not None
        at, kind = self.day.moment(visit.ends), EventType.OUT
        if not item.is_accepted:
            item.accepted_at, item.tried_on = at, None
            kind = EventType.ACCEPT if item.shipment.kind is ShipmentKind.INTAKE else EventType.COLLECT_RESULT
        self.day.record(item, kind, at, self._holder)
        self._bring_in(item, back)
        item.moved_by(f"collect {self.courier.base_id}")
        if self.courier.base_id == item.shipment.dest_site:
            self.day.finish(item, item.since)
        else:
            self.fetched.append(item)

    def _bring_in(self, item: Item, back: int) -> None:
        """The courier is back at the base with it."""
        item.lies_at(self.courier.base_id, self.day.moment(back))
        self.day.record(item, EventType.ARRIVE, item.since, at_site(self.courier.base_id))

    @property
    def _holder(self) -> Holder:
        return Holder(Holding.COURIER, self.courier.courier_id)
