"""
What must be done today: every shipment becomes a task for a base, or gets a reason why not.

A shipment that is ready makes a delivery task when it lies at the base of its destination's commune, or a line brings
it there today, and a collect task when its way goes on by a collect round: from its origin, when that is no hub, or
from another site that is no base (any more). Its journey says how long the task may wait. Everything else gets a
reason: nobody is silently dropped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum

from api.journeys.finding import Journey
from api.network.model import Network
from api.network.rows import Courier, Site, SiteKind
from api.plans.outlook import Outlook, journeys_from, outlooks
from api.shipments.model import End, Shipment, ShipmentKind
from geo import opening_hours
from routing.model import FOREVER, Action, TimeWindow
from routing.waves import Wait

DAY = 86_400
"""Seconds."""


class NotToday(StrEnum):
    """Why no task was made of a shipment."""

    NOT_READY = "not_ready"
    """It becomes ready on a later day."""
    AT_DESTINATION = "at_destination"
    """It lies where it should go."""
    LIES_ELSEWHERE = "lies_elsewhere"
    """It waits for a line: it lies at a hub, or at another base than its destination's."""
    OTHER_PROVINCE = "other_province"
    """It lies where no base of this network works."""
    NO_BASE = "no_base"
    """No base serves the commune that it must be fetched from, or brought to."""
    NO_COURIER = "no_courier"
    """The base has no courier today."""
    CLOSED = "closed"
    """The place is closed all day, or never open when the citizen is there."""


@dataclass(frozen=True, slots=True)
class Place:
    """A door: a site, or a citizen's address."""

    site_id: str | None
    lon: float
    lat: float
    commune_code: str


@dataclass(frozen=True, slots=True)
class Work:
    """One task of today."""

    shipment: Shipment
    action: Action
    base_id: str
    """Where a delivery lies; whose couriers collect, or those planned together with them."""
    place: Place
    windows: tuple[TimeWindow, ...]
    """When service may begin."""
    setup: int
    """Seconds, once a visit."""
    item: int
    """Seconds, for this shipment."""
    release: int
    """Seconds after midnight when it lies at the base; 0 for a collection, whose windows say it."""
    wait: Wait
    """How long it may wait, and the line that it must catch."""
    is_bound: bool
    """Nobody else in the plan group but couriers of `base_id` may carry it: it lies there, or goes on from there."""


@dataclass(frozen=True, slots=True)
class Left:
    """A shipment that makes no task today."""

    shipment: Shipment
    why: NotToday
    where: str = ""
    """The place or commune that the reason speaks of."""


@dataclass(frozen=True, slots=True)
class DaysWork:
    """Every shipment of the file, sorted out; both in the order of the file."""

    works: tuple[Work, ...]
    left: tuple[Left, ...]


def sort_out(
    network: Network,
    shipments: Sequence[Shipment],
    day: date,
    *,
    crew: Sequence[Courier] | None = None,
    journeys: Iterable[Journey] | None = None,
) -> DaysWork:
    """
    Make today's tasks.

    Parameters
    ----------
    network
        All of it: the rows in force on later days say how long a shipment may wait.
    crew
        Who drives; None = all but the reserve.
    journeys
        Of these shipments from this day, where they are known; None = find them.
    """
    found = journeys_from(network, shipments, day) if journeys is None else journeys
    sorter = _Sorter(network.on(day), day, crew, found)
    tasks = [sorter.task(shipment) for shipment in shipments]
    works = [task for task in tasks if isinstance(task, Work)]
    left = [task for task in tasks if isinstance(task, Left)]
    return DaysWork(tuple(_with_later_visits(works, left, sorter)), tuple(left))


def _with_later_visits(works: Iterable[Work], left: Iterable[Left], sorter: _Sorter) -> Iterator[Work]:
    """Tell tasks that somebody must come to their commune later, for what cannot go today."""
    last_days: defaultdict[str, set[int]] = defaultdict(set)
    for other in left:
        for commune_code in _communes_ahead(other.shipment):
            last_days[commune_code].add(sorter.days_left(other.shipment))
    for work in works:
        in_time = range(1, work.wait.days_left + 1)
        is_visited = any(day in in_time for day in last_days[work.place.commune_code])
        yield replace(work, wait=replace(work.wait, is_visited_later=is_visited))


def _communes_ahead(shipment: Shipment) -> tuple[str, ...]:
    """Where somebody has to come for it yet."""
    ends = (shipment.origin, shipment.dest) if shipment.at_origin else (shipment.dest,)
    return tuple(end.commune_code for end in ends)


def cash_taken(shipment: Shipment, action: Action) -> int:
    """Đồng that the courier takes: a citizen pays for a dossier when it is fetched, for a result when it is brought."""
    pays = Action.COLLECT if shipment.kind is ShipmentKind.INTAKE else Action.DELIVER
    is_due = action is pays and (action is Action.DELIVER or shipment.at_origin)
    return shipment.fee_dong + shipment.postage_dong if is_due else 0


def end_of(network: Network, shipment: Shipment, action: Action) -> End:
    """Where a task is done: it is brought to its destination, or fetched from where it lies."""
    if action is Action.DELIVER:
        return shipment.dest
    if shipment.at_origin or shipment.at_site is None:
        return shipment.origin
    site = network.site(shipment.at_site)
    return End(site.site_id, site.lon, site.lat, site.name, site.commune_code)


class _Sorter:
    """Knows what is in force on the day, and what lies ahead."""

    def __init__(
        self, network: Network, day: date, crew: Sequence[Courier] | None, journeys: Iterable[Journey]
    ) -> None:
        self._day = day
        self._network = network
        staff = network.crew() if crew is None else crew
        self._staffed = {courier.base_id for courier in staff}
        self._first_shift = min((courier.shift.start for courier in staff), default=0)
        self._ahead = outlooks(network, journeys, day)

    def task(self, shipment: Shipment) -> Work | Left:
        ready = _seconds(shipment.ready_at, self._day, self._network)
        if ready >= DAY:
            zone = self._network.settings.zone
            return Left(shipment, NotToday.NOT_READY, shipment.ready_at.astimezone(zone).isoformat())
        found = _action(self._network, shipment, self._ahead.get(shipment.code))
        if isinstance(found, Left):
            return found
        action, base_id, there = found
        who = (base_id,) if self._is_bound(shipment, action) else self._network.planned_with(base_id)
        if self._staffed.isdisjoint(who):
            return Left(shipment, NotToday.NO_COURIER, base_id)
        return self._work(shipment, action, base_id, max(ready, there, 0))

    def days_left(self, shipment: Shipment) -> int:
        """Later working days on which it can go from here in time; without a way, the due date alone decides."""
        days_left = self._network.calendar.working_days_between(self._day, shipment.due_on)
        ahead = self._ahead.get(shipment.code)
        return days_left if ahead is None else min(ahead.days_left, days_left)

    def _work(self, shipment: Shipment, action: Action, base_id: str, ready: int) -> Work | Left:
        network, end = self._network, end_of(self._network, shipment, action)
        site = network.site(end.site_id) if end.site_id is not None else None
        times = network.times_at(end.site_id)
        setup, item = round(times.setup_minutes * 60), times.item_seconds
        spans = [(0, DAY)] if site is None else _hours(network, site, self._day, setup + item)
        if end == shipment.citizen and shipment.windows:
            spans = _meet(spans, [(span.start, span.end) for span in shipment.windows])
        if action is Action.COLLECT:
            spans = _meet(spans, [(ready, DAY)])
        if not spans or spans[-1][1] < self._first_shift:  # an address is nobody's business
            return Left(shipment, NotToday.CLOSED, site.name if site else shipment.code)
        ahead = self._ahead.get(shipment.code)
        ties_of = ahead if action is Action.COLLECT else None
        return Work(
            shipment=shipment,
            action=action,
            base_id=base_id,
            place=Place(end.site_id, end.lon, end.lat, end.commune_code),
            windows=tuple(TimeWindow(early, FOREVER if late >= DAY else late) for early, late in spans),
            setup=setup,
            item=item,
            release=ready if action is Action.DELIVER else 0,
            wait=Wait(
                days_left=self.days_left(shipment),
                latest_return=FOREVER if ties_of is None else ties_of.latest_return,
                priority=shipment.priority,
            ),
            is_bound=self._is_bound(shipment, action),
        )

    def _is_bound(self, shipment: Shipment, action: Action) -> bool:
        ahead = self._ahead.get(shipment.code)
        return action is Action.DELIVER or (ahead is not None and ahead.is_bound)


def _action(network: Network, shipment: Shipment, ahead: Outlook | None) -> tuple[Action, str, int] | Left:
    """What is done with it, by which base, and (seconds after midnight) when a line has brought it there."""
    at = shipment.at_site
    if at is not None and at == shipment.dest_site:
        return Left(shipment, NotToday.AT_DESTINATION, at)
    target = _base_of(network, shipment.dest)
    by_line = ahead is not None and bool(ahead.waits_for)
    if at is not None and target is not None and at in network.planned_with(target) and not by_line:
        return Action.DELIVER, at, 0
    if ahead is not None and ahead.comes_to is not None:
        return Action.DELIVER, ahead.comes_to, ahead.comes_at
    if ahead is not None and ahead.fetched_by is not None:
        return Action.COLLECT, ahead.fetched_by, 0
    if not shipment.at_origin or (at is not None and network.site(at).kind is SiteKind.HUB):
        return Left(shipment, NotToday.LIES_ELSEWHERE, _where(at, ahead))
    source = _base_of(network, shipment.origin)
    if source is None:
        return Left(shipment, NotToday.NO_BASE, shipment.origin_commune)
    if at == source:
        return _waits_at_base(network, shipment, at, ahead)
    return Action.COLLECT, source, 0


def _base_of(network: Network, end: End) -> str | None:
    return network.base_of_commune(end.commune_code) if end.site_id is None else network.base_of_site(end.site_id)


def _waits_at_base(network: Network, shipment: Shipment, at: str, ahead: Outlook | None) -> Left:
    """It lies at its own base already: a line must take it on."""
    known = _base_of(network, shipment.dest) is not None
    return Left(shipment, NotToday.LIES_ELSEWHERE if known else NotToday.OTHER_PROVINCE, _where(at, ahead))


def _where(at: str | None, ahead: Outlook | None) -> str:
    """The site, and the run that takes a shipment on from there."""
    return f"{at or ''} ({ahead.waits_for})" if ahead is not None and ahead.waits_for else at or ""


def _hours(network: Network, site: Site, day: date, handover: int) -> list[tuple[int, int]]:
    """When a hand-over of so many seconds may begin at a site: it ends before the door closes."""
    hours = opening_hours.windows(site.opening_hours, day, is_holiday=network.calendar.is_holiday(day))
    return [(opens, closes - handover) for opens, closes in hours if closes - handover >= opens]


def _meet(some: Sequence[tuple[int, int]], others: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """What lies in one interval of each: both in order and disjoint, the answer too."""
    both = [(max(a, c), min(b, d)) for a, b in some for c, d in others]
    return sorted((early, late) for early, late in both if early <= late)


def _seconds(moment: datetime, day: date, network: Network) -> int:
    """Seconds after local midnight of a day; negative on the days before."""
    midnight = datetime.combine(day, time(), network.settings.zone)
    return int((moment - midnight).total_seconds())
