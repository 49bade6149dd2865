"""
What must be done today: the stated rule that turns each shipment into a task for a base, or into a reason why not.

Until journeys over several legs exist the rule is that of the contract: a shipment that is ready makes a delivery task
when it lies at the base of its destination's commune, and a collect task for the base of its origin's commune when it
still lies at its origin and that is no hub. Everything else gets a reason: nobody is silently dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from api.network.model import Network
from api.network.rows import Site, SiteKind
from api.shipments.model import End, Shipment, ShipmentKind
from geo import opening_hours
from routing.model import FOREVER, Action, TimeWindow

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
    """Where a delivery lies; whose couriers collect."""
    place: Place
    windows: tuple[TimeWindow, ...]
    """When service may begin."""
    setup: int
    """Seconds, once a visit."""
    item: int
    """Seconds, for this shipment."""
    release: int
    """Seconds after midnight when it lies at the base; 0 for a collection, whose windows say it."""
    must_go: bool
    penalty_dong: int


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


def sort_out(network: Network, shipments: Iterable[Shipment], day: date, *, with_reserve: bool = False) -> DaysWork:
    """
    Make today's tasks.

    Parameters
    ----------
    network
        In force on `day`.
    with_reserve
        Whether reserve couriers count.
    """
    staffed = {courier.base_id for courier in network.couriers if with_reserve or not courier.reserve}
    works: list[Work] = []
    left: list[Left] = []
    for shipment in shipments:
        task = _task(network, shipment, day, staffed)
        (works if isinstance(task, Work) else left).append(task)  # type: ignore[arg-type]
    return DaysWork(tuple(works), tuple(left))


def cash_taken(shipment: Shipment, action: Action) -> int:
    """Đồng that the courier takes: a citizen pays for a dossier when it is fetched, for a result when it is brought."""
    pays = Action.COLLECT if shipment.kind is ShipmentKind.INTAKE else Action.DELIVER
    return shipment.fee_dong + shipment.postage_dong if action is pays else 0


def end_of(shipment: Shipment, action: Action) -> End:
    """The end where a task is done."""
    return shipment.origin if action is Action.COLLECT else shipment.dest


def _task(network: Network, shipment: Shipment, day: date, staffed: set[str]) -> Work | Left:
    ready = _seconds(shipment.ready_at, day, network)
    if ready >= DAY:
        return Left(shipment, NotToday.NOT_READY, shipment.ready_at.astimezone(network.settings.zone).isoformat())
    found = _action(network, shipment)
    if isinstance(found, Left):
        return found
    action, base_id = found
    if base_id not in staffed:
        return Left(shipment, NotToday.NO_COURIER, base_id)
    return _work(network, shipment, day, action, base_id, max(ready, 0))


def _action(network: Network, shipment: Shipment) -> tuple[Action, str] | Left:
    """The stated rule."""
    at = shipment.at_site
    if at is not None and at == shipment.dest_site:
        return Left(shipment, NotToday.AT_DESTINATION, at)
    target = _base_of(network, shipment.dest)
    if at is not None and target is not None and _planned_together(network, at, target):
        return Action.DELIVER, at
    if not shipment.at_origin or (at is not None and network.site(at).kind is SiteKind.HUB):
        return Left(shipment, NotToday.LIES_ELSEWHERE, at or "")
    source = _base_of(network, shipment.origin)
    if source is None:
        return Left(shipment, NotToday.NO_BASE, shipment.origin_commune)
    if at == source:
        return _waits_at_base(network, shipment, at)
    return Action.COLLECT, source


def _planned_together(network: Network, one: str, other: str) -> bool:
    """Whether two bases are the same, or of one plan group: then couriers of either may bring it."""
    return one == other or any({one, other} <= set(bases) for _, bases in network.groups)


def _base_of(network: Network, end: End) -> str | None:
    return network.base_of_commune(end.commune_code) if end.site_id is None else network.base_of_site(end.site_id)


def _waits_at_base(network: Network, shipment: Shipment, at: str) -> Left:
    """It lies at its own base already: a line must take it on."""
    known = _base_of(network, shipment.dest) is not None
    return Left(shipment, NotToday.LIES_ELSEWHERE if known else NotToday.OTHER_PROVINCE, at)


def _work(network: Network, shipment: Shipment, day: date, action: Action, base_id: str, ready: int) -> Work | Left:
    end = end_of(shipment, action)
    site = network.site(end.site_id) if end.site_id is not None else None
    times = network.times_at(end.site_id)
    setup, item = round(times.setup_minutes * 60), times.item_seconds
    spans = [(0, DAY)] if site is None else _hours(network, site, day, setup + item)
    if end == shipment.citizen and shipment.windows:
        spans = _meet(spans, [(span.start, span.end) for span in shipment.windows])
    if action is Action.COLLECT:
        spans = _meet(spans, [(ready, DAY)])
    if not spans:
        return Left(shipment, NotToday.CLOSED, site.name if site else shipment.code)  # an address is nobody's business
    return Work(
        shipment=shipment,
        action=action,
        base_id=base_id,
        place=Place(end.site_id, end.lon, end.lat, end.commune_code),
        windows=tuple(TimeWindow(early, FOREVER if late >= DAY else late) for early, late in spans),
        setup=setup,
        item=item,
        release=ready if action is Action.DELIVER else 0,
        must_go=shipment.due_on <= day,
        penalty_dong=_penalty(network, shipment, day),
    )


def _hours(network: Network, site: Site, day: date, handover: int) -> list[tuple[int, int]]:
    """When a hand-over of so many seconds may begin at a site: it ends before the door closes."""
    hours = opening_hours.windows(site.opening_hours, day, is_holiday=network.calendar.is_holiday(day))
    return [(opens, closes - handover) for opens, closes in hours if closes - handover >= opens]


def _meet(some: Sequence[tuple[int, int]], others: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """What lies in one interval of each: both in order and disjoint, the answer too."""
    both = [(max(a, c), min(b, d)) for a, b in some for c, d in others]
    return sorted((early, late) for early, late in both if early <= late)


def _penalty(network: Network, shipment: Shipment, day: date) -> int:
    """Price of waiting: more with every working day that passes, and with the shipment's own priority."""
    prices = network.settings.penalties
    days_left = max(1, network.calendar.working_days_between(day, shipment.due_on))
    return (prices.may_go_dong + prices.urgency_dong // days_left) * (1 + max(0, shipment.priority))


def _seconds(moment: datetime, day: date, network: Network) -> int:
    """Seconds after local midnight of a day; negative on the days before."""
    midnight = datetime.combine(day, time(), network.settings.zone)
    return int((moment - midnight).total_seconds())
