"""`duongthu lines plan`: timetables computed by hand on one straight road, and by oracles on larger provinces."""

from __future__ import annotations

import csv
import json
from datetime import date
from functools import cache
from itertools import pairwise, permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from api.commands.lines import ITERATIONS
from api.demo.provinces import DEFAULT_DAY, write_province
from api.errors import ExistsError, ExitCode, InputError, NotFoundError
from api.journeys.finding import Journey, Standing, find_journeys
from api.journeys.timetable import province_timetable
from api.lines.design import LinePlan, Wish, design_lines
from api.lines.places import choose_hub
from api.lines.prices import van_prices
from api.lines.runs import day_runs, usual_times
from api.network.model import Line, Network
from api.network.reader import read_network
from api.plans.roads import load_roads
from api.plans.travel import measure_travel
from api.shipments.reader import read_shipments
from geo.units import load_communes
from routing.checker import check
from routing.stopping import StoppingCriterion
from tests.api.network_files import Tables, write_folder
from tests.geo.samples import DEGREE, Extract

DAY = date(2026, 11, 20)
COMMUNES = sorted(load_communes(DAY).by_code)
PLACES = {"H": 0.0, "N1": 29_500.0, "N2": 59_400.0, "S1": -39_600.0}
"""Metres north of the hub, on a road of 60 km/h: 30 minutes to N1, 60 to N2, 40 to S1, rounded up."""
SPEEDS = "[speeds.van]\ntrunk = 60\n"
LONGEST = 300 * 60


def province(*bases: str) -> Tables:
    """A hub and some bases on the straight road, a courier each, no lines."""
    sites = ["H", *bases]
    return {
        "sites": [
            {
                "site_id": site, "name": f"Điểm {site}", "kind": "hub" if site == "H" else "post_office",
                "commune_code": COMMUNES[at], "lon": "105", "lat": f"{10 + PLACES[site] / DEGREE:.7f}",
            }
            for at, site in enumerate(sites)
        ],
        "areas": [{"commune_code": COMMUNES[sites.index(base)], "base_id": base} for base in bases],
        "couriers": [{"courier_id": f"C-{base}", "name": base, "base_id": base} for base in bases],
    }  # fmt: skip


def road(folder: Path) -> None:
    """The straight road, a node every place."""
    at = sorted(PLACES.values())
    nodes = {number: (0.0, 1000 * metres / DEGREE) for number, metres in enumerate(at, 1)}
    Extract(nodes).way(list(nodes), highway="trunk").write(folder, "roads.osm")


def write(folder: Path, tables: Tables, settings: str = "") -> Path:
    network = write_folder(folder / "tinh", tables, settings + SPEEDS)
    road(network)
    return network


def run(*arguments: str | Path) -> Result:
    words = ["lines", "plan", *map(str, arguments)]
    return CliRunner().invoke(app, words, env={"COLUMNS": "200"})


def planned(network: Path, *arguments: str | Path, day: date = DAY, code: int = 0) -> dict[str, Any]:
    result = run(network, "--date", day.isoformat(), "--json", *arguments)
    assert result.exit_code == code, result.output
    told = json.loads(result.stdout)
    assert isinstance(told, dict)
    return told


def stops(told: dict[str, Any]) -> list[list[tuple[str | None, ...]]]:
    return [[tuple(stop.values()) for stop in line["stops"]] for line in told["runs"]]


def test_timetable_is_the_one_computed_by_hand(tmp_path: Path) -> None:
    network, out = write(tmp_path, province("N1", "S1")), tmp_path / "lines.csv"
    told = planned(network, "--runs", "05:35", "--out", out)
    # S1 first would be at N1 at 05:35 + 40 + 5 + 70 = 07:30: no time to hand over before the wave of 07:30.
    assert stops(told) == [
        [
            ("H", None, "05:35", "05:20"),
            ("N1", "06:05", "06:10", "05:55"),
            ("S1", "07:20", "07:25", "07:10"),
            ("H", "08:05", None, None),
        ]
    ]
    assert told["distance"] == pytest.approx(2 * (29_500 + 39_600), rel=2e-4)
    assert (told["vans"], told["lines"], told["num_runs"], told["duration"]) == (1, 1, 1, 150 * 60)
    assert told["unserved"] == []
    assert told["today"] is None
    rows = list(csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines()))
    assert [list(row.values()) for row in rows] == [
        ["DT2-01", "S1", "2", "1", "H", "", "05:35", "05:20", "Mo-Sa", "van", "", ""],
        ["DT2-01", "S1", "2", "2", "N1", "06:05", "06:10", "05:55", "Mo-Sa", "van", "", ""],
        ["DT2-01", "S1", "2", "3", "S1", "07:20", "07:25", "07:10", "Mo-Sa", "van", "", ""],
        ["DT2-01", "S1", "2", "4", "H", "08:05", "", "", "Mo-Sa", "van", "", ""],
    ]


@pytest.mark.parametrize(("leaves", "vans"), [("05:40", 1), ("05:41", 2)])
def test_one_minute_decides_over_a_van(tmp_path: Path, leaves: str, vans: int) -> None:
    told = planned(write(tmp_path, province("N1", "S1")), "--runs", leaves)
    assert (told["vans"], told["unserved"]) == (vans, [])


def test_cost_is_vans_and_metres_and_hours_at_the_prices_stated(tmp_path: Path) -> None:
    tables = province("N1", "S1")
    told = planned(write(tmp_path / "a", tables), "--runs", "05:35")
    assert told["prices"] == {"fixed_dong": 0, "dong_per_km": 5_000, "dong_per_hour": 35_000, "couriers": 0}
    assert told["cost_dong"] == pytest.approx(138.2 * 5_000 + 2.5 * 35_000, rel=2e-4)
    for number, dong in enumerate((900, 7_000, 1_000)):
        van = {"vehicle": "van", "fixed_dong": 10 * dong, "dong_per_km": dong, "dong_per_hour": 2 * dong}
        tables["couriers"].append({"courier_id": f"V{number}", "name": "V", "base_id": "N1", **van})
    prices = van_prices(read_network(write(tmp_path / "b", tables)).on(DAY))
    assert (prices.fixed_dong, prices.dong_per_km, prices.dong_per_hour, prices.couriers) == (10_000, 1_000, 2_000, 3)


def test_usual_runs_bring_mail_before_the_first_wave_and_take_it_after_the_last(tmp_path: Path) -> None:
    tables = province("N1", "S1")
    tables["couriers"][1]["shift"] = "08:00-19:20"  # of S1: back later than its wave ends
    told = planned(write(tmp_path, tables))
    morning, evening = stops(told)
    assert (morning[0][2], evening[0][0], evening[-1][0]) == ("04:30", "H", "H")
    calls = {site: (arrive, depart, cut_off) for site, arrive, depart, cut_off in evening[1:-1]}
    assert str(calls["S1"][2]) >= "19:20"
    assert str(calls["N1"][2]) >= "17:30"
    leaves, back = (int(str(t)[:2]) * 60 + int(str(t)[3:]) for t in (evening[0][2], evening[-1][1]))
    assert back - leaves == 150  # no minute of waiting
    services = {service["site_id"]: service for service in told["services"]}
    assert services["S1"]["hand_in"] == calls["S1"][2]
    assert services["S1"]["arrives"] == {site: arrive for site, arrive, *_ in morning}["S1"]


@pytest.mark.parametrize(
    ("arguments", "sites", "constraint", "minutes", "words"),
    [
        (("--runs", "06:30"), "N2", "time_windows", 5, "thư tới muộn 5 phút"),
        (("--runs", "05:00", "--longest", "118"), "N2", "max_duration", 7, "chuyến dài quá 7 phút"),
        # There and back is 125 minutes, to 06:35; the next run leaves 15 minutes (reload_minutes) after 06:30.
        (("--runs", "04:30", "--runs", "06:45"), "N2", "shift", 5, "về trung tâm muộn 5 phút so với chuyến sau"),
    ],
)
def test_base_too_far_is_named_with_the_minutes_and_the_others_are_served(
    tmp_path: Path, arguments: tuple[str, ...], sites: str, constraint: str, minutes: int, words: str
) -> None:
    network, out = write(tmp_path, province("N1", "N2")), tmp_path / "lines.csv"
    told = planned(network, *arguments, "--out", out, code=ExitCode.INFEASIBLE)
    missed = [row for row in told["unserved"] if row["run_id"] == "S1"]
    assert [row["site_id"] for row in missed] == [sites]
    assert missed[0]["reasons"][0] == {"constraint": constraint, "amount": 60 * minutes}
    rows = list(csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines()))
    assert [row["site_id"] for row in rows if row["run_id"] == "S1"] == ["H", "N1", "H"]
    said = run(network, "--date", DAY.isoformat(), *arguments).stdout
    assert f"KHÔNG PHỤC VỤ ĐƯỢC: {sites} (Điểm {sites}), chuyến S1" in said
    assert words in said


def test_base_behind_a_ferry_that_does_not_run_yet_is_named(tmp_path: Path) -> None:
    network = write_folder(tmp_path / "tinh", province("N1", "S1"), SPEEDS)
    nodes = {number: (0.0, 1000 * metres / DEGREE) for number, metres in enumerate((-39_600, -1000, 0, 29_500), 1)}
    ferry = {"route": "ferry", "motorcar": "yes", "duration": "00:10", "opening_hours": "05:00-24:00"}
    extract = Extract(nodes).way((1, 2), highway="trunk").way((2, 3), **ferry).way((3, 4), highway="trunk")
    extract.write(network, "roads.osm")
    told = planned(network, "--runs", "04:59", code=ExitCode.INFEASIBLE)
    assert [(row["site_id"], row["reasons"][0]["constraint"]) for row in told["unserved"]] == [("S1", "reachability")]
    assert planned(network, "--runs", "05:00")["unserved"] == []


def test_pause_shorter_than_a_call_is_named(tmp_path: Path) -> None:
    # Hand-in is over 15 minutes before the van leaves, which must be gone when the next wave begins.
    waves = "".join(
        f'[[waves]]\nname = "{start}"\nstart = "{start}"\nend = "{end}"\n'
        for start, end in (("07:30", "11:30"), ("11:43", "17:30"))
    )
    told = planned(write(tmp_path, province("N1"), waves), "--runs", "10:00", code=ExitCode.INFEASIBLE)
    assert told["unserved"] == [{"site_id": "N1", "run_id": "S1", "reasons": [{"constraint": "pause", "amount": 120}]}]
    assert (told["vans"], told["runs"]) == (0, [])


def test_noon_run_calls_between_the_waves(tmp_path: Path) -> None:
    (line,) = stops(planned(write(tmp_path, province("N1", "S1")), "--runs", "09:00"))
    (_, first, left, _), (_, second, gone, _) = line[1:3]
    assert (first, left, second, gone) == ("11:40", "11:45", "12:55", "13:00")  # 15 after 11:30; over before 13:30


def test_fewer_vans_than_needed_leave_a_base_and_say_so(tmp_path: Path) -> None:
    told = planned(write(tmp_path, province("N1", "S1")), "--runs", "05:41", "--vans", "1", code=ExitCode.INFEASIBLE)
    (missed,) = told["unserved"]
    reasons = {reason["constraint"]: reason["amount"] for reason in missed["reasons"]}
    assert set(reasons) == {"time_windows", "fleet"}
    assert reasons["time_windows"] == (60 if missed["site_id"] == "S1" else 660)


def test_rows_are_in_force_as_long_as_all_their_sites(tmp_path: Path) -> None:
    tables, out = province("N1", "S1"), tmp_path / "lines.csv"
    tables["sites"][1] |= {"valid_from": "2026-03-01"}
    tables["sites"][2] |= {"valid_from": "2026-02-01", "valid_to": "2026-12-31"}
    for number in (0, 1):
        dates = {name: tables["sites"][number + 1].get(name, "") for name in ("valid_from", "valid_to")}
        tables["couriers"][number] |= dates
        tables["areas"][number] |= dates
    network = write(tmp_path, tables)
    planned(network, "--out", out)
    rows = list(csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines()))
    assert {(row["valid_from"], row["valid_to"]) for row in rows} == {("2026-03-01", "2026-12-31")}
    (network / "lines.csv").write_bytes(out.read_bytes())
    read = read_network(network)
    assert [len(read.on(day).lines) for day in (date(2026, 2, 2), DAY, date(2027, 1, 4))] == [0, 2, 0]


def test_lines_that_are_there_are_compared_and_others_are_told_of(tmp_path: Path) -> None:
    tables = province("N1", "S1")
    run_of = {"level": "2", "days": "Mo-Fr"}
    tables["lines"] = [
        {**run_of, "line_id": "A", "run_id": "1", "stop_no": "1", "site_id": "H", "depart": "05:00"},
        {**run_of, "line_id": "A", "run_id": "1", "stop_no": "2", "site_id": "N1", "arrive": "05:40"},
        {**run_of, "line_id": "A", "run_id": "2", "stop_no": "1", "site_id": "N1", "depart": "05:30",
         "cut_off": "05:20"},
        {**run_of, "line_id": "A", "run_id": "2", "stop_no": "2", "site_id": "H", "arrive": "06:10"},
        {**run_of, "line_id": "B", "run_id": "1", "stop_no": "1", "site_id": "S1", "depart": "18:00", "days": "Su"},
        {**run_of, "line_id": "B", "run_id": "1", "stop_no": "2", "site_id": "H", "arrive": "19:00", "days": "Su"},
        {"line_id": "C", "run_id": "1", "level": "1", "stop_no": "1", "site_id": "H", "depart": "20:00"},
    ]  # fmt: skip
    network, out = write(tmp_path, tables), tmp_path / "lines.csv"
    today = planned(network, "--runs", "05:35")["today"]
    assert {name: today[name] for name in ("lines", "num_runs", "vans", "duration")} == {
        "lines": 1, "num_runs": 2, "vans": 2, "duration": 80 * 60,
    }  # fmt: skip
    assert today["distance"] == pytest.approx(2 * 29_500, rel=2e-4)
    assert today["services"] == [
        {"site_id": "N1", "arrives": "05:40", "hand_in": "05:20"},
        {"site_id": "S1", "arrives": None, "hand_in": None},
    ]
    said = run(network, "--date", DAY.isoformat(), "--runs", "05:35", "--out", out, "--lang", "en")
    for text in ("Planned", "Today", "DT2-01/S1", "N1 06:05 · S1 07:20", "138.2", "59.0", "05:20", "defaults",
                 "1 rows of another level"):  # fmt: skip
        assert text in said.stdout
    assert "SYNTHETIC" not in said.stdout
    assert {row["line_id"] for row in csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines())} == {"DT2-01"}


def test_any_site_may_be_the_hub_when_it_is_named(tmp_path: Path) -> None:
    told = planned(write(tmp_path, province("N1", "S1")), "--hub", "S1", "--runs", "04:30")
    assert (told["hub"], told["bases"]) == ("S1", ["N1"])


def test_what_cannot_be_used_is_named(tmp_path: Path) -> None:
    network = write(tmp_path, province("N1"))
    two, none, alone, wild = province("N1", "S1"), province("N1"), province("N1"), province("N1")
    two["sites"][1]["kind"] = "hub"
    none["sites"][0]["kind"] = "agency"
    alone["sites"][1]["kind"] = "hub"
    wild["sites"][1]["lon"] = "105.5"
    dated = "--date", DAY.isoformat()
    for folder, arguments, kind, words in (
        (write(tmp_path / "two", two), (), InputError, "sites.csv, dòng 3, cột kind: tỉnh có nhiều trung tâm"),
        (write(tmp_path / "none", none), (), NotFoundError, "loại hub"),
        (write(tmp_path / "alone", alone), ("--hub", "N1"), NotFoundError, "Ngoài N1 không có bưu cục phát"),
        (write(tmp_path / "wild", wild), (), InputError, "sites.csv, dòng 3, cột lon"),
        (write(tmp_path / "waves", province("N1"), "waves = []\n"), (), InputError, "settings.toml, cột waves"),
        (network, ("--hub", "N2"), NotFoundError, "Không có điểm N2"),
        (network, ("--hub", "n1"), NotFoundError, "có phải là N1?"),
        (network, ("--out", tmp_path), ExistsError, "đầu vào hoặc thư mục"),
        (network, ("--out", network / "sites.csv"), ExistsError, "đầu vào hoặc thư mục"),
        (network, ("--out", tmp_path / "no" / "lines.csv"), NotFoundError, "Không có thư mục"),
    ):
        error = run(folder, *dated, *arguments).exception
        assert isinstance(error, kind), (folder, arguments, error)
        assert words in error.render("vi")
    for wrong in (("25:00",), ("24:00",), ("soon",), ("04:30", "04:45"), ("04:30", "04:30")):
        result = run(network, *dated, *(word for text in wrong for word in ("--runs", text)))
        assert result.exit_code == ExitCode.BAD_INPUT, wrong
        assert "--runs" in result.output


def least(bases: frozenset[int], cheapest: dict[frozenset[int], int]) -> tuple[int, int]:
    """Fewest vans, then the least cost, by every way to share bases out among vans."""

    @cache
    def of(left: frozenset[int]) -> tuple[int, int]:
        if not left:
            return 0, 0
        first = min(left)
        parts = (part for part in cheapest if first in part and part <= left)
        return min((1 + vans, cost + cheapest[part]) for part in parts for vans, cost in [of(left - part)])

    return of(bases)


def cheapest_loops(minutes: Any, metres: Any, leaves: int) -> dict[frozenset[int], int]:
    """For each set of bases that a van can call at by 07:25: the least of 7 đồng a metre and 2,000 a minute."""
    bases = range(1, len(minutes))
    found: dict[frozenset[int], int] = {}
    for order in (order for size in bases for order in permutations(bases, size)):
        legs = list(pairwise((0, *order, 0)))
        drives = [int(minutes[leg]) for leg in legs]
        lasts = sum(drives) + 5 * len(order)
        if leaves + lasts - drives[-1] - 5 <= 7 * 60 + 25 and lasts <= LONGEST // 60:
            cost = 7 * sum(int(metres[leg]) for leg in legs) + 2_000 * lasts
            found[frozenset(order)] = min(cost, found.get(frozenset(order), cost))
    return found


@pytest.mark.parametrize("seed", range(4))
def test_fewest_vans_then_least_cost_of_all_loops_there_are(tmp_path: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    tables = province("N1", "N2", "S1")
    for number in (4, 5):
        tables["sites"].append({**tables["sites"][1], "site_id": f"B{number}", "commune_code": COMMUNES[number]})
        tables["areas"].append({"commune_code": COMMUNES[number], "base_id": f"B{number}"})
        tables["couriers"].append({"courier_id": f"C-{number}", "name": "C", "base_id": f"B{number}"})
    tables["couriers"][0] |= {"vehicle": "van", "dong_per_km": "7000", "dong_per_hour": "120000"}
    for site in tables["sites"]:
        east, north = rng.uniform(-0.25, 0.25, 2)
        site |= {"lon": f"{105.3 + east:.5f}", "lat": f"{10.4 + north:.5f}"}
    network = read_network(write_folder(tmp_path / "tinh", tables)).on(DAY)
    roads, hub, leaves, prices = load_roads(network, DAY), choose_hub(network, None), 5 * 60, van_prices(network)
    wish = Wish(day_runs(network, [60 * leaves]), None, LONGEST, prices)
    plan = design_lines(network, hub, roads, DAY, wish, StoppingCriterion(iterations=ITERATIONS), seed)
    travel = measure_travel(roads, ("van",), [(site.lon, site.lat) for site in (hub, *plan.bases)])
    cheapest = cheapest_loops(-(-travel.durations[0] // 60), travel.distances[0], leaves)
    alone = {base for number, base in enumerate(plan.bases, 1) if frozenset([number]) in cheapest}
    assert len(alone) >= 3
    assert {unserved.base for unserved in plan.unserved} == set(plan.bases) - alone
    served = frozenset(number for number, base in enumerate(plan.bases, 1) if base in alone)
    driven = sum((line.stops[-1].arrive or 0) - (line.stops[0].depart or 0) for line in plan.lines)
    assert (len(plan.lines), 7 * sum(plan.distances) + 2_000 * driven // 60) == least(served, cheapest)


@pytest.fixture(name="an_giang", scope="module")
def _an_giang(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return write_province("an-giang", tmp_path_factory.mktemp("an-giang"), day=DEFAULT_DAY)


@pytest.fixture(name="network", scope="module")
def _network(an_giang: tuple[Path, Path]) -> Network:
    return read_network(an_giang[0]).on(DEFAULT_DAY)


@pytest.fixture(name="plan", scope="module")
def _plan(network: Network) -> LinePlan:
    wish = Wish(day_runs(network, usual_times(network.settings)), None, LONGEST, van_prices(network))
    roads, hub = load_roads(network, DEFAULT_DAY), choose_hub(network, None)
    return design_lines(network, hub, roads, DEFAULT_DAY, wish, StoppingCriterion(iterations=ITERATIONS), 0)


def van_minutes(network: Network, plan: LinePlan) -> tuple[list[str], Any]:
    """Sites and the matrix between them, measured anew."""
    sites = [plan.hub, *plan.bases]
    travel = measure_travel(load_roads(network), ("van",), [(site.lon, site.lat) for site in sites])
    return [site.site_id for site in sites], -(-travel.durations[0] // 60)


@pytest.mark.slow
def test_every_time_of_the_sample_province_follows_from_its_matrix(network: Network, plan: LinePlan) -> None:
    sites, minutes = van_minutes(network, plan)
    for line in plan.lines:
        for before, after in pairwise(line.stops):
            assert before.depart is not None
            assert after.arrive == before.depart + 60 * minutes[sites.index(before.site_id), sites.index(after.site_id)]
        for call in line.stops[1:-1]:
            assert call.arrive is not None
            assert call.depart == call.arrive + 5 * 60
            assert call.cut_off == call.depart - 15 * 60
            if line.run_id == "S1":
                assert call.depart <= 7 * 3600 + 1800
            else:
                assert call.cut_off >= 17 * 3600 + 1800
        leaves, back = line.stops[0].depart, line.stops[-1].arrive
        assert leaves is not None
        assert back is not None
        assert leaves >= {"S1": 16_200, "S2": 59_400}[line.run_id]
        assert back - leaves <= LONGEST


def test_every_base_of_the_sample_is_served_both_ways_by_each_run_and_it_is_proved(
    network: Network, plan: LinePlan
) -> None:
    assert plan.unserved == ()
    for designed in plan.runs:
        assert check(designed.problem, designed.solution) == ()
        of_run = [line for line in plan.lines if line.run_id == designed.run.run_id]
        for line in of_run:
            assert (line.stops[0].site_id, line.stops[-1].site_id) == ("TT-LX", "TT-LX")
        assert sorted(stop.site_id for line in of_run for stop in line.stops[1:-1]) == sorted(network.bases)


def fewest_vans(minutes: Any, room: int) -> int:
    """Exact: the earliest end of each set of bases by its last one, then every way to cover all by sets."""
    bases = len(minutes) - 1
    full = 2**bases
    ends: list[dict[int, int]] = [{} for _ in range(full)]
    for base in range(bases):
        ends[1 << base][base] = int(minutes[0, base + 1])
    for mask in range(1, full):
        for at, since in ends[mask].items():
            for base in range(bases):
                bit = 1 << base
                arrives = since + 5 + int(minutes[at + 1, base + 1])
                if not mask & bit and arrives <= room and arrives < ends[mask | bit].get(base, 10**6):
                    ends[mask | bit][base] = arrives
    driven = [
        any(since <= room and since + 5 + minutes[at + 1, 0] <= LONGEST // 60 for at, since in of.items())
        for of in ends
    ]
    vans = [0] + [bases + 1] * (full - 1)
    for mask in range(1, full):
        part = mask
        while part:
            if driven[part]:
                vans[mask] = min(vans[mask], 1 + vans[mask ^ part])
            part = (part - 1) & mask
    return vans[-1]


@pytest.mark.slow
def test_no_timetable_of_the_sample_needs_fewer_vans(network: Network, plan: LinePlan) -> None:
    _, minutes = van_minutes(network, plan)
    needed = {"S1": fewest_vans(minutes, 175), "S2": fewest_vans(minutes, 300)}  # 04:30 to 07:25; no last call
    assert {d.run.run_id: len(d.solution.routes) for d in plan.runs} == needed


@pytest.mark.slow
def test_command_writes_lines_that_the_network_takes_and_journeys_go_by(
    an_giang: tuple[Path, Path], tmp_path: Path, plan: LinePlan
) -> None:
    folder, out = tmp_path / "network", tmp_path / "lines.csv"
    told = planned(an_giang[0], "--out", out, day=DEFAULT_DAY)
    assert told["synthetic_roads"] is True
    assert told["vans"] < told["today"]["vans"]
    folder.mkdir()
    for file in an_giang[0].iterdir():
        (folder / file.name).write_bytes((out if file.name == "lines.csv" else file).read_bytes())
    network = read_network(folder)
    assert network.warnings == ()
    assert [summary(line) for line in network.lines] == [summary(line) for line in plan.lines]
    before, after = (journeys(read_network(path), an_giang[1]) for path in (an_giang[0], folder))
    assert len(after) > 100
    assert Standing.NO_WAY not in {journey.standing for journey in after}
    late = [{j.shipment.code for j in found if j.standing is Standing.LATE} for found in (before, after)]
    assert late[1] <= late[0]
    assert any("DT2-" in leg.carrier.name for journey in after for leg in journey.legs)


def journeys(network: Network, shipments: Path) -> list[Journey]:
    rows = read_shipments(shipments, network, on=DEFAULT_DAY).shipments
    return find_journeys(network.on(DEFAULT_DAY), rows, province_timetable(network, DEFAULT_DAY, 14))


def summary(line: Line) -> list[tuple[Any, ...]]:
    return [(line.line_id, line.run_id, stop.site_id, stop.arrive, stop.depart, stop.cut_off) for stop in line.stops]


@pytest.mark.slow
def test_the_same_inputs_give_the_same_file(an_giang: tuple[Path, Path], tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("a.csv", "b.csv")]
    for out in files:
        planned(an_giang[0], "--out", out, "--seed", "3", day=DEFAULT_DAY)
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.slow
def test_synthetic_roads_are_labelled(an_giang: tuple[Path, Path]) -> None:
    said = run(an_giang[0], "--date", DEFAULT_DAY.isoformat(), "--seconds", "1").stdout
    assert "MẠNG ĐƯỜNG TỔNG HỢP" in said
    assert "16 bưu tá đi xe van" in said
