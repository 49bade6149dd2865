"""What a simulated day leaves behind, for reports."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from api.network.rows import Courier
from api.plans.tasks import Work
from api.simulation.items import Item
from api.simulation.ledger import Event
from routing.model import Action
from routing.simulation import Outcome, Replay


@dataclass(frozen=True, slots=True)
class RoundRecord:
    """One courier's day as it went."""

    day: date
    courier_id: str
    base_id: str
    reserve: bool
    trips: int
    """Driven."""
    visits: int
    """Doors where there was service."""
    delivered: int
    collected: int
    turned_away: int
    not_done: int
    """Planned, and left for want of time, goods or an open door."""
    metres: int
    seconds: int
    """Working time."""
    overtime: int
    """Seconds."""
    dong: int

    @classmethod
    def of(cls, day: date, courier: Courier, driven: Replay) -> RoundRecord:
        outcomes = driven.outcomes
        of = Counter(outcomes.values())
        done = Counter(task.action for task, outcome in outcomes.items() if outcome is Outcome.DONE)
        trips = sum(trip.departs is not None for trip in driven.trips)
        return cls(
            day=day,
            courier_id=courier.courier_id,
            base_id=courier.base_id,
            reserve=courier.reserve,
            trips=trips,
            visits=sum(visit.starts is not None for trip in driven.trips for visit in trip.visits),
            delivered=done[Action.DELIVER],
            collected=done[Action.COLLECT],
            turned_away=of[Outcome.TURNED_AWAY],
            not_done=of[Outcome.NOT_LOADED] + of[Outcome.CLOSED] + of[Outcome.NO_TIME],
            metres=driven.distance,
            seconds=driven.working_time,
            overtime=driven.overtime,
            dong=_dong(courier, driven) if trips else 0,
        )


def _dong(courier: Courier, driven: Replay) -> int:
    by_km = courier.dong_per_km * driven.distance / 1000
    by_hour = courier.dong_per_hour * driven.working_time + courier.overtime_dong_per_hour * driven.overtime
    return round(courier.fixed_dong + by_km + by_hour / 3600)


@dataclass(frozen=True, slots=True)
class DayRecord:
    """One day as it went."""

    day: date
    events: tuple[Event, ...]
    rounds: tuple[RoundRecord, ...]
    done: tuple[Item, ...]
    """Handed over or returned on this day."""
    is_working: bool
    works: tuple[Work, ...] = ()
    """What the rounds were planned for."""
