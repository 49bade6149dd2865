"""
One simulated day: lines run, the rounds are planned by the engine and driven as reality allows, papers change hands.

In the order of the day, as far as a shipment can notice: what lies at sites rides with today's lines; rounds are
planned with what the timetable promises and driven with what really comes; what they bring in rides with the lines
that still leave; recipients who were not met are invited, fetch, or let their papers go back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from api.custody.invitations import storage_is_over
from api.errors import NotFoundError
from api.journeys.finding import Journey
from api.journeys.timetable import LegKind
from api.network.model import Network
from api.network.rows import Courier, SiteKind
from api.plans.document import Answer
from api.plans.outlook import journeys_from
from api.plans.planning import solve_groups
from api.plans.problems import PlanGroup, build_groups
from api.plans.tasks import Work, sort_out
from api.shipments.model import Shipment, ShipmentKind
from api.simulation import recipients
from api.simulation.blaming import note_deadlines, put_down
from api.simulation.chances import Chances
from api.simulation.items import Item
from api.simulation.ledger import DONE, Event, EventType, Holder, Holding, Ledger, at_site
from api.simulation.records import DayRecord, RoundRecord
from api.simulation.rounds import crew_of, drive_rounds
from geo.roads import Roads
from routing.stopping import StoppingCriterion

POST_SITES = frozenset({SiteKind.HUB, SiteKind.POST_OFFICE, SiteKind.CULTURE_POST, SiteKind.BORROWED_DESK})
"""Where the post itself takes papers in over the counter."""

LINE_LATE = "line_late"
"""The trouble of what missed a line because another one was late."""


def solved(province: Province, _day: date, groups: Sequence[PlanGroup]) -> tuple[Answer, ...]:
    """Each from nothing."""
    limit = StoppingCriterion(iterations=province.iterations)
    return solve_groups(groups, limit, province.chances.seed, executor=province.executor, explain=False)


def groups_of(
    network: Network, works: Sequence[Work], roads: Roads, day: date, crew: Sequence[Courier]
) -> list[PlanGroup]:
    """As `build_groups`."""
    return build_groups(network, works, roads, day, crew=crew)


@dataclass(frozen=True, slots=True, eq=False)
class Province:
    """What stays the same from day to day."""

    network: Network
    """All of it."""
    roads: Roads
    chances: Chances
    executor: Executor
    """Where the groups of a day are solved."""
    iterations: int
    """Search steps for each group."""
    is_away: Callable[[str, date], bool] = lambda _courier, _day: False
    """Couriers who do not come, besides those whom chance keeps away."""
    journeys: Callable[[Network, Sequence[Shipment], date], list[Journey]] = journeys_from
    """How ways are found: whoever replays days that are alike may remember them."""
    groups: Callable[[Network, Sequence[Work], Roads, date, Sequence[Courier]], list[PlanGroup]] = groups_of
    """How a day's tasks become problems: so may these be."""
    solved: Solve = solved
    """How a day's problems are solved: a search may begin from the rounds of a day that is alike."""


Solve = Callable[[Province, date, Sequence[PlanGroup]], tuple[Answer, ...]]
"""Solves a day's problems."""


@dataclass(slots=True)
class SimulatedDay:
    """A day under way."""

    province: Province
    day: date
    items: dict[str, Item]
    """Everything that is ready and not done; what is done on the day is taken out."""
    ledger: Ledger
    network: Network = field(init=False)
    """In force today."""
    events: list[Event] = field(default_factory=list)
    done: list[Item] = field(default_factory=list)
    rounds: list[RoundRecord] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.network = self.province.network.on(self.day)

    def run(self) -> DayRecord:
        """
        Let the day go by.

        Raises
        ------
        NotFoundError
            When a paper lies at, or should go to, a site that is not in force any more.
        """
        self._require_sites()
        for item in list(self.items.values()):
            self._accept_at_counter(item)
        moving = [item for item in self.items.values() if self._moves(item)]
        journeys = {journey.shipment.code: journey for journey in self._journeys(moving)}
        for item in moving:
            note_deadlines(item, journeys[item.shipment.code])
        is_working = self.network.calendar.is_working(self.day)
        crew = crew_of(self)
        works = self._sort_out(moving, journeys, crew) if is_working else ()
        goes_out = {work.shipment.code for work in works if work.shipment.at_site == work.base_id}
        for item in moving:
            if item.is_accepted and item.shipment.code not in goes_out:
                self._ride(item, journeys[item.shipment.code])
        if works:
            self._ride_on(drive_rounds(self, works, crew))
        if is_working:
            self._counters()
        for item in self.items.values():
            if item.shipment.due_on <= self.day:
                put_down(item)
        self.ledger.require_balance()
        return DayRecord(
            self.day, tuple(self.events), tuple(self.rounds), tuple(self.done), is_working=is_working, works=works
        )

    def _require_sites(self) -> None:
        known = {site.site_id for site in self.network.sites}
        for item in self.items.values():
            shipment = item.shipment
            for site_id in (shipment.at_site, shipment.dest_site, shipment.origin_site):
                if site_id is not None and site_id not in known:
                    raise NotFoundError(
                        f"Ngày {self.day:%d/%m/%Y} bưu gửi {shipment.code} còn cần điểm {site_id}, đã hết hiệu lực: "
                        "giữ dòng của điểm ấy đến khi chuyển xong.",
                        f"On {self.day} shipment {shipment.code} still needs site {site_id}, which is not in force "
                        "any more: keep its row until everything has moved.",
                    )

    def moment(self, seconds: int) -> datetime:
        """Seconds after local midnight, as a moment."""
        midnight = datetime.combine(self.day, time(), self.network.settings.zone)
        return midnight + timedelta(seconds=seconds)

    def record(self, item: Item, kind: EventType, at: datetime, holder: Holder, reason: str = "") -> None:
        """Let something happen to a shipment."""
        event = Event(at, item.shipment.code, kind, holder, reason)
        self.ledger.record(event)
        self.events.append(event)

    # What lies at sites, and lines.

    def _accept_at_counter(self, item: Item) -> None:
        """A paper that begins its way at a site of the post is taken in when it is ready."""
        at, is_there = item.shipment.at_site, item.shipment.at_site == item.shipment.dest_site
        if item.is_accepted or at is None or (self.network.site(at).kind not in POST_SITES and not is_there):
            return
        item.accepted_at = item.since
        self.record(item, EventType.ACCEPT, item.since, at_site(at))
        if is_there:
            self.finish(item, item.since)

    def _moves(self, item: Item) -> bool:
        """Whether somebody may carry it today."""
        return item.held_until is None and (item.next_try is None or item.next_try <= self.day)

    def _journeys(self, items: Iterable[Item]) -> list[Journey]:
        return self.province.journeys(self.province.network, [self._as_it_lies(item) for item in items], self.day)

    def _as_it_lies(self, item: Item) -> Shipment:
        """What a line that is very late has not brought yet is ready when it comes."""
        shipment = item.shipment
        return shipment if item.since <= self.moment(0) else replace(shipment, ready_at=item.since)

    def _ride(self, item: Item, journey: Journey) -> None:
        """Take it on with the lines of its journey that leave today, as far as it catches them."""
        for leg in journey.legs:
            if leg.carrier.kind is not LegKind.LINE or leg.cut_off.date() != self.day:
                return
            if item.since > leg.cut_off:
                item.trouble = LINE_LATE
                return
            run, site_id = leg.carrier.name, leg.destination.site_id
            assert site_id is not None
            late = self.province.chances.line_delay(self.day, run, site_id)
            arrives = leg.arrives + timedelta(seconds=late)
            self.record(item, EventType.DEPART, leg.cut_off, Holder(Holding.LINE, run))
            self._arrive(item, site_id, arrives, f"line {run}")

    def _arrive(self, item: Item, site_id: str, at: datetime, leg: str) -> None:
        item.lies_at(site_id, at)
        item.moved_by(leg)
        self.record(item, EventType.ARRIVE, at, at_site(site_id))
        if site_id == item.shipment.dest_site:
            self.finish(item, at)

    def _ride_on(self, fetched: Sequence[Item]) -> None:
        """What rounds have brought in goes on with the lines that still leave."""
        for item, journey in zip(fetched, self._journeys(fetched), strict=True):
            note_deadlines(item, journey)
            self._ride(item, journey)

    # Rounds.

    def _sort_out(
        self, moving: Iterable[Item], journeys: Mapping[str, Journey], crew: Sequence[Courier]
    ) -> tuple[Work, ...]:
        shipments = [self._as_it_lies(item) for item in moving if item.shipment.code in self.items]
        ways = [journeys[shipment.code] for shipment in shipments]
        todo = sort_out(self.province.network, shipments, self.day, crew=crew, journeys=ways)
        for left in todo.left:
            self.items[left.shipment.code].trouble = left.why.value
        return todo.works

    # Recipients.

    def not_met(self, item: Item, base_id: str) -> None:
        """A hand-over at a citizen's door has failed, and the paper is back at the base."""
        why, at = item.trouble, item.since
        item.tries += 1
        item.tried_on = item.tried_on or self.day
        if item.is_returning:
            item.next_try = self.network.calendar.add_working_days(self.day, 1)
        elif why == "refused":
            self._send_back(item, at, why)
        else:
            kind = EventType.INVITE_2 if item.invitations else EventType.INVITE_1
            self.record(item, kind, at, at_site(base_id), why)
            if recipients.invite(item, self.day, self.network):
                self.record(item, EventType.HOLD, at, at_site(base_id))

    def _counters(self) -> None:
        """Late in the afternoon: recipients fetch what waits for them; what nobody fetches in time goes back."""
        at = self.moment(recipients.COUNTER_HOUR)
        for item in list(self.items.values()):
            if not item.invitations or item.invitations[-1] >= self.day or item.is_returning or item.since > at:
                continue
            if self.province.chances.is_fetched(self.day, item.shipment.code):
                self.finish(item, at, "counter")
            elif item.held_until is not None and storage_is_over(self.day, item.held_until):
                self._send_back(item, at, "not_fetched")

    def _send_back(self, item: Item, at: datetime, why: str) -> None:
        self.record(item, EventType.RETURN_START, at, self.ledger.holders[item.shipment.code], why)
        item.turn_round()

    # Ends and dates.

    def finish(self, item: Item, at: datetime, reason: str = "") -> None:
        """It is where it should be."""
        item.done_at = at
        if at.date() > item.shipment.due_on:
            put_down(item)
        else:
            item.blame = None  # it was quicker than the timetable
        kind = EventType.RETURN_DONE if item.is_returning else EventType.DELIVER
        if not item.is_returning and item.shipment.kind is not ShipmentKind.RESULT:
            kind = EventType.HAND_AGENCY
        self.record(item, kind, at, DONE, reason)
        self.done.append(self.items.pop(item.shipment.code))
