"""A year run by the command that a user has, counted once more, and what must hold of it."""

from __future__ import annotations

import csv
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from typer.testing import CliRunner

from api.cli import app
from api.simulation.report import RunReport, read_report
from tests.cases.audit import Balance, recount
from tests.cases.common import Case
from tests.cases.hau_giang import LAST_OF_DISTRICTS

DISTRICTS, COMMUNES = LAST_OF_DISTRICTS, LAST_OF_DISTRICTS + timedelta(days=1)
NETWORKS = {DISTRICTS: "8 district offices", COMMUNES: "28 commune offices"}
DAY_BY_DAY = "--day-by-day"
TOTALS = {"result": 29_310, "intake": 11_045}
LIMIT = 3_600.0
"""Seconds that the planning of a year may take."""
YEARS_END = "2025-12-31"


@dataclass(frozen=True, slots=True)
class Year:
    """One run over the year."""

    report: RunReport
    balance: Balance
    seconds: float
    over_years_end: tuple[int, int]
    """In custody on the evening of 31 December, and how many of those are done by the end of the run."""


def run_year(case: Case, folder: Path, network: date, *options: str) -> Year:
    """Run the span of a case on the network of a day."""
    began = time.perf_counter()
    arguments = [
        "simulate", case.network, case.shipments, "--from", case.first, "--to", case.last, "--as-of", network,
        "--out", folder, "--json", *options,
    ]  # fmt: skip
    result = CliRunner().invoke(app, list(map(str, arguments)), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    seconds = time.perf_counter() - began
    events = folder / "events.csv"
    return Year(read_report(folder), recount(events), seconds, _over_years_end(events))


def require(year: Year) -> None:
    """
    Make sure that a year is whole.

    Raises
    ------
    AssertionError
        When a total, the balance or the time is not as it must be.
    """
    report, balance = year.report, year.balance
    assert dict(report.by_kind) == TOTALS
    assert (balance.accepted, balance.delivered, balance.returned, balance.in_custody) == (
        report.accepted, report.delivered, report.returned, report.in_custody,
    )  # fmt: skip
    assert report.accepted + report.not_accepted + report.not_ready == sum(TOTALS.values())
    assert report.accepted == report.delivered + report.returned + report.in_custody
    held, done = year.over_years_end
    assert 0 < done == held
    assert year.seconds <= LIMIT


def _over_years_end(events: Path) -> tuple[int, int]:
    held: set[str] = set()
    done = 0
    with events.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            is_end, code = row["holder"] == "done", row["shipment"]
            if row["at"][:10] <= YEARS_END:
                (held.discard if is_end else held.add)(code)
            else:
                done += is_end and code in held
    return len(held), done
