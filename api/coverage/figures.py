"""What a year of rounds takes and what becomes of the papers, from the weeks that were replayed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from api.coverage.document import YearFigures
from api.shipments.model import ShipmentKind
from api.simulation.items import Item
from api.simulation.records import DayRecord, RoundRecord
from api.simulation.run import Simulation


@dataclass(slots=True)
class Tally:
    """The counted days of the sample, added up."""

    bases: frozenset[str] | None = None
    """Whose rounds count; None = all."""
    dong: int = 0
    metres: int = 0
    seconds: int = 0
    courier_days: int = 0
    couriers_on: Counter[date] = field(default_factory=Counter)
    standing: Counter[str] = field(default_factory=Counter)
    """Papers that were due, by how they stood."""
    unserved: int = 0

    def add_rounds(self, rounds: Iterable[RoundRecord]) -> None:
        for row in rounds:
            if row.trips and (self.bases is None or row.base_id in self.bases):
                self.dong += row.dong
                self.metres += row.metres
                self.seconds += row.seconds
                self.courier_days += 1
                self.couriers_on[row.day] += 1

    def add_due(self, item: Item, first: date, last: date) -> None:
        """Count a paper of a citizen that was due on the counted days."""
        if item.shipment.kind is ShipmentKind.TRANSFER or not first <= item.shipment.due_on <= last:
            return
        done_on = None if item.done_at is None else item.done_at.date()
        if done_on is None:
            self.unserved += 1
        due = item.shipment.due_on
        self.standing["late" if done_on is None or done_on > due else "early" if done_on < due else "on_the_day"] += 1

    def changed(self, before: Tally, after: Tally) -> Tally:
        """These counts, with a part of them taken out and put in again otherwise."""
        standing, couriers_on = Counter(self.standing), Counter(self.couriers_on)
        standing.update(after.standing)
        standing.subtract(before.standing)
        couriers_on.update(after.couriers_on)
        couriers_on.subtract(before.couriers_on)
        sums = {
            name: getattr(self, name) + getattr(after, name) - getattr(before, name)
            for name in ("dong", "metres", "seconds", "courier_days", "unserved")
        }
        return Tally(self.bases, **sums, couriers_on=couriers_on, standing=standing)

    def year(self, factor: float, *, dossiers: int, results: int, fixed_dong: int, postage_dong: int) -> YearFigures:
        """Take it to a year; what is given is of the year already."""
        due = sum(self.standing.values())
        share = {name: round(self.standing[name] / due, 6) if due else 0.0 for name in ("early", "on_the_day", "late")}
        return YearFigures(
            dossiers=dossiers,
            results=results,
            dong=round(self.dong * factor),
            fixed_dong=fixed_dong,
            postage_dong=postage_dong,
            km=round(self.metres / 1000 * factor, 1),
            courier_days=round(self.courier_days * factor, 1),
            hours=round(self.seconds / 3600 * factor, 1),
            most_couriers=max(self.couriers_on.values(), default=0),
            **share,
            unserved=self.unserved,
        )


def tally_week(simulation: Simulation, days: Iterable[DayRecord], first: date, last: date, tally: Tally) -> None:
    """Let days go by; those from `first` to `last` count, and the papers that were due on them."""
    for record in days:
        if first <= record.day <= last:
            tally.add_rounds(record.rounds)
        for item in record.done:
            tally.add_due(item, first, last)
    for item in simulation.state.items.values():
        tally.add_due(item, first, last)
