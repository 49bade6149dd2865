"""Until when the stops of a day may begin: the hours that people were promised, and the lines to be caught."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.plans.schemas import PlannedStop
from api.plans.tasks import Work
from routing.model import FOREVER, TimeWindow


@dataclass(frozen=True, slots=True)
class Limit:
    """Of one shipment's task."""

    windows: tuple[TimeWindow, ...]
    """Seconds after midnight in which service may begin."""
    cut_off: int | None
    """Seconds after midnight by which what is fetched has to be back at its base for a line; None = for none today."""


def limits_of(works: Iterable[Work]) -> dict[str, Limit]:
    """By code of the shipment."""
    return {
        work.shipment.code: Limit(work.windows, work.wait.latest_return if work.wait.latest_return < FOREVER else None)
        for work in works
    }


@dataclass(frozen=True, slots=True)
class StopLimits:
    """Of one stop."""

    closes: datetime | None
    """When service has to have begun, in the window for which it is planned; None = any hour will do, or not known."""
    cut_off: datetime | None
    """When its trip has to be back at the base for a line; None = for none today, or not known."""


def stop_limits(stop: PlannedStop, limits: Mapping[str, Limit], midnight: datetime) -> StopLimits:
    """The tightest of a stop's shipments; those that came during the day are not known."""
    known = [limits[task.shipment] for task in stop.tasks if task.shipment in limits]
    planned = round((stop.starts - midnight).total_seconds())
    closes = [
        window.late
        for limit in known
        for window in limit.windows
        if window.early <= planned <= window.late and window.late < FOREVER
    ]
    cut_offs = [limit.cut_off for limit in known if limit.cut_off is not None]
    return StopLimits(_clock(closes, midnight), _clock(cut_offs, midnight))


def _clock(seconds: list[int], midnight: datetime) -> datetime | None:
    return midnight + timedelta(seconds=min(seconds)) if seconds else None
