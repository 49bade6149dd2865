"""Days replayed one after the other: what becomes ready joins in, what is done leaves, the rest is carried over."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from api.errors import InputError
from api.network.communes import commune_on
from api.network.model import Network
from api.shipments.model import End, Shipment
from api.simulation.day import Province, SimulatedDay
from api.simulation.items import Item
from api.simulation.ledger import Ledger
from api.simulation.records import DayRecord
from geo.units import TWO_TIERS_FROM

ONE_DAY = timedelta(days=1)


@dataclass(slots=True)
class State:
    """All that a day needs to know of the days before it."""

    next_day: date
    ledger: Ledger = field(default_factory=Ledger)
    items: dict[str, Item] = field(default_factory=dict)
    """Ready, and not done."""


@dataclass(slots=True)
class Simulation:
    """
    A run over the days of a province.

    The state after each day is all that the next one needs: a run that is taken up again from there goes on the same.
    """

    province: Province
    state: State
    waiting: deque[Shipment] = field(default_factory=deque)
    """Not ready yet, the earliest first."""

    @classmethod
    def begin(cls, province: Province, shipments: Iterable[Shipment], first: date) -> Simulation:
        """Set out on a day; what was ready before it is there in the morning."""
        return cls(province, State(first), _in_order(shipments))

    @classmethod
    def resume(cls, province: Province, shipments: Iterable[Shipment], state: State) -> Simulation:
        """Go on after the last day of a state; what became ready before its next day is known to it."""
        later = (shipment for shipment in shipments if _ready_on(shipment, province.network) >= state.next_day)
        return cls(province, state, _in_order(later))

    def days(self, last: date) -> Iterator[DayRecord]:
        """Let the days go by, up to `last`."""
        while self.state.next_day <= last:
            yield self._day(self.state.next_day)

    def _day(self, day: date) -> DayRecord:
        if day == TWO_TIERS_FROM:
            self._recode(day)
        while self.waiting and _ready_on(self.waiting[0], self.province.network) <= day:
            shipment = self.waiting.popleft()
            self.state.items[shipment.code] = Item(with_communes_of(shipment, day), since=shipment.ready_at)
        record = SimulatedDay(self.province, day, self.state.items, self.state.ledger).run()
        self.state.next_day = day + ONE_DAY
        return record

    def _recode(self, day: date) -> None:
        """The communes changed overnight: papers under way keep their places and get the new codes."""
        for item in self.state.items.values():
            item.shipment = with_communes_of(item.shipment, day)


def frozen(network: Network, day: date) -> Network:
    """The network as it is in force on a day, on every day: to compare one state of it with another."""
    rows = network.on(day).rows
    tables = ("sites", "areas", "couriers", "lines", "procedures", "tariffs", "settlements")
    always = {
        name: tuple(replace(row, valid_from=None, valid_to=None) for row in getattr(rows, name)) for name in tables
    }
    return replace(network, rows=replace(rows, **always), valid_on=None)


def _in_order(shipments: Iterable[Shipment]) -> deque[Shipment]:
    return deque(sorted(shipments, key=lambda shipment: (shipment.ready_at, shipment.code)))


def _ready_on(shipment: Shipment, network: Network) -> date:
    return shipment.ready_at.astimezone(network.settings.zone).date()


def with_communes_of(shipment: Shipment, day: date) -> Shipment:
    """
    Give both ends the commune codes of a day.

    Raises
    ------
    InputError
        When a code means nothing on that day.
    """
    ends = {"origin": shipment.origin, "dest": shipment.dest}
    codes = {name: _commune_of(shipment, f"{name}_commune", end, day) for name, end in ends.items()}
    return replace(shipment, origin_commune=codes["origin"], dest_commune=codes["dest"])


def _commune_of(shipment: Shipment, column: str, end: End, day: date) -> str:
    code, error = commune_on(end.commune_code, day, shipment.source, column, (end.lon, end.lat))
    if error is not None:
        raise InputError([error])
    return code
