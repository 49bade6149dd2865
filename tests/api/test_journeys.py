"""Whole ways over rounds and lines, computed by hand on the small province; and Thạch Hà."""

from __future__ import annotations

import csv
import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from api.errors import ExistsError, NotFoundError
from api.journeys.delays import retimed
from api.journeys.finding import Journey, Standing, find_journeys
from api.journeys.timetable import Door, LegKind, province_timetable
from api.network.reader import read_network
from api.shipments.reader import read_shipments
from geo.units import load_communes
from tests.api.network_files import Tables, small_network, small_shipments, write_folder, write_shipments

FRIDAY = date(2026, 11, 20)  # the Saturday after it is worked, by the calendar sheet


def with_lines_back() -> Tables:
    """The small province with a line from B2 back to B1 in the evening."""
    tables = small_network()
    tables["lines"] += [
        {"line_id": "L", "run_id": "2", "stop_no": "1", "site_id": "B2", "depart": "17:45", "cut_off": "17:40"},
        {"line_id": "L", "run_id": "2", "stop_no": "2", "site_id": "B1", "arrive": "18:30"},
    ]
    return tables


def find(folder: Path, tables: Tables, shipments: list[dict[str, Any]], first: date = FRIDAY) -> dict[str, Journey]:
    network = read_network(write_folder(folder / "tinh", tables))
    rows = read_shipments(write_shipments(folder / "s.csv", shipments), network, on=first)
    found = find_journeys(network.on(first), rows.shipments, province_timetable(network, first, 14))
    return {journey.shipment.code: journey for journey in found}


def moments(journey: Journey) -> list[tuple[LegKind, str, str, str]]:
    return [
        (leg.carrier.kind, f"{leg.cut_off:%d %H:%M}", f"{leg.arrives:%d %H:%M}", f"{leg.latest:%d %H:%M}")
        for leg in journey.legs
    ]


def test_dossier_goes_by_round_line_and_round_and_each_leg_may_wait_as_long_as_it_says(tmp_path: Path) -> None:
    journey = find(tmp_path, with_lines_back(), small_shipments())["A-2"]  # due on Friday 27
    assert moments(journey) == [
        (LegKind.COLLECT, "20 07:30", "20 11:30", "26 13:30"),
        (LegKind.LINE, "20 17:40", "20 18:30", "26 17:40"),
        (LegKind.DELIVER, "23 07:30", "23 11:30", "27 13:30"),  # the agency is closed on Saturday, worked or not
    ]
    assert (journey.standing, journey.must_go) == (Standing.EARLY, False)
    assert [leg.origin for leg in journey.legs][1:] == [Door("B2", "30316"), Door("B1", "30307")]


@pytest.mark.parametrize(
    ("ready", "due", "standing", "must_go", "first"),
    [
        ("2026-11-20T07:00:00+07:00", "2026-11-23", Standing.ON_THE_DAY, False, "20 07:30"),
        ("2026-11-21T13:30:00+07:00", "2026-11-23", Standing.ON_THE_DAY, False, "21 13:30"),
        ("2026-11-21T13:30:01+07:00", "2026-11-23", Standing.LATE, False, "23 07:30"),
        ("2026-11-20T07:00:00+07:00", "2026-11-20", Standing.LATE, True, "20 07:30"),
    ],
)
def test_what_misses_a_cut_off_takes_the_next_one(
    tmp_path: Path, ready: str, due: str, standing: Standing, must_go: bool, first: str
) -> None:
    rows = [{**small_shipments()[1], "ready_at": ready, "due_on": due}]
    journey = find(tmp_path, with_lines_back(), rows)["A-2"]
    assert (journey.standing, journey.must_go) == (standing, must_go)
    assert moments(journey)[0][1] == first


def test_what_cannot_wait_until_tomorrow_must_go(tmp_path: Path) -> None:
    rows = [{**small_shipments()[1], "ready_at": "2026-11-20T07:00:00+07:00", "due_on": "2026-11-23"}]
    saturday = date(2026, 11, 21)
    assert not find(tmp_path, with_lines_back(), rows)["A-2"].must_go
    assert find(tmp_path, with_lines_back(), rows, saturday)["A-2"].must_go


def test_without_a_line_there_is_no_way_and_what_has_arrived_is_there(tmp_path: Path) -> None:
    rows = small_shipments()
    rows.append({**rows[2], "code": "A-4", "at_site": "B2"})
    found = find(tmp_path, small_network(), rows)
    assert found["A-2"].standing is Standing.NO_WAY
    assert found["A-2"].legs == ()
    assert found["A-4"].standing is Standing.THERE


def test_morning_line_that_has_left_is_taken_on_the_next_day(tmp_path: Path) -> None:
    journey = find(tmp_path, small_network(), small_shipments())["A-3"]  # ready at 08:00 by the clock of Hà Nội
    assert moments(journey)[0][:3] == (LegKind.LINE, "21 06:15", "21 07:20")
    assert journey.arrives == datetime.fromisoformat("2026-11-21T07:20:00+07:00")


def test_network_changes_on_the_day_that_the_data_says(tmp_path: Path) -> None:
    tables = with_lines_back()
    for row in tables["areas"]:
        if row["commune_code"] == "30316":
            row["valid_to"] = "2026-11-22"
    tables["areas"].append({"commune_code": "30316", "base_id": "B1", "valid_from": "2026-11-23"})
    rows = [{**small_shipments()[1], "ready_at": "2026-11-23T06:00:00+07:00"}]
    journey = find(tmp_path, tables, rows)["A-2"]
    assert moments(journey)[0][:3] == (LegKind.COLLECT, "23 07:30", "23 11:30")
    assert journey.legs[0].destination == Door("B1", "30307")
    assert len(journey.legs) == 2


COMMUNES = sorted(load_communes(FRIDAY).by_code)[:32]
"""31 around the district's centre, and the one where the agency of the province is."""


def thach_ha() -> tuple[Tables, list[dict[str, Any]]]:
    """One hub and its communes on daily rounds, a line to the province and back: commune -> district -> province."""
    *communes, centre = COMMUNES
    sites = [
        {"site_id": "TH", "name": "Bưu điện Thạch Hà", "kind": "post_office", "commune_code": communes[0]},
        {"site_id": "HT", "name": "Trung tâm tỉnh", "kind": "post_office", "commune_code": centre},
        {"site_id": "ST", "name": "Sở Tư pháp", "kind": "agency", "commune_code": centre,
         "opening_hours": "Mo-Fr 07:00-11:30,13:30-17:00; PH off"},
    ]  # fmt: skip
    tables: Tables = {
        "sites": [{**site, "lon": "105.43", "lat": "10.38"} for site in sites],
        "areas": [{"commune_code": code, "base_id": "TH"} for code in communes]
        + [{"commune_code": centre, "base_id": "HT"}],
        "couriers": [{"courier_id": base, "name": base, "base_id": base} for base in ("TH", "HT")],
        "lines": [
            {"line_id": "N", "run_id": "len", "stop_no": "1", "site_id": "TH", "depart": "17:00", "cut_off": "16:30"},
            {"line_id": "N", "run_id": "len", "stop_no": "2", "site_id": "HT", "arrive": "17:40"},
            {"line_id": "N", "run_id": "ve", "stop_no": "1", "site_id": "HT", "depart": "06:00", "cut_off": "05:45"},
            {"line_id": "N", "run_id": "ve", "stop_no": "2", "site_id": "TH", "arrive": "06:40"},
        ],
    }
    shipments = [
        {"code": f"L{at}", "kind": "intake", "origin_lon": "105.43", "origin_lat": "10.38", "origin_address": "Thôn 1",
         "origin_commune": code, "dest_site": "ST", "ready_at": "2026-11-30T07:00:00+07:00", "due_on": "2026-12-03"}
        for at, code in enumerate(communes)
    ] + [
        {"code": f"V{at}", "kind": "result", "origin_site": "ST", "dest_lon": "105.43", "dest_lat": "10.38",
         "dest_address": "Thôn 1", "dest_commune": code, "ready_at": "2026-11-30T07:00:00+07:00",
         "due_on": "2026-12-01"}
        for at, code in enumerate(communes)
    ]  # fmt: skip
    return tables, shipments


def test_thach_ha_goes_from_commune_to_province_and_back_with_cut_offs(tmp_path: Path) -> None:
    tables, shipments = thach_ha()
    found = find(tmp_path, tables, shipments, date(2026, 11, 30))
    assert len(found) == 62
    for at in range(31):
        up, down = found[f"L{at}"], found[f"V{at}"]
        assert moments(up) == [
            (LegKind.COLLECT, "30 07:30", "30 11:30", "02 07:30"),  # the afternoon's round misses the cut-off of 16:30
            (LegKind.LINE, "30 16:30", "30 17:40", "02 16:30"),
            (LegKind.DELIVER, "01 07:30", "01 11:30", "03 13:30"),
        ]
        assert moments(down) == [
            (LegKind.COLLECT, "30 07:30", "30 11:30", "30 13:30"),
            (LegKind.LINE, "01 05:45", "01 06:40", "01 05:45"),
            (LegKind.DELIVER, "01 07:30", "01 11:30", "01 13:30"),
        ]
        assert (up.standing, down.standing) == (Standing.EARLY, Standing.ON_THE_DAY)
        assert (up.must_go, down.must_go) == (False, True)


def command(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["journeys", *map(str, arguments)], env={"COLUMNS": "160"})


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return [
        write_folder(tmp_path / "tinh", with_lines_back()),
        write_shipments(tmp_path / "s.csv", small_shipments()),
    ]


def test_command_tells_counts_and_legs_and_writes_every_leg(files: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "legs.csv"
    result = command(*files, "--date", "2026-11-20", "--code", "A-2", "--out", out)
    assert result.exit_code == 0, result.output
    assert "Chuyến khác" in result.output
    assert "24/11" not in result.output  # a holiday
    for text in ("đến trước hạn", "đường thư", "L/2", "20/11 17:40", "26/11 17:40", str(out)):
        assert text in result.output
    rows = list(csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines()))
    assert [row["kind"] for row in rows if row["code"] == "A-2"] == ["collect", "line", "deliver"]
    assert {row["code"] for row in rows} == {"RR000000014VN", "A-2", "A-3"}
    told = json.loads(command(*files, "--date", "2026-11-20", "--json", "--lang", "en").stdout.splitlines()[-1])
    assert (told["shipments"], told["late"] + told["no_way"], told["legs"]) == (3, 0, len(rows))


def test_command_names_what_is_not_there(files: list[Path], tmp_path: Path) -> None:
    for arguments, kind in (
        (("--code", "X"), NotFoundError),
        (("--out", tmp_path / "no" / "legs.csv"), NotFoundError),
        (("--out", tmp_path), ExistsError),
        (("--out", files[1]), ExistsError),
        (("--out", files[0] / "sites.csv"), ExistsError),
    ):
        assert isinstance(command(*files, "--date", "2026-11-20", *arguments).exception, kind)


# Lines that are late today.


def test_a_late_line_times_every_later_leg_again_and_is_to_blame_for_what_is_lost(tmp_path: Path) -> None:
    network = read_network(write_folder(tmp_path / "tinh", with_lines_back()))
    rows = [
        {**small_shipments()[1], "code": "lost", "ready_at": "2026-11-23T07:00:00+07:00", "due_on": "2026-11-25"},
        {**small_shipments()[1], "code": "kept", "ready_at": "2026-11-23T07:00:00+07:00", "due_on": "2026-11-27"},
        {**small_shipments()[0], "code": "other", "ready_at": "2026-11-23T07:00:00+07:00", "due_on": "2026-11-25"},
    ]
    monday = date(2026, 11, 23)  # Tuesday the 24th is a holiday
    shipments = read_shipments(write_shipments(tmp_path / "s.csv", rows), network, on=monday).shipments
    before = find_journeys(network.on(monday), shipments, province_timetable(network, monday, 14))
    late = {"L/2": 48 * 3600}  # on Monday it is two days late: Wednesday 18:30, after the last round
    after = find_journeys(network.on(monday), shipments, province_timetable(network, monday, 14, late=late))
    changed = {one.before.shipment.code: one for one in retimed(before, after, late)}
    assert changed.keys() == {"lost", "kept"}
    assert moments(changed["kept"].before)[1:] == [
        (LegKind.LINE, "23 17:40", "23 18:30", "26 17:40"),
        (LegKind.DELIVER, "25 07:30", "25 11:30", "27 13:30"),
    ]
    assert moments(changed["kept"].after)[1:] == [
        (LegKind.LINE, "23 17:40", "25 18:30", "26 17:40"),
        (LegKind.DELIVER, "26 07:30", "26 11:30", "27 13:30"),
    ]
    assert {code: one.is_lost for code, one in changed.items()} == {"lost": True, "kept": False}
    assert {one.line.name for one in changed.values()} == {"L/2"}
    assert changed["kept"].delay == timedelta(days=1)


def test_alternatives_are_the_next_departures_that_arrive_later(tmp_path: Path) -> None:
    journey = find(tmp_path, with_lines_back(), small_shipments())["A-2"]
    told = [
        (other.carrier.kind, f"{other.cut_off:%d %H:%M}", f"{other.arrives:%d %H:%M}") for other in journey.alternatives
    ]
    assert told == [
        (LegKind.COLLECT, "23 13:30", "25 11:30"),  # Tuesday the 24th is a holiday
        (LegKind.COLLECT, "25 13:30", "26 11:30"),
    ]


def test_command_tells_what_a_late_line_changes(files: list[Path]) -> None:
    result = command(*files, "--date", "2026-11-20", "--late", "L/2=840", "--json")
    assert result.exit_code == 0, result.output
    facts = json.loads(result.stdout.splitlines()[-1])
    assert {(one["code"], one["line"]) for one in facts["retimed"]} == {("A-2", "L/2")}


@pytest.mark.parametrize("text", ["L/2", "L/2=", "L/2=-5", "L2=5", "=5"])
def test_lateness_that_makes_no_sense_is_refused(files: list[Path], text: str) -> None:
    assert command(*files, "--date", "2026-11-20", "--late", text).exit_code == 2


def test_a_late_run_that_does_not_exist_is_named(files: list[Path]) -> None:
    result = command(*files, "--date", "2026-11-20", "--late", "L/9=5")
    assert isinstance(result.exception, NotFoundError)
    assert "L/9" in str(result.exception)


# What rounds do not do.


def test_no_round_takes_a_paper_to_a_site_for_a_line_to_take_it_on(tmp_path: Path) -> None:
    """The hub stands in B1's commune and has no couriers: B1's round brings it what is for the hub, nothing else."""
    tables = small_network()
    tables["sites"].append({**tables["sites"][0], "site_id": "H", "kind": "hub", "lon": "105.435"})
    tables["lines"][0]["site_id"] = "H"  # from the hub to B2, where nothing of B1 comes by a line
    rows = [small_shipments()[2], {**small_shipments()[2], "code": "hub", "dest_site": "H"}]
    found = find(tmp_path, tables, rows)
    assert found["A-3"].standing is Standing.NO_WAY
    assert [leg.carrier.kind for leg in found["hub"].legs] == [LegKind.DELIVER]


def test_no_round_takes_a_paper_to_a_door_for_another_base_to_fetch_it_there(tmp_path: Path) -> None:
    """B1 and B2 are planned together, and only B2 has a line to B3."""
    tables = small_network()
    tables["sites"].append({**tables["sites"][1], "site_id": "B3", "lon": "105.13"})
    tables["couriers"].append({"courier_id": "C3", "name": "Ba", "base_id": "B3"})
    tables["lines"][0]["site_id"], tables["lines"][1]["site_id"] = "B2", "B3"
    rows = [{**small_shipments()[2], "dest_site": "B3"}]
    network = read_network(
        write_folder(tmp_path / "tinh", tables, '[[plan_groups]]\nname = "G"\nbases = ["B1", "B2"]\n')
    )
    shipments = read_shipments(write_shipments(tmp_path / "s.csv", rows), network, on=FRIDAY).shipments
    (found,) = find_journeys(network.on(FRIDAY), shipments, province_timetable(network, FRIDAY, 14))
    assert found.standing is Standing.NO_WAY
