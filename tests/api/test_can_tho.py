"""A real city planned by the real command: roads, communes and post offices of Cần Thơ about 2011."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.spatial import cKDTree

from api.errors import ExitCode
from api.network.reader import read_network
from api.plans.directory import read_plan
from api.plans.schemas import Plan, PlannedTrip
from api.plans.travel import RADIUS_M
from geo.coordinates import FloatArray, haversine, to_sphere
from geo.osm import read_roads
from tests.api.can_tho import (
    DAY,
    SHIPMENTS,
    CanTho,
    draw_homes,
    in_degrees,
    on_plane,
    read_can_tho,
    shipment_rows,
    write_network,
    write_shipments,
)

pytestmark = [pytest.mark.real_data, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
SEED = 2011


@dataclass(frozen=True)
class City:
    """The city, its network folder, a day's shipments in reach, and the plan of that day."""

    city: CanTho
    network: Path
    rows: list[dict[str, object]]
    folder: Path
    plan: Plan
    facts: dict[str, Any]


def _duongthu(*words: object) -> tuple[int, dict[str, Any]]:
    """Run the real command; returns its exit code and what it ended with on stdout."""
    done = subprocess.run(
        [sys.executable, "-m", "api.cli", *map(str, words), "--json"],
        capture_output=True, text=True, encoding="utf-8", cwd=ROOT, timeout=120, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    (line,) = done.stdout.splitlines()
    return done.returncode, json.loads(line)


@pytest.fixture(name="planned", scope="module")
def _planned(test_data: Path, tmp_path_factory: pytest.TempPathFactory) -> City:
    folder, data = tmp_path_factory.mktemp("can-tho"), test_data / "data"
    city = read_can_tho(data)
    network = write_network(folder, city, data)
    rows = shipment_rows(city, draw_homes(city, only_near=True, seed=SEED))
    shipments, out = write_shipments(folder / "shipments.csv", rows), folder / "plan"
    code, facts = _duongthu("plan", network, shipments, "--date", DAY, "--out", out, "--iterations", 20)
    assert code == ExitCode.OK
    return City(city, network, rows, out, read_plan(out), facts)


def _trips(plan: Plan) -> list[tuple[str, PlannedTrip]]:
    return [(route.vehicle, trip) for route in plan.routes for trip in route.trips]


def _doors(trip: PlannedTrip) -> FloatArray:
    """Where a trip halts, the base first and last."""
    line = trip.path.coordinates
    return np.array([line[0], *(line[index] for index in trip.path.stop_index), line[-1]])


def _straight(line: FloatArray) -> FloatArray:
    """Metres between the points of a line, one after another."""
    return haversine(line[:-1, 0], line[:-1, 1], line[1:, 0], line[1:, 1])


def test_the_folder_holds_67_communes_and_24_post_offices(planned: City) -> None:
    city, network = planned.city, read_network(planned.network)
    assert len(city.communes) == 67
    assert sum(commune.population for commune in city.communes) == 1_113_406
    held = [office.commune for office in city.offices]
    assert [held.count(index) for index in range(67)] == [commune.num_offices for commune in city.communes]
    assert len(network.sites) == 24
    assert {area.commune_code for area in network.areas} == {commune.code for commune in city.communes}
    assert network.warnings == ()
    assert network.on(DAY).warnings == ()


def test_the_roads_are_the_extract_and_not_made_up(planned: City) -> None:
    roads = planned.plan.network.roads
    assert planned.facts["synthetic_roads"] is roads.synthetic is False
    assert roads.sha256 == sha256((planned.network / "roads.osm.pbf").read_bytes()).hexdigest()


def test_every_shipment_is_carried_once_or_says_why_not(planned: City) -> None:
    carried = [task.shipment for _, trip in _trips(planned.plan) for stop in trip.stops for task in stop.tasks]
    left = {shipment.shipment: shipment for shipment in planned.plan.unassigned}
    assert sorted([*carried, *left]) == sorted(str(row["code"]) for row in planned.rows)
    assert len(carried) == planned.facts["carried"] > 0.6 * SHIPMENTS
    assert {shipment.reasons[0].constraint for shipment in left.values()} == {"cost", "lies_elsewhere"}  # they can wait
    assert not any(shipment.must_go for shipment in left.values())
    for shipment in left.values():
        assert all(reason.detail.vi and reason.detail.en for reason in shipment.reasons)
    at_hub = {str(row["code"]) for row in planned.rows if row["at_site"] == "BD-01" and _base(planned, row) != "BD-01"}
    assert at_hub == {code for code, kept in left.items() if kept.reasons[0].constraint == "lies_elsewhere"}


def _base(planned: City, row: dict[str, object]) -> str:
    return planned.city.base_of(str(row["dest_commune"]))


def test_the_plan_is_proved_by_its_own_files(planned: City) -> None:
    assert _duongthu("check", planned.folder) == (ExitCode.OK, {"proved": True, "findings": []})


def test_paths_run_from_road_node_to_road_node_and_leave_the_road_only_for_doors(planned: City) -> None:
    roads = read_roads(planned.network / "roads.osm.pbf")
    trees = {name: cKDTree(to_sphere(graph.lon, graph.lat)) for name, graph in roads.graphs.items()}
    for vehicle, trip in _trips(planned.plan):
        line, doors = np.array(trip.path.coordinates), {0, *trip.path.stop_index, len(trip.path.coordinates) - 1}
        on_road = np.array([index not in doors for index in range(len(line))])
        metres, _ = trees[vehicle].query(to_sphere(line[on_road, 0], line[on_road, 1]))
        assert np.max(metres) < 1
        between = np.array([here and there for here, there in pairwise(on_road)])
        middles = (on_plane(line)[:-1] + on_plane(line)[1:])[between] / 2
        assert planned.city.metres_to_road(middles).max() < 1  # drawn from the GeoPackage, not from the graph


def test_trips_halt_where_their_shipments_are(planned: City) -> None:
    sites = {site.site_id: (site.lon, site.lat) for site in read_network(planned.network).sites}
    for route in planned.plan.routes:
        for trip in route.trips:
            halts = [sites[stop.site_id] if stop.site_id else stop.point for stop in trip.stops]
            expected = np.array([sites[route.base_id], *halts, sites[route.base_id]])
            assert np.allclose(_doors(trip), expected, rtol=0, atol=1e-6)


def test_no_way_is_shorter_than_the_straight_line(planned: City) -> None:
    rounding = 2  # metres: coordinates to a tenth, both ways to the road and the network's part to a whole one
    for _, trip in _trips(planned.plan):
        straight = _straight(_doors(trip))
        assert all(stop.distance >= metres - rounding for stop, metres in zip(trip.stops, straight[:-1], strict=True))
        assert trip.distance - sum(stop.distance for stop in trip.stops) >= straight[-1] - rounding
        assert trip.distance >= straight.sum() - rounding


def test_distances_are_those_of_the_drawn_line(planned: City) -> None:
    for _, trip in _trips(planned.plan):
        drawn = _straight(np.array(trip.path.coordinates)).sum()
        doors = 2 * 2 * len(trip.stops) * RADIUS_M * 0.32  # the ways to doors count 1.32 times their straight line
        assert drawn * 0.999 <= trip.distance <= drawn + doors


def test_communes_out_of_reach_are_known_and_get_no_home(planned: City) -> None:
    used = {home.commune for home in draw_homes(planned.city, only_near=True, seed=SEED)}
    left_out = {commune.name for index, commune in enumerate(planned.city.communes) if index not in used}
    assert left_out == {"Xa Truong Thanh", "Xa Dong Thuan", "Xa Truong Long", "Xa Truong Xuan", "Xa Truong Xuan A"}


def test_homes_far_from_every_road_are_refused_each_with_its_row(planned: City, tmp_path: Path) -> None:
    city, homes = planned.city, draw_homes(planned.city, only_near=False, seed=SEED)
    assert {home.commune for home in homes} == set(range(67))
    rows = shipment_rows(city, homes)
    shipments = write_shipments(tmp_path / "everywhere.csv", rows)
    code, said = _duongthu("plan", planned.network, shipments, "--date", DAY, "--out", tmp_path / "out")
    assert code == ExitCode.BAD_INPUT
    assert not (tmp_path / "out").exists()
    assert {(row["file"], row["code"]) for row in said["error"]["rows"]} == {("everywhere.csv", "no_road")}
    refused = {row["row"] for row in said["error"]["rows"]}
    metres = city.metres_to_road(on_plane([(home.lon, home.lat) for home in homes]))
    visited = {
        number: far for number, (row, far) in enumerate(zip(rows, metres, strict=True), 2) if _goes_home(planned, row)
    }
    # Between the two the nearest road may be near enough while its nearest node is not, and the plane is not exact.
    assert {number for number, far in visited.items() if far > RADIUS_M + 15} <= refused
    assert refused <= {number for number, far in visited.items() if far > RADIUS_M - 15}
    assert len(refused) > 50


def _goes_home(planned: City, row: dict[str, object]) -> bool:
    """Whether today's task is at a home: neither handed in at an office, nor waiting at the hub for a line."""
    if row["kind"] == "intake":
        return "origin_lon" in row
    return row["at_site"] == _base(planned, row)


def test_a_home_35_km_from_every_road_is_refused_with_file_row_and_column(planned: City, tmp_path: Path) -> None:
    homes = draw_homes(planned.city, only_near=True, seed=SEED)
    middle = on_plane([(homes[1].lon, homes[1].lat)])
    south = np.column_stack((np.zeros(200), np.linspace(-80_000, 0, 200)))
    there = (middle + south)[np.abs(planned.city.metres_to_road(middle + south) - 35_000).argmin()]
    far = replace(homes[1], lat=round(float(in_degrees(there)[0, 1]), 6))
    rows = shipment_rows(planned.city, [homes[0], far, *homes[2:]])
    shipments = write_shipments(tmp_path / "shipments.csv", rows)
    code, said = _duongthu("plan", planned.network, shipments, "--date", DAY, "--out", tmp_path / "out")
    assert code == ExitCode.BAD_INPUT
    (row,) = said["error"]["rows"]
    assert (row["file"], row["row"], row["column"], row["code"]) == ("shipments.csv", 3, "dest_lon", "no_road")
    (metres,) = planned.city.metres_to_road(on_plane([(far.lon, far.lat)]))
    assert metres == pytest.approx(35_000, abs=500)
    assert f"{metres / 1000:.1f} km" in row["message_en"]
    assert f"{metres / 1000:.1f} km".replace(".", ",") in row["message_vi"]
    assert not (tmp_path / "out").exists()
