"""The page that a year leaves behind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from api.simulation.report import RunReport
from benchmarks.machine import machine
from benchmarks.tables import table_head, table_row
from benchmarks.year.runs import COMMUNES, DAY_BY_DAY, DISTRICTS, NETWORKS, Year
from tests.cases.common import Case

_HEAD = """\
# A year of Hậu Giang, replayed

`python -m benchmarks.year` writes this page ({machine}). Input: `tests/cases/hau_giang.py`, {first:%d.%m.%Y} to
{last:%d.%m.%Y}, {days} working days. The yearly totals are the province's own; roads, people and timetables are **made
up** (`tests/cases/README.md`). Days stray from their plans as `[simulation]` in `settings.toml` says; those shares are
estimates.

## Before and after 1 September 2025

The same shipments on the network of 31 August 2025 and on that of 1 September 2025: other dated rows, nothing else.
Each working day is planned by the engine (300 steps a group), and each route is proved by `routing.checker` before it
is driven.
"""
_BALANCE = """\
## At any instant

Counted once more by `tests/cases/audit.py` from `events.csv` alone: accepted = delivered + returned + in custody after
every single event.
"""
_WAITING = """\
## Letting papers wait for company

Calm days (nothing strays), so that only the plans differ: a paper that can wait goes when somebody is near or on its
last day, against everything on the first day possible.
"""


def write_report(case: Case, years: Mapping[date, Year], calm: Mapping[tuple[date, str], Year]) -> str:
    """
    Write the page, in Markdown.

    Parameters
    ----------
    years
        By the day whose network is kept.
    calm
        By that day and the option besides `--calm`.
    """
    days = years[DISTRICTS].report.working_days
    head = _HEAD.format(machine=machine(), first=case.first, last=case.last, days=days)
    parts = [head, _networks(years), _BALANCE, _balances(years), _WAITING, _waiting(calm)]
    return "\n".join(parts).rstrip("\n") + "\n"


def _networks(years: Mapping[date, Year]) -> str:
    one, other = years[DISTRICTS], years[COMMUNES]
    before, after = one.report, other.report
    figures: Sequence[tuple[str, float, float]] = (
        ("late against the due date", before.late, after.late),
        ("... by the post", before.late_through("post"), after.late_through("post")),
        ("... citizen not met in time", before.late_through("citizen"), after.late_through("citizen")),
        ("returned", before.returned, after.returned),
        ("couriers' days", before.rounds, after.rounds),
        ("... of the reserve", before.reserve_rounds, after.reserve_rounds),
        ("most couriers on a day", before.most_couriers, after.most_couriers),
        ("km", round(before.metres / 1000), round(after.metres / 1000)),
        ("hours of work", round(before.seconds / 3600), round(after.seconds / 3600)),
        ("million đồng", round(before.dong / 1e6, 1), round(after.dong / 1e6, 1)),
        ("seconds to simulate on 2 cores", round(one.seconds), round(other.seconds)),
    )
    rows = ([name, f"{old:,}", f"{new:,}", _change(old, new)] for name, old, new in figures)
    return _table(["", NETWORKS[DISTRICTS], NETWORKS[COMMUNES], "change"], rows)


def _balances(years: Mapping[date, Year]) -> str:
    heads = ("", "events", "accepted", "delivered", "returned", "in custody at the end", "not accepted yet",
             "held over 31 December", "done since")  # fmt: skip
    rows = []
    for network, year in years.items():
        found, (held, done) = year.balance, year.over_years_end
        counts = (found.instants, found.accepted, found.delivered, found.returned, found.in_custody,
                  year.report.not_accepted, held, done)  # fmt: skip
        rows.append([NETWORKS[network], *(f"{count:,}" for count in counts)])
    return _table(heads, rows)


def _waiting(calm: Mapping[tuple[date, str], Year]) -> str:
    rows = []
    for network, name in NETWORKS.items():
        waiting, at_once = calm[network, ""].report, calm[network, DAY_BY_DAY].report
        rows += [_work(f"{name}, day by day", at_once), _work(f"{name}, waiting", waiting)]
        pairs = (
            (at_once.metres, waiting.metres), (at_once.dong, waiting.dong), (at_once.rounds, waiting.rounds),
        )  # fmt: skip
        rows.append([f"{name}, change", *(_change(*pair) for pair in pairs), ""])
    return _table(["", "km", "million đồng", "couriers' days", "late"], rows)


def _work(name: str, report: RunReport) -> list[str]:
    return [
        name, f"{report.metres / 1000:,.0f}", f"{report.dong / 1e6:,.1f}", f"{report.rounds:,}", f"{report.late:,}",
    ]  # fmt: skip


def _change(before: float, after: float) -> str:
    return "" if not before else f"{100 * (after - before) / before:+.1f} %"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join([*table_head(heads), *map(table_row, rows)]) + "\n"
