"""The three cases keep their counts, are read without a word, and can be carried in time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from api.journeys.finding import Journey, Standing, find_journeys
from api.journeys.timetable import province_timetable
from api.network.model import Network, SiteKind
from api.network.reader import read_network
from api.plans.planning import prepare_day, solve_groups
from api.plans.roads import load_roads
from api.shipments.model import Shipment, ShipmentKind, ShipmentList
from api.shipments.reader import read_shipments
from api.simulation.run import frozen
from geo.coordinates import haversine
from geo.units import load_communes
from routing.checker import check
from routing.stopping import StoppingCriterion
from tests.cases.common import CALENDAR, Case
from tests.cases.ha_nam import LAST, PROMISED, Fate, write_ha_nam
from tests.cases.hau_giang import FIRST, LAST_OF_DISTRICTS, write_hau_giang
from tests.cases.thach_ha import write_thach_ha
from tests.effort import spread

OCTOBER = date(2025, 10, 1), date(2025, 10, 31)
BEFORE_TET = date(2026, 2, 9)
WEEK = date(2025, 10, 13), date(2025, 10, 17)


class Read(NamedTuple):
    """A case as the readers take it."""

    case: Case
    network: Network
    shipments: tuple[Shipment, ...]


def read(case: Case) -> Read:
    network = read_network(case.network)
    rows = read_shipments(case.shipments, network, on=case.first)
    assert (network.warnings, rows.warnings) == ((), ())
    return Read(case, network, rows.shipments)


@pytest.fixture(scope="module")
def thach_ha(tmp_path_factory: pytest.TempPathFactory) -> Read:
    return read(write_thach_ha(tmp_path_factory.mktemp("thach-ha")))


@pytest.fixture(scope="module")
def ha_nam(tmp_path_factory: pytest.TempPathFactory) -> Read:
    return read(write_ha_nam(tmp_path_factory.mktemp("ha-nam")))


@pytest.fixture(scope="module")
def october(tmp_path_factory: pytest.TempPathFactory) -> Read:
    first, last = OCTOBER
    return read(write_hau_giang(tmp_path_factory.mktemp("october"), first=first, last=last))


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Read:
    return read(write_hau_giang(tmp_path_factory.mktemp("year")))


def kinds(rows: Iterable[Shipment]) -> dict[str, int]:
    return dict(Counter(row.kind.value for row in rows))


def journeys(network: Network, rows: Iterable[Shipment]) -> list[Journey]:
    """The way of each shipment, asked for in the week in which it becomes ready; a long Tết lies within 28 days."""
    weeks: dict[date, list[Shipment]] = {}
    for row in rows:
        weeks.setdefault(week_of(row), []).append(row)
    return [
        journey
        for monday, ready in weeks.items()
        for journey in find_journeys(network.on(monday), ready, province_timetable(network, monday, 28))
    ]


def week_of(row: Shipment) -> date:
    """Its Monday."""
    ready = row.ready_at.date()
    return ready - timedelta(days=ready.weekday())


def of_some_weeks(rows: Sequence[Shipment]) -> list[Shipment]:
    """Every fourth week and the one before Tết; all in a soak. A week's timetable takes longer than its shipments."""
    weeks = {*spread(sorted({week_of(row) for row in rows}), 13), BEFORE_TET}
    return [row for row in rows if week_of(row) in weeks]


def standings(found: Iterable[Journey]) -> set[Standing]:
    return {journey.standing for journey in found}


@pytest.mark.slow
@pytest.mark.parametrize(
    "write",
    [
        write_thach_ha,
        write_ha_nam,
        lambda folder, seed: write_hau_giang(folder, first=WEEK[0], last=WEEK[1], seed=seed),
    ],
)
def test_same_seed_gives_the_same_bytes_and_another_does_not(write: Callable[..., Case], tmp_path: Path) -> None:
    def written(name: str, seed: int) -> dict[str, bytes]:
        write(tmp_path / name, seed=seed)
        files = sorted(file for file in (tmp_path / name).rglob("*") if file.is_file())
        return {str(file.relative_to(tmp_path / name)): file.read_bytes() for file in files}

    once, again, other = written("a", 0), written("b", 0), written("c", 1)
    assert once == again
    assert {name for name in once if once[name] != other[name]} == {name for name in once if "/" not in name}


def test_thach_ha_has_31_communes_and_98_dossiers_each_way(thach_ha: Read) -> None:
    network = thach_ha.network.on(thach_ha.case.first)
    desks = [site for site in network.sites if site.kind is SiteKind.ONE_STOP and site.site_id != "MC-TH"]
    assert len(desks) == 31
    assert {network.base_of_site(desk.site_id) for desk in desks} == {"BC-TH"}
    assert len({desk.commune_code for desk in desks}) == 22
    assert len({(desk.lon, desk.lat) for desk in desks}) == 31
    assert kinds(thach_ha.shipments) == {"intake": 98, "result": 98}
    # 536 : 86 : 25 of 98, by largest remainder: 81.19, 13.03, 3.79
    levels = Counter((row.kind.value, row.procedure_code) for row in thach_ha.shipments)
    for kind in ("intake", "result"):
        found = [levels[kind, f"TH.{level}"] for level in ("province", "district", "commune")]
        assert found == [81, 13, 4]


def test_thach_ha_goes_by_the_line_to_the_province_and_nothing_is_late(thach_ha: Read) -> None:
    assert len(thach_ha.network.on(thach_ha.case.first).lines) == 4  # two each way
    found = journeys(thach_ha.network, thach_ha.shipments)
    assert standings(found) <= {Standing.EARLY, Standing.ON_THE_DAY}
    assert {len(journey.legs) for journey in found if journey.shipment.procedure_code == "TH.province"} <= {2, 3}


@pytest.mark.slow
def test_ha_nam_has_814_dossiers_at_six_agencies_for_one_courier(ha_nam: Read) -> None:
    network = ha_nam.network.on(ha_nam.case.first)
    assert [courier.reserve for courier in network.couriers] == [False, True]
    assert kinds(ha_nam.shipments) == {"intake": 814, "result": 814}
    assert len({row.dest_site for row in ha_nam.shipments if row.kind is ShipmentKind.INTAKE}) == 6
    (base,) = network.bases
    door = network.site(base)
    for row in ha_nam.shipments:
        citizen = row.citizen
        assert citizen is not None
        assert haversine(citizen.lon, citizen.lat, door.lon, door.lat) < 8_000
        assert citizen.commune_code in {area.commune_code for area in network.areas}


def test_ha_nam_settles_717_early_55_on_the_day_10_late_and_leaves_32_open(ha_nam: Read) -> None:
    results = {row.code[:-2]: row for row in ha_nam.shipments if row.kind is ShipmentKind.RESULT}
    fates: Counter[Fate] = Counter()
    for row in results.values():
        ready, appointment = row.ready_at.date(), row.appointment_on
        assert appointment is not None
        if ready > LAST:
            assert appointment > LAST
            fates[Fate.OPEN] += 1
        else:
            late = (ready - appointment).days
            fates[Fate.LATE if late > 0 else Fate.ON_THE_DAY if late == 0 else Fate.EARLY] += 1
    assert fates == {Fate.EARLY: 717, Fate.ON_THE_DAY: 55, Fate.LATE: 10, Fate.OPEN: 32}
    for row in ha_nam.shipments:
        if row.kind is ShipmentKind.INTAKE:
            result = results[row.code[:-2]]
            assert date(2023, 1, 1) <= row.ready_at.date() <= LAST
            assert (row.dest_site, row.procedure_code) == (result.origin_site, result.procedure_code)
            assert row.due_on == CALENDAR.add_working_days(row.ready_at.date(), PROMISED)
            assert result.ready_at.date() > row.due_on  # the agency has had it


@pytest.mark.slow
def test_ha_nam_is_in_time_on_paper_and_what_is_settled_is_handed_over_in_the_period(ha_nam: Read) -> None:
    found = journeys(ha_nam.network, ha_nam.shipments)
    assert standings(found) <= {Standing.EARLY, Standing.ON_THE_DAY}
    over = [
        journey
        for journey in found
        if journey.shipment.kind is ShipmentKind.RESULT
        and journey.arrives is not None
        and journey.arrives.date() <= LAST
    ]
    assert len(over) == 782
    assert max(Counter(row.ready_at.date() for row in ha_nam.shipments).values()) < 30  # one courier's work


@pytest.mark.slow
def test_hau_giang_has_the_totals_of_the_year_and_a_month_is_its_part(tmp_path: Path, year: Read) -> None:
    assert kinds(year.shipments) == {"result": 29_310, "intake": 11_045}
    days = Counter(row.ready_at.date() for row in year.shipments)
    assert all(map(CALENDAR.is_working, days))
    assert len(days) == 250  # 161.4 a working day
    tet = date(2026, 2, 17)
    around = [days[CALENDAR.add_working_days(tet, count)] for count in (-1, 1)]
    assert max(around) < 120 < 162 < days[date(2025, 10, 6)]  # a Monday

    month = write_hau_giang(tmp_path, first=OCTOBER[0], last=OCTOBER[1])
    whole = year.case.shipments.read_bytes().splitlines()
    part = month.shipments.read_bytes().splitlines()
    assert part == [whole[0], *(line for line in whole if line.startswith(b"HG-2510"))]


@pytest.mark.parametrize("span", [(FIRST - timedelta(days=1), FIRST), (FIRST + timedelta(days=1), FIRST)])
def test_hau_giang_has_no_rows_outside_its_year(tmp_path: Path, span: tuple[date, date]) -> None:
    with pytest.raises(ValueError, match="a span lies within 2025-09-01"):
        write_hau_giang(tmp_path, first=span[0], last=span[1])


@pytest.mark.slow
def test_on_1_september_communes_take_over_from_districts(october: Read) -> None:
    before, after = october.network.on(LAST_OF_DISTRICTS), october.network.on(FIRST)
    communes = {area.commune_code for area in after.areas}
    assert {area.commune_code for area in before.areas} == communes
    assert len(communes) == 28
    assert communes <= load_communes(FIRST, "92").by_code.keys()
    assert (len(before.bases), len(after.bases)) == (8, 28)
    assert [after.base_of_commune(code) for code in sorted(communes)] == [f"BC-{code}" for code in sorted(communes)]
    for network in (before, after):
        assert Counter(courier.reserve for courier in network.couriers) == {False: 34, True: 3}
        assert {site.commune_code for site in network.sites} == communes
    assert {c.courier_id for c in before.couriers} == {c.courier_id for c in after.couriers}
    for row in october.shipments:
        for site in (row.origin_site, row.dest_site):
            assert site is None or before.site(site) == after.site(site)


@pytest.mark.parametrize("day", [LAST_OF_DISTRICTS, FIRST])
def test_every_base_of_hau_giang_has_a_line_twice_a_day_and_vans_are_back_in_time(october: Read, day: date) -> None:
    network = october.network.on(day)
    calls: Counter[str] = Counter()
    hub_noon, hub_leaves = [], []
    for line in {line.line_id for line in network.lines}:
        runs = sorted((run for run in network.lines if run.line_id == line), key=lambda run: run.stops[0].depart or 0)
        assert [run.run_id for run in runs] == ["S1", "S1V", "S2", "S2V"]
        for one, following in pairwise(runs):
            assert one.stops[-1].site_id == following.stops[0].site_id
            assert (one.stops[-1].arrive or 0) < (following.stops[0].cut_off or 0)
        calls.update(stop.site_id for run in runs for stop in run.stops)
        assert (runs[0].stops[-1].arrive or 0) < network.settings.waves[0].start
        for run, wave in ((runs[1], network.settings.waves[0]), (runs[3], network.settings.waves[1])):
            assert (run.stops[0].cut_off or 0) >= wave.end
        hub_noon.append(runs[1].stops[-1].arrive or 0)
        hub_leaves.append(runs[2].stops[0].cut_off or 0)
    assert {site: count for site, count in calls.items() if site != "TT-VT"} == dict.fromkeys(network.bases, 4)
    assert max(hub_noon) <= min(hub_leaves)


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("day", [None, LAST_OF_DISTRICTS])
def test_october_is_in_time_on_paper_with_both_networks(october: Read, day: date | None) -> None:
    network = october.network if day is None else frozen(october.network, day)
    rows = october.shipments
    if day is not None:
        rows = read_shipments(october.case.shipments, network, on=OCTOBER[0]).shipments
    assert standings(journeys(network, rows)) <= {Standing.EARLY, Standing.ON_THE_DAY}


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("day", [None, LAST_OF_DISTRICTS])
def test_the_year_is_in_time_on_paper_with_both_networks(year: Read, day: date | None) -> None:
    network = year.network if day is None else frozen(year.network, day)
    assert standings(journeys(network, of_some_weeks(year.shipments))) <= {Standing.EARLY, Standing.ON_THE_DAY}


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("as_of", [None, LAST_OF_DISTRICTS])
def test_the_crew_of_hau_giang_can_do_the_fullest_day(year: Read, as_of: date | None) -> None:
    require_fullest_day_done(year, year.network if as_of is None else frozen(year.network, as_of))


@pytest.mark.long
@pytest.mark.slow
def test_one_courier_can_do_the_fullest_day_of_ha_nam(ha_nam: Read) -> None:
    require_fullest_day_done(ha_nam, ha_nam.network)


@pytest.mark.long
@pytest.mark.slow
def test_the_crew_of_thach_ha_can_do_the_fullest_day(thach_ha: Read) -> None:
    require_fullest_day_done(thach_ha, thach_ha.network)


def require_fullest_day_done(read: Read, network: Network) -> None:
    """
    The reserve stays at home on the day after the two fullest days in a row, when nothing may wait.

    What became ready on the second is fetched, what did on the first is handed out.
    """
    counts = Counter(row.ready_at.date() for row in read.shipments)
    pairs = [(CALENDAR.add_working_days(second, -1), second) for second in counts]
    before, full = max(pairs, key=lambda pair: sum(counts[one] for one in pair))
    day = CALENDAR.add_working_days(full, 1)
    today = network.on(day)
    work = [row for row in read.shipments if row.ready_at.date() == full]
    work += [replace(row, at_site=_last_base(today, row)) for row in read.shipments if row.ready_at.date() == before]
    rows = ShipmentList(tuple(replace(row, due_on=day) for row in sorted(work, key=lambda row: row.code)), "")
    prepared = prepare_day(network, rows, load_roads(network, day), day)
    assert sum(len(group.works) for group in prepared.groups) > max(counts.values())
    with ThreadPoolExecutor(1) as executor:
        answers = solve_groups(prepared.groups, StoppingCriterion(iterations=500), 0, executor=executor)
    for group, answer in zip(prepared.groups, answers, strict=True):
        assert check(group.problem, answer.solution) == ()
        assert answer.solution.unassigned == (), group.name


def _last_base(network: Network, row: Shipment) -> str | None:
    if row.dest_site is None:
        return network.base_of_commune(row.dest_commune)
    return network.base_of_site(row.dest_site)
