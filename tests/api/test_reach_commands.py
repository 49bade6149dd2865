import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from typer.testing import CliRunner, Result

from api.cli import run as run_command
from api.errors import ApiError, ExistsError, ExitCode, InputError, NotFoundError, outcome
from api.reach_commands import NAMED_PAIRS
from api.roads_command import roads_app
from geo.graph import graph_from_arcs
from geo.matrix import UNREACHABLE, travel_matrix
from geo.osm import read_roads
from geo.reach import reach_within
from geo.roads import Roads
from geo.snapping import snap
from tests.geo.samples import LOCAL, square

RUNNER = CliRunner()
EMPTY = "dòng 2, cột lat: ô này không được trống"
POINTS = "id,lon,lat\nBưu điện,105,10\nb,105.001,10\n3,105.001,10.001\n"


def run(*arguments: str | Path) -> Result:
    return RUNNER.invoke(roads_app, [str(argument) for argument in arguments])


def failure(*arguments: str | Path) -> ApiError:
    error = run(*arguments).exception
    assert isinstance(error, ApiError), error
    return error


def rows_of(error: ApiError, lang: str = "vi") -> list[str]:
    assert isinstance(error, InputError)
    assert outcome(error).exit_code is ExitCode.BAD_INPUT
    return [row.render("vi" if lang == "vi" else "en") for row in error.rows]


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    """A square of residential roads without names."""
    return square().write(tmp_path)


@pytest.fixture
def points(tmp_path: Path) -> Path:
    return write(tmp_path, POINTS)


@pytest.fixture
def street(tmp_path: Path) -> Path:
    """A road file: a one-way road with a name, 0 -> 1 -> 2, a thousandth of a degree a piece, 10 s each; made up."""
    graph = graph_from_arcs(
        np.full(3, 105.0), 10 + np.arange(3) / 1000, [0, 1], [1, 2], [111_195] * 2, [10_000] * 2, [LOCAL] * 2,
        profile="motorbike", access_kph=9, name=[0, 0], names=("Đường Trần Phú",),
    )  # fmt: skip
    Roads({"motorbike": graph}, "made up", "0", synthetic=True).save(tmp_path / "street.roads")
    return tmp_path / "street.roads"


def write(folder: Path, text: str) -> Path:
    path = folder / "points.csv"
    path.write_text(text, encoding="utf-8")
    return path


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_matrix_of_an_extract_is_that_of_its_roads(extract: Path, points: Path, tmp_path: Path) -> None:
    out = tmp_path / "matrix.csv"
    result = run("matrix", extract, points, "--out", out, "--profile", "van", "--json")
    assert result.exit_code == 0, result.output
    roads = read_roads(extract, profiles=["van"]).contracted("van")
    expected = travel_matrix(roads, snap(roads.graph, [(105, 10), (105.001, 10), (105.001, 10.001)]))
    codes = ["Bưu điện", "b", "3"]
    assert table(out) == [
        {"from": a, "to": b, "metres": str(expected.distances[i, j]), "seconds": str(expected.durations[i, j])}
        for i, a in enumerate(codes)
        for j, b in enumerate(codes)
    ]
    facts = json.loads(result.stdout.splitlines()[-1])
    assert (facts["points"], facts["unreachable"], facts["profile"]) == (3, 0, "van")
    assert (facts["source"], facts["synthetic"]) == ("sample.osm", False)


def test_pair_without_a_path_is_an_empty_cell_and_a_warning(street: Path, tmp_path: Path) -> None:
    points = write(tmp_path, "id,lon,lat\nx,105,10\ny,105,10.002\n")
    result = run("matrix", street, points, "--out", tmp_path / "m.csv")
    assert result.exit_code == 0
    cells = [(row["from"], row["to"], row["metres"], row["seconds"]) for row in table(tmp_path / "m.csv")]
    assert cells == [("x", "x", "0", "0"), ("x", "y", "222", "20"), ("y", "x", "", ""), ("y", "y", "0", "0")]
    assert "points.csv, dòng 3: không có đường đi từ y đến x (dòng 2)" in result.stderr
    assert "ĐƯỜNG MÔ PHỎNG" in result.stderr


def test_with_strict_a_pair_without_a_path_is_refused_and_nothing_is_written(street: Path, tmp_path: Path) -> None:
    points = write(tmp_path, "id,lon,lat\nx,105,10\ny,105,10.002\n")
    error = failure("matrix", street, points, "--out", tmp_path / "m.csv", "--strict")
    assert rows_of(error, "en") == ["points.csv, row 3: no path leads from y to x (row 2)"]
    assert not list(tmp_path.glob("m.csv*"))


def test_many_pairs_without_a_path_are_counted(street: Path, tmp_path: Path) -> None:
    points = write(tmp_path, "id,lon,lat\n" + "".join(f"{n},105,{10 + n % 2 / 1000}\n" for n in range(10)))
    result = run("matrix", street, points, "--out", tmp_path / "m.csv", "--lang", "en")
    assert result.stderr.count("no path leads") == NAMED_PAIRS
    assert f"and {25 - NAMED_PAIRS} more pairs without a path" in result.stderr


def test_npz_holds_whole_numbers_and_codes(street: Path, tmp_path: Path) -> None:
    points = write(tmp_path, "id,lon,lat\nĐ1,105,10\ny,105,10.002\n")
    assert run("matrix", street, points, "--out", tmp_path / "m.npz").exit_code == 0
    with np.load(tmp_path / "m.npz") as matrix:
        assert matrix["ids"].tolist() == ["Đ1", "y"]
        assert matrix["metres"].tolist() == [[0, 222], [UNREACHABLE, 0]]
        assert matrix["seconds"].tolist() == [[0, 20], [UNREACHABLE, 0]]
        assert matrix["metres"].dtype == matrix["seconds"].dtype == np.int32
        assert matrix["synthetic"].item() is True


def test_far_points_are_named_with_distance_and_the_nearest_road(street: Path, tmp_path: Path) -> None:
    points = write(tmp_path, "id,lon,lat\nx,105,10\nfar,105,10.012\n")
    error = failure("matrix", street, points, "--out", tmp_path / "m.csv", "--radius", "1000")
    (told,) = rows_of(error)
    assert told.startswith("points.csv, dòng 3, cột lon: điểm far (105, 10.012) cách đường gần nhất cho motorbike")
    assert "motorbike (Đường Trần Phú) 1112 m, quá 1000 m: kiểm tra tọa độ" in told
    assert "far (105, 10.012) lies 1112 m from the nearest road" in rows_of(error, "en")[0]


def test_nearest_road_may_have_no_name(extract: Path, tmp_path: Path) -> None:
    error = failure("reach", extract, "--lon", "105", "--lat", "11", "--minutes", "5", "--out", tmp_path / "a.geojson")
    assert rows_of(error)[0].startswith(
        "--lon --lat, dòng 1, cột lon: điểm 1 (105, 11) cách đường gần nhất cho motorbike "
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id,lon,lat\nx,105,10\nx,105.001,10\n", ["dòng 3, cột id: mã x đã có ở dòng 2"]),
        (
            "id,lon,lat\nx,10x,\n",
            ["dòng 2, cột lon: “10x” không phải là số", "dòng 2, cột lat: ô này không được trống"],
        ),
        ("id,lon,lat\n,105,10\n", ["dòng 2, cột id: ô này không được trống"]),
        ("id,lon,lat\nx,10.5,105\n", ["dòng 2, cột lon: kinh độ 10.5 và vĩ độ 105 bị đổi chỗ cho nhau"]),
        ("id,lon,lat\nx,150,95\n", ["dòng 2, cột lat: 95 nằm ngoài khoảng từ -90 đến 90"]),
        ("id,lon\nx,105\n", ["dòng 1, cột lat: thiếu cột lat"]),
        ("id,lon,lat,tên\nx,105,10,y\n", ["dòng 1, cột tên: không có cột tên “tên”"]),
        ("id,lon,lat\n", ["bảng không có dòng nào"]),
        ("", ["tệp trống"]),
    ],
)
def test_bad_points_are_named_with_row_and_column(street: Path, tmp_path: Path, text: str, expected: list[str]) -> None:
    points = write(tmp_path, text)
    for command in (("matrix", street, points), ("reach", street, points, "--minutes", "5")):
        told = rows_of(failure(*command, "--out", tmp_path / ("m.csv" if command[0] == "matrix" else "m.geojson")))
        assert [row.partition("points.csv")[2].lstrip(",: ") for row in told] == expected


def test_missing_files_and_folders_are_told(street: Path, points: Path, tmp_path: Path) -> None:
    out = tmp_path / "m.csv"
    assert rows_of(failure("matrix", street, tmp_path / "none.csv", "--out", out))[0].startswith(
        "none.csv: không có tệp"
    )
    assert isinstance(failure("matrix", tmp_path / "none.roads", points, "--out", out), NotFoundError)
    assert isinstance(failure("matrix", tmp_path / "none.osm", points, "--out", out), NotFoundError)
    assert isinstance(failure("matrix", street, points, "--out", tmp_path / "none" / "m.csv"), NotFoundError)


def test_inputs_are_not_overwritten(street: Path, points: Path) -> None:
    assert isinstance(failure("matrix", street, points, "--out", points), ExistsError)
    assert points.read_text(encoding="utf-8") == POINTS


def test_damaged_roads_are_told(points: Path, tmp_path: Path) -> None:
    (tmp_path / "a.roads").write_text("nothing")
    error = failure("matrix", tmp_path / "a.roads", points, "--out", tmp_path / "m.csv")
    assert "không phải tệp đường của Đường Thư" in rows_of(error)[0]


def test_unknown_profile_is_told_with_those_there_are(
    street: Path, extract: Path, points: Path, tmp_path: Path
) -> None:
    for file, known in ((street, "motorbike"), (extract, "motorbike, van, walk")):
        error = failure("matrix", file, points, "--out", tmp_path / "m.csv", "--profile", "tank")
        assert rows_of(error) == [f"{file.name}: không có phương tiện “tank”; chỉ có: {known}"]


def test_wave_and_closed_ways_that_change_nothing_are_told(street: Path, points: Path, tmp_path: Path) -> None:
    error = failure("matrix", street, points, "--out", tmp_path / "m.csv", "--wave", "sáng", "--closed", "77")
    assert rows_of(error) == [
        f"{street.name}: không có ca “sáng”; chỉ có: -",
        f"{street.name}: không có way 77 cho motorbike",
    ]


def test_closed_way_is_driven_around(points: Path, tmp_path: Path) -> None:
    across = square(highway="residential").write(tmp_path, "across.osm")
    where = tmp_path / "corners.csv"
    where.write_text("id,lon,lat\na,105,10\nb,105.001,10.001\n", encoding="utf-8")
    metres = []
    for closed in ([], ["--closed", "5"]):
        assert run("matrix", across, where, "--out", tmp_path / "m.csv", *closed).exit_code == 0
        metres.append(int((tmp_path / "m.csv").read_text(encoding="utf-8-sig").splitlines()[2].split(",")[2]))
    assert metres == [156, 221]


@pytest.mark.parametrize(
    "arguments",
    [
        ("matrix", "--out", "m.txt"),
        ("reach", "--out", "a.geojson", "--minutes", "ten"),
        ("reach", "--out", "a.geojson", "--minutes", "10,,20"),
        ("reach", "--out", "a.geojson", "--minutes", "0"),
        ("reach", "--out", "a.geojson", "--minutes", "nan"),
        ("reach", "--out", "a.geojson", "--minutes", "inf"),
        ("reach", "--out", "a.geojson", "--minutes", "10,1441"),
        ("reach", "--out", "a.csv", "--minutes", "10"),
        ("reach", "--out", "a.geojson", "--minutes", "10", "--lon", "105", "--lat", "10"),
    ],
)
def test_options_that_make_no_sense_are_refused(street: Path, points: Path, arguments: tuple[str, ...]) -> None:
    assert run(arguments[0], street, points, *arguments[1:]).exit_code == ExitCode.BAD_INPUT


@pytest.mark.parametrize("places", [(), ("--lon", "105"), ("--lon", "105", "--lat", "10", "--lat", "11")])
def test_reach_needs_points_in_pairs(street: Path, tmp_path: Path, places: tuple[str, ...]) -> None:
    result = run("reach", street, *places, "--minutes", "5", "--out", tmp_path / "a.geojson")
    assert result.exit_code == ExitCode.BAD_INPUT


def reach(*arguments: str | Path, out: Path) -> dict[str, Any]:
    result = run("reach", *arguments, "--out", out)
    assert result.exit_code == 0, result.output
    content: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return content


def test_reach_is_drawn_with_the_largest_area_first(street: Path, tmp_path: Path) -> None:
    found = reach(street, "--lon", "105", "--lat", "10", "--minutes", "0.25,1,0.1", out=tmp_path / "a.geojson")
    assert [feature["properties"] for feature in found["features"]] == [
        {"minutes": minutes, "profile": "motorbike", "towards": False, "nodes": nodes, "road_km": km,
         "area_km2": pytest.approx(2 * 0.15 * km + 0.0689, abs=2e-3), "synthetic": True}
        for minutes, nodes, km in ((1, 3, 0.222), (0.25, 2, 0.167), (0.1, 1, 0.067))
    ]  # fmt: skip
    areas = [shapely.from_geojson(json.dumps(feature["geometry"])) for feature in found["features"]]
    assert [area.geom_type for area in areas] == ["MultiPolygon"] * 3
    assert all(area.is_valid for area in areas)
    assert areas[2].area < areas[1].area < areas[0].area
    assert found["properties"] == {
        "profile": "motorbike", "source": "made up", "sha256": "0", "synthetic": True, "towards": False,
        "points": [[105.0, 10.0]],
    }  # fmt: skip


def test_towards_a_point_one_way_roads_count_the_other_way(street: Path, tmp_path: Path) -> None:
    points = write(tmp_path, "id,lon,lat\nx,105,10.001\n")
    there = reach(street, points, "--minutes", "5", out=tmp_path / "a.geojson")
    back = reach(street, points, "--minutes", "5", "--towards", out=tmp_path / "b.geojson")
    north, south = (shapely.from_geojson(json.dumps(each["features"][0]["geometry"])) for each in (there, back))
    assert north.covers(shapely.Point(105, 10.002))
    assert not north.covers(shapely.Point(105, 9.9995))
    assert south.covers(shapely.Point(105, 10))
    assert not south.covers(shapely.Point(105, 10.0025))
    assert back["features"][0]["properties"]["towards"] is True


def test_of_several_points_the_nearest_counts_and_json_tells_the_same(street: Path, tmp_path: Path) -> None:
    places = ("--lon", "105", "--lat", "10", "--lon", "105", "--lat", "10.002")
    result = run("reach", street, *places, "--minutes", "0.1", "--out", tmp_path / "a.geojson", "--json")
    told = json.loads(result.stdout)
    assert told["reached"][0]["nodes"] == 2
    content = json.loads((tmp_path / "a.geojson").read_text(encoding="utf-8"))
    assert told["reached"] == [feature["properties"] for feature in content["features"]]
    assert (told["synthetic"], told["out"]) == (True, str(tmp_path / "a.geojson"))
    assert "0.1 phút: 2 nút, 0,1 km đường" in result.stderr


def test_reach_that_ends_before_the_road_is_an_empty_area_and_a_warning(street: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.geojson"
    result = run("reach", street, "--lon", "105.005", "--lat", "10", "--minutes", "2,10", "--out", out)
    assert "a.geojson: trong 2 phút chưa ra tới đường: từ điểm gần đường nhất đã mất 289 giây" in result.stderr
    assert "trong 10 phút" not in result.stderr
    small = json.loads(out.read_text(encoding="utf-8"))["features"][1]
    assert (small["properties"]["nodes"], small["geometry"]) == (0, {"type": "MultiPolygon", "coordinates": []})


def test_buffer_widens_the_area(street: Path, tmp_path: Path) -> None:
    place = ("--lon", "105", "--lat", "10", "--minutes", "5")
    usual, wide = (
        reach(street, *place, *more, out=tmp_path / "a.geojson")["features"][0]["properties"]
        for more in ((), ("--buffer", "500"))
    )
    assert wide["area_km2"] > 5 * usual["area_km2"]
    assert wide["road_km"] == usual["road_km"]


def test_both_commands_belong_to_the_command_line(street: Path, points: Path, tmp_path: Path) -> None:
    assert run_command(["roads", "matrix", str(street), str(points), "--out", str(tmp_path / "m.csv")]) == 0
    assert run_command(["roads", "info", str(street)]) == 0
    code = run_command(["roads", "reach", str(street), "--minutes", "5", "--out", str(tmp_path / "none" / "a.geojson")])
    assert code == ExitCode.NOT_FOUND


@pytest.mark.real_data
def test_reach_of_can_tho_from_its_extract(test_data: Path, tmp_path: Path) -> None:
    extract = test_data / "data" / "cantho_2011.osm.pbf"
    found = reach(extract, "--lon", "105.785", "--lat", "10.035", "--minutes", "10,20", out=tmp_path / "a.geojson")
    roads = read_roads(extract, profiles=["motorbike"]).contracted("motorbike")
    expected = reach_within(roads, snap(roads.graph, [(105.785, 10.035)]), [1200, 600])
    assert [feature["properties"]["nodes"] for feature in found["features"]] == [each.nodes.size for each in expected]
