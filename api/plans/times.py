"""
What the clock says besides the plan: when each shipment's stop may be served, and when the lines call at the bases.

It is made as the day's tasks are (`tasks.sort_out`), so that what is drawn is what the search kept to. Nothing here
names or describes a citizen: only a shipment's code and the hours of its task.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time

from pydantic import AwareDatetime, BaseModel, ConfigDict

from api.network.model import Line, Network
from api.plans.schemas import local
from api.plans.tasks import DAY, Work, sort_out
from api.shipments.model import ShipmentList
from routing.model import FOREVER


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ServiceWindow(_Part):
    """Service may begin from `opens` to `closes`: the door is open long enough after that to hand over."""

    opens: AwareDatetime
    closes: AwareDatetime


class TaskTimes(_Part):
    """Of a shipment that has a task today."""

    shipment: str
    windows: tuple[ServiceWindow, ...]
    """In order; empty = at any time of the day."""
    ready: AwareDatetime | None
    """A delivery lies at the base from then on; None = before the day begins."""
    back_by: AwareDatetime | None
    """Its round must be back at the base by then: cut-off of the line that it must catch; None = no line waits."""


class LineCall(_Part):
    """A run of a line at a base."""

    line_id: str
    run_id: str
    site_id: str
    arrives: AwareDatetime | None
    """None = it starts here."""
    cut_off: AwareDatetime | None
    """Latest hand-in; None = it ends here."""
    departs: AwareDatetime | None


class DayTimes(_Part):
    model_config = ConfigDict(extra="forbid", frozen=True, title="DayTimes")

    tasks: tuple[TaskTimes, ...]
    lines: tuple[LineCall, ...]
    """That run on the day, by base and then by time."""


def day_times(network: Network, shipments: ShipmentList, day: date) -> DayTimes:
    """
    Gather the windows of the day's tasks and the calls of its lines.

    Parameters
    ----------
    network
        All of it: the rows in force on later days say which line a shipment must catch.
    """
    today = network.on(day)
    midnight = datetime.combine(day, time(), today.settings.zone)
    works = sort_out(network, shipments.shipments, day, crew=today.couriers).works
    return DayTimes(tasks=tuple(_task(work, midnight) for work in works), lines=_calls(today, day, midnight))


def _task(work: Work, midnight: datetime) -> TaskTimes:
    always = len(work.windows) == 1 and work.windows[0].early <= 0 and work.windows[0].late >= DAY
    return TaskTimes(
        shipment=work.shipment.code,
        windows=()
        if always
        else tuple(
            ServiceWindow(opens=local(midnight, window.early), closes=local(midnight, min(window.late, DAY)))
            for window in work.windows
        ),
        ready=local(midnight, work.release) if work.release > 0 else None,
        back_by=local(midnight, work.wait.latest_return) if work.wait.latest_return < FOREVER else None,
    )


def _calls(today: Network, day: date, midnight: datetime) -> tuple[LineCall, ...]:
    """On a public holiday no line runs."""
    runs = () if today.calendar.is_holiday(day) else tuple(line for line in today.lines if line.runs_on(day))
    return tuple(sorted(_at_bases(runs, today, midnight), key=lambda call: (call.site_id, _first(call), call.line_id)))


def _at_bases(runs: Iterable[Line], today: Network, midnight: datetime) -> Iterator[LineCall]:
    def moment(seconds: int | None) -> datetime | None:
        return None if seconds is None else local(midnight, seconds)

    for run in runs:
        for stop in run.stops:
            if stop.site_id in today.bases:
                yield LineCall(
                    line_id=run.line_id,
                    run_id=run.run_id,
                    site_id=stop.site_id,
                    arrives=moment(stop.arrive),
                    cut_off=moment(stop.depart if stop.cut_off is None else stop.cut_off),
                    departs=moment(stop.depart),
                )


def _first(call: LineCall) -> datetime:
    """When it is first heard of at the base; a run that neither arrives nor departs is refused when it is read."""
    return min(moment for moment in (call.arrives, call.cut_off, call.departs) if moment is not None)
