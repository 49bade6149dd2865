"""What a run's folder says, in figures: of one run, and of two side by side."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from api.errors import NotFoundError
from api.simulation.folder import OPEN, RUN

Blamed = tuple[str, str, str]
"""Party, leg and where; the last two are empty where it is no leg's fault."""


@dataclass(frozen=True, slots=True)
class RunReport:
    """Figures of one run. Shipments that are not ready at its end count nowhere but in `not_ready`."""

    name: str
    first: str
    last: str
    """Days, YYYY-MM-DD."""
    working_days: int
    accepted: int
    delivered: int
    returned: int
    in_custody: int
    """At the end."""
    not_accepted: int
    """Ready at the end, and still with a citizen or an agency."""
    not_ready: int
    by_kind: Mapping[str, int]
    """Shipments of each kind, whatever became of them."""
    against_due: Mapping[str, int]
    """early, on_the_day, late, open: of all that became ready; open = not done, and not late yet."""
    against_appointment: Mapping[str, int]
    """early, on_the_day, late: when results were ready; open = not ready at the end."""
    blamed: Mapping[Blamed, int]
    """
    Late shipments, done or not.

    The agency's are also the results that were ready after their appointment date and then came in time.
    """
    rounds: int
    """Couriers' days."""
    reserve_rounds: int
    most_couriers: int
    """On one day."""
    metres: int
    seconds: int
    """Working time."""
    overtime: int
    """Seconds."""
    dong: int

    @property
    def late(self) -> int:
        return self.against_due.get("late", 0)

    def late_through(self, party: str, leg: str | None = None) -> int:
        """Late shipments that are put down to a party, on one leg or (None) on any."""
        return sum(count for (who, on, _), count in self.blamed.items() if who == party and leg in (None, on))


def read_report(folder: Path) -> RunReport:
    """
    Add up the tables of a run.

    Raises
    ------
    NotFoundError
        When the folder holds no finished run.
    """
    if not (folder / RUN).is_file() or not (folder / OPEN).is_file():
        raise NotFoundError(f"{folder} không có lượt mô phỏng đã xong.", f"There is no finished run in {folder}.")
    days, rounds = list(read_rows(folder / "days.csv")), list(read_rows(folder / "rounds.csv"))
    shipments = [*read_rows(folder / "shipments.csv"), *read_rows(folder / OPEN)]
    ready = [row for row in shipments if row["outcome"] != "not_ready"]
    driven = [row for row in rounds if row["trips"] != "0"]
    a_day = Counter(row["day"] for row in driven)
    end = days[-1]
    return RunReport(
        name=folder.name,
        first=days[0]["day"],
        last=end["day"],
        working_days=sum(row["is_working"] == "yes" for row in days),
        accepted=int(end["accepted"]),
        delivered=int(end["delivered"]),
        returned=int(end["returned"]),
        in_custody=int(end["in_custody"]),
        not_accepted=int(end["not_accepted"]),
        not_ready=len(shipments) - len(ready),
        by_kind=Counter(row["kind"] for row in shipments),
        against_due=Counter(against_due(row) for row in ready),
        against_appointment=Counter(row["against_appointment"] for row in shipments if row["against_appointment"]),
        blamed=Counter(blamed for row in ready if (blamed := _blamed(row)) is not None),
        rounds=len(driven),
        reserve_rounds=sum(row["reserve"] == "yes" for row in driven),
        most_couriers=max(a_day.values(), default=0),
        metres=_sum(rounds, "metres"),
        seconds=_sum(rounds, "seconds"),
        overtime=_sum(rounds, "overtime"),
        dong=_sum(rounds, "dong"),
    )


def against_due(row: Mapping[str, str]) -> str:
    """What is under way beyond its due date is late already."""
    return "late" if row["against_due"] == "open" and int(row["days_late"]) > 0 else row["against_due"]


def _blamed(row: Mapping[str, str]) -> Blamed | None:
    if row["blame"]:
        return row["blame"], row["blame_leg"], row["blame_where"]
    return ("agency", "", "") if row["against_appointment"] == "late" else None


def _sum(rows: list[dict[str, str]], column: str) -> int:
    return sum(int(row[column]) for row in rows)


def read_rows(path: Path) -> Iterator[dict[str, str]]:
    """Read a table, row by row."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
