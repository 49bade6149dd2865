"""Lines that are late today: every later leg timed again, and who is to blame for what is late now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from api.errors import NotFoundError
from api.journeys.finding import Journey, Standing
from api.journeys.timetable import Carrier, LegKind, ProvinceTimetable

Lateness = Mapping[str, int]
"""Seconds that a run (`LINE/RUN`) comes late to each of its stops on the first day."""


@dataclass(frozen=True, slots=True)
class Retimed:
    """A journey that a late line changes."""

    before: Journey
    after: Journey
    line: Carrier
    """The late one that it was to take."""

    @property
    def is_lost(self) -> bool:
        """It would have been in time, and is not any more: the line is to blame."""
        return self.after.standing in (Standing.LATE, Standing.NO_WAY) and self.before.standing is not Standing.LATE

    @property
    def delay(self) -> timedelta | None:
        """How much later it arrives; None = it does not."""
        if self.before.arrives is None or self.after.arrives is None:
            return None
        return self.after.arrives - self.before.arrives


def parse_lateness(texts: Iterable[str]) -> dict[str, int]:
    """
    Read `LINE/RUN=MINUTES`, several.

    Raises
    ------
    ValueError
        When one is nothing of the kind, or a run is named twice.
    """
    found: dict[str, int] = {}
    for text in texts:
        run, _, minutes = text.rpartition("=")
        if "/" not in run or not minutes.isdecimal() or run in found:
            raise ValueError(f"LINE/RUN=MINUTES, not {text!r}")
        found[run] = 60 * int(minutes)
    return found


def require_runs(late: Lateness, table: ProvinceTimetable) -> None:
    """
    Make sure that every run that is late exists.

    Raises
    ------
    NotFoundError
        When one does not run in the days of the timetable.
    """
    known = {carrier.name for carrier in table.carriers if carrier.kind is LegKind.LINE}
    for run in late:
        if run not in known:
            raise NotFoundError(f"Không có chuyến đường thư {run}.", f"There is no run {run}.")


def retimed(before: Sequence[Journey], after: Sequence[Journey], late: Lateness) -> list[Retimed]:
    """
    Compare journeys by the timetable with those by the lines as they really run.

    Parameters
    ----------
    before, after
        Of the same shipments, in the same order.

    Returns
    -------
    retimed
        Journeys that were to take a late run and now go, or arrive, otherwise.
    """
    found = []
    for one, other in zip(before, after, strict=True):
        lines = [leg.carrier for leg in one.legs if leg.carrier.name in late and leg.carrier.kind is LegKind.LINE]
        if lines and one != other:
            found.append(Retimed(one, other, lines[0]))
    return found
