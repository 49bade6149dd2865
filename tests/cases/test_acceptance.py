"""The three cases lived through: what the provinces told of, replayed day by day."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from api.network.settings import Reality
from api.simulation.report import RunReport, read_report
from api.simulation.run import frozen
from tests.api.simulated import Run, read, run
from tests.cases.ha_nam import write_ha_nam
from tests.cases.hau_giang import LAST_OF_DISTRICTS, write_hau_giang
from tests.cases.thach_ha import write_thach_ha
from tests.effort import size

pytestmark = [pytest.mark.long, pytest.mark.slow]

OCTOBER = date(2025, 10, 1), date(2025, 10, size("OCTOBER_DAYS", 7, 31))
DRAINED = OCTOBER[1] + timedelta(days=14)
"""Everything of October is handed over by then."""
WEEK_AFTER_MARCH = date(2023, 4, 7)
"""Of Hà Nam's half year, so much as the absences of March are felt."""
DISTRICTS, COMMUNES = LAST_OF_DISTRICTS, LAST_OF_DISTRICTS + timedelta(days=1)
"""Days whose networks are compared."""


# Thạch Hà: commune -> district -> province and back, on daily rounds and lines.


@pytest.fixture(scope="module")
def thach_ha(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("thach-ha")
    case = write_thach_ha(folder)
    network, shipments = read(case.network, case.shipments, case.first)
    return run(folder / "run", network, shipments, case.first, case.last + timedelta(days=9))


def test_thach_ha_papers_go_up_and_down_in_time(thach_ha: Run) -> None:
    rows = thach_ha.rows("shipments.csv")
    assert Counter(row["kind"] for row in rows) == {"intake": 98, "result": 98}
    assert {row["outcome"] for row in rows} == {"delivered"}
    assert {row["against_due"] for row in rows} <= {"early", "on_the_day"}
    kinds = Counter(tuple(leg.split()[0] for leg in row["legs"].split("; ")) for row in rows)
    assert kinds["collect", "line", "deliver"] > 100
    assert thach_ha.balance.in_custody == 0


def test_thach_ha_rounds_keep_their_shift(thach_ha: Run) -> None:
    rounds = thach_ha.rows("rounds.csv")
    assert {row["overtime"] for row in rounds} == {"0"}
    assert max(int(row["seconds"]) for row in rounds) < 10.5 * 3600
    assert len({row["day"] for row in rounds}) >= 5


def test_thach_ha_items_after_a_cut_off_take_the_next_run(thach_ha: Run) -> None:
    """Of the runs that carry an item from where it lies, the first whose cut-off it meets takes it."""
    cut_offs = _cut_offs(thach_ha)
    waited_overnight = 0
    for code, events in _events(thach_ha).items():
        for before, after in pairwise(events):
            if after["type"] != "DEPART":
                continue
            site, line = before["name"], after["name"].split("/")[0]
            came, left = (datetime.fromisoformat(row["at"]) for row in (before, after))
            assert left == _next(cut_offs[site, line], came), (code, came, left)
            waited_overnight += left.date() > came.date()
    assert waited_overnight > 20


def _events(found: Run) -> dict[str, list[dict[str, str]]]:
    events: dict[str, list[dict[str, str]]] = {}
    for row in found.rows("events.csv"):
        events.setdefault(row["shipment"], []).append(row)
    return events


def _cut_offs(found: Run) -> dict[tuple[str, str], list[int]]:
    """Seconds after midnight, by site and line, of the stops that somebody can leave from."""
    cut_offs: dict[tuple[str, str], list[int]] = {}
    for line in found.simulation.province.network.lines:
        for stop in line.stops[:-1]:
            at = stop.depart if stop.cut_off is None else stop.cut_off
            assert at is not None
            cut_offs.setdefault((stop.site_id, line.line_id), []).append(at)
    return cut_offs


def _next(cut_offs: list[int], moment: datetime) -> datetime:
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    options = [midnight + timedelta(days=day, seconds=at) for day in range(4) for at in cut_offs]
    return min(option for option in options if option >= moment and option.weekday() < 6)


# Hà Nam: six agencies, one courier, one in reserve.


@pytest.fixture(scope="module")
def ha_nam(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return _ha_nam(tmp_path_factory.mktemp("ha-nam"))


def _ha_nam(
    folder: Path, *, away: tuple[str, ...] = (), reality: Reality | None = None, last: date | None = None
) -> Run:
    case = write_ha_nam(folder)
    network, shipments = read(case.network, case.shipments, case.first)
    options = {} if reality is None else {"reality": reality}
    return run(folder / "run", network, shipments, case.first, last or case.last, away=away, **options)  # type: ignore[arg-type]


def test_ha_nam_log_tells_early_on_the_day_late_and_open(ha_nam: Run) -> None:
    report = read_report(ha_nam.folder)
    assert report.against_appointment == {"early": 717, "on_the_day": 55, "late": 10, "open": 32}
    assert report.by_kind == {"intake": 814, "result": 814}
    assert report.blamed == {("agency", "", ""): 10}  # the post was in time
    assert report.delivered + report.in_custody == report.accepted == 814 + 782
    assert ha_nam.balance.instants > 4000


def test_ha_nam_reserve_keeps_the_windows_while_the_courier_is_away(tmp_path: Path) -> None:
    found = _ha_nam(tmp_path, away=("PL-1@2023-03-01..2023-03-31",))
    march = [row for row in found.rows("rounds.csv") if row["day"].startswith("2023-03")]
    assert {(row["courier_id"], row["reserve"]) for row in march} == {("PL-2", "yes")}
    assert {row["not_done"] for row in march} == {"0"}
    assert read_report(found.folder).blamed == {("agency", "", ""): 10}


def test_ha_nam_without_anybody_what_fails_is_listed_with_leg_and_place(tmp_path: Path) -> None:
    away = "PL-1@2023-03-06..2023-03-10", "PL-2@2023-03-06..2023-03-10"
    found = _ha_nam(tmp_path, away=away, last=WEEK_AFTER_MARCH)
    late = [row for row in (*found.rows("shipments.csv"), *found.rows("open.csv")) if row["blame"] == "post"]
    assert len(late) > 10
    assert {(row["blame_where"], row["blame_why"]) for row in late} == {("BC-PL", "no_courier")}
    assert {row["blame_leg"] for row in late} == {"collect", "deliver"}


def test_ha_nam_with_chance_every_late_one_has_somebody_to_blame(tmp_path: Path) -> None:
    found = _ha_nam(tmp_path, reality=Reality())
    late = [row for row in found.rows("shipments.csv") if row["against_due"] == "late"]
    assert len(late) > 10
    assert {row["blame"] for row in late} == {"post", "citizen"}
    assert all(row["blame_leg"] and row["blame_where"] and row["blame_why"] for row in late if row["blame"] == "post")
    report = read_report(found.folder)
    assert report.accepted == report.delivered + report.returned + report.in_custody == found.balance.accepted


# Hậu Giang: a month of all bases, before and after the commune offices took over.


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[date, bool], Run]:
    """By the day whose network is kept, and whether papers may wait for company."""
    folder = tmp_path_factory.mktemp("hau-giang")
    case = write_hau_giang(folder, first=OCTOBER[0], last=OCTOBER[1])
    found = {}
    for day in (DISTRICTS, COMMUNES):
        network, shipments = read(case.network, case.shipments, OCTOBER[0])
        for batching in (True, False):
            found[day, batching] = run(
                folder / f"{day}-{batching}", frozen(network, day), shipments, OCTOBER[0], DRAINED, iterations=200,
                roads_of=network, batching=batching,
            )  # fmt: skip
    return found


def _reports(months: dict[tuple[date, bool], Run], day: date) -> tuple[RunReport, RunReport]:
    return read_report(months[day, True].folder), read_report(months[day, False].folder)


@pytest.mark.parametrize("day", [DISTRICTS, COMMUNES])
def test_hau_giang_month_goes_with_a_tenth_fewer_km_and_no_due_date_lost(
    months: dict[tuple[date, bool], Run], day: date
) -> None:
    waiting, at_once = _reports(months, day)
    assert waiting.late == at_once.late == 0
    assert waiting.delivered == at_once.delivered == waiting.accepted == sum(waiting.by_kind.values())
    assert waiting.metres <= 0.9 * at_once.metres
    assert waiting.dong < at_once.dong


@pytest.mark.parametrize("day", [DISTRICTS, COMMUNES])
def test_hau_giang_month_balances_at_every_instant(months: dict[tuple[date, bool], Run], day: date) -> None:
    found = months[day, True]
    balance = found.balance
    assert balance.accepted == balance.delivered == len(found.rows("shipments.csv"))
    assert balance.instants > 4 * balance.accepted


def test_hau_giang_commune_offices_shorten_the_rounds_and_need_more_of_them(
    months: dict[tuple[date, bool], Run],
) -> None:
    before, after = read_report(months[DISTRICTS, True].folder), read_report(months[COMMUNES, True].folder)
    assert before.accepted == after.accepted
    assert after.metres < before.metres
    assert after.rounds > before.rounds
