import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from api.errors import ApiError, ExistsError, ExitCode, InputError, NotFoundError, outcome
from api.road_files import FAULTS, FERRY_FAULTS
from api.road_report import NOTICES, REASONS
from api.roads_command import roads_app
from geo import road_file
from geo.errors import ExtractError, RoadFileError
from geo.ferry_overrides import FerryFault
from geo.osm import read_roads
from geo.report import DropReason, NoticeKind
from geo.roads import Roads
from tests.geo.samples import Extract, crossing, square

RUNNER = CliRunner()


def run(*arguments: str | Path) -> Result:
    return RUNNER.invoke(roads_app, [str(argument) for argument in arguments], env={"COLUMNS": "160"})


def failure(*arguments: str | Path) -> ApiError:
    error = run(*arguments).exception
    assert isinstance(error, ApiError), error
    return error


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    return (
        square(highway="footway", maxspeed="odd")
        .relation([], type="restriction", restriction="no_u_turn")
        .write(tmp_path)
    )


@pytest.mark.parametrize(
    ("lang", "texts"),
    [
        ("vi", ("xe máy", "loại đường không dành cho phương tiện này", "cấm rẽ không hiểu được, đã bỏ qua", "Đã ghi")),
        ("en", ("motorbike", "kind of way not for this vehicle", "turn restriction not understood, ignored", "Wrote")),
    ],
)
def test_build_tells_what_was_dropped_in_the_chosen_language(
    extract: Path, tmp_path: Path, lang: str, texts: tuple[str, ...]
) -> None:
    result = run("build", extract, "--out", tmp_path / "a.roads", "--lang", lang)
    assert result.exit_code == 0, result.output
    assert Roads.load(tmp_path / "a.roads").source == "sample.osm"
    for text in (*texts, "without one from, via and to", "relation 1"):
        assert text in result.stdout


def test_json_holds_the_whole_report(extract: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.roads"
    built = json.loads(run("build", extract, "--out", out, "--json").stdout)
    told = json.loads(run("info", out, "--json").stdout)
    assert built["report"] == told["report"] == Roads.load(out).report.to_json()
    assert (built["out"], told["file"], built["synthetic"]) == (str(out), str(out), False)
    assert [row["profile"] for row in told["report"]["kept"]] == ["motorbike", "van", "walk"]


def test_info_shows_the_same_tables(extract: Path, tmp_path: Path) -> None:
    run("build", extract, "--out", tmp_path / "a.roads")
    assert "đi bộ" in run("info", tmp_path / "a.roads").stdout


def test_own_table_of_speeds_counts(extract: Path, tmp_path: Path) -> None:
    text = (Path(road_file.__file__).parent / "data" / "speeds.toml").read_text(encoding="utf-8")
    own = tmp_path / "own.toml"
    own.write_text(text.replace("motorbike = 25, van = 20, walk = 4.8", "motorbike = 25, van = 5, walk = 4.8"))
    assert run("build", extract, "--out", tmp_path / "usual").exit_code == 0
    assert run("build", extract, "--out", tmp_path / "own", "--speeds", own).exit_code == 0
    usual, slow = (Roads.load(tmp_path / name)["van"].duration_ms for name in ("usual", "own"))
    assert slow.sum() == pytest.approx(4 * usual.sum(), rel=1e-4)


def test_own_table_of_ferries_counts_and_the_ferries_are_shown(tmp_path: Path) -> None:
    extract = crossing(route="ferry", motorcar="no", name="Phà cũ").write(tmp_path)
    own = tmp_path / "ferries.csv"
    own.write_text("way,name,crossing_minutes,opening_hours\n3,Phà An Hòa,6,05:00-20:00\n9,,1,\n", encoding="utf-8")
    result = run("build", extract, "--out", tmp_path / "a.roads", "--ferries", own)
    for text in ("Phà An Hòa", "xe máy, đi bộ", "6.0", "5.0", "05:00-20:00", "không có tác dụng", "way 9"):
        assert text in result.stdout
    told = json.loads(run("info", tmp_path / "a.roads", "--json").stdout)
    assert told["ferries"] == [
        {
            "way": 3, "name": "Phà An Hòa", "opening_hours": "05:00-20:00",
            "crossing": {"motorbike": 360, "walk": 360}, "boarding": {"motorbike": 300, "walk": 300},
        }
    ]  # fmt: skip


def test_every_bad_row_of_the_table_of_ferries_is_named_in_both_languages(extract: Path, tmp_path: Path) -> None:
    own = tmp_path / "ferries.csv"
    own.write_text("way,van\n3,maybe\nx,\n", encoding="utf-8")
    error = failure("build", extract, "--out", tmp_path / "out.roads", "--ferries", own)
    assert isinstance(error, InputError)
    assert [row.render("vi") for row in error.rows] == [
        "ferries.csv, dòng 2, cột van: 'maybe' không phải yes hay no",
        "ferries.csv, dòng 3, cột way: 'x' không phải mã way OpenStreetMap (số nguyên)",
    ]
    assert error.rows[0].render("en") == "ferries.csv, row 2, column van: 'maybe' is neither yes nor no"
    assert not (tmp_path / "out.roads").exists()


def test_missing_table_of_ferries_is_told(extract: Path, tmp_path: Path) -> None:
    error = failure("build", extract, "--out", tmp_path / "out.roads", "--ferries", tmp_path / "none.csv")
    assert isinstance(error, NotFoundError)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [("a.osm", "nothing", "not_extract"), ("a.txt", "nothing", "not_extract"), ("a.osm", "", "not_extract")],
)
def test_what_is_no_extract_is_named(tmp_path: Path, name: str, content: str, code: str) -> None:
    (tmp_path / name).write_text(content)
    error = failure("build", tmp_path / name, "--out", tmp_path / "out.roads")
    assert isinstance(error, InputError)
    assert (error.rows[0].file, error.rows[0].code) == (name, code)
    assert outcome(error).exit_code is ExitCode.BAD_INPUT
    assert not (tmp_path / "out.roads").exists()


@pytest.mark.parametrize(
    ("name", "content", "code", "text_vi", "text_en"),
    [
        ("cut.osm", square().xml()[:-30].encode(), "cut_off_extract", "bị cắt cụt", "ends before it is complete"),
        ("cut.osm.gz", gzip.compress(square().xml().encode())[:-30], "cut_off_extract", "bị cắt cụt", "ends before"),
        ("zip.osm.pbf", b"PK\x03\x04" + bytes(90), "not_extract", "không phải bản trích", "zip archive: unpack it"),
        ("empty.osm.pbf", b"", "not_extract", "không phải bản trích", "is empty"),
        ("damaged.osm", square().xml().replace("<way", "<w<y").encode(), "bad_extract", "tệp hỏng", "cannot be read"),
    ],
)
def test_what_is_wrong_with_an_extract_is_told_in_both_languages(
    tmp_path: Path, name: str, content: bytes, code: str, text_vi: str, text_en: str
) -> None:
    (tmp_path / name).write_bytes(content)
    error = failure("build", tmp_path / name, "--out", tmp_path / "out.roads")
    assert isinstance(error, InputError)
    assert error.rows[0].code == code
    assert text_vi in error.rows[0].message("vi")
    assert text_en in error.rows[0].message("en")
    assert outcome(error).exit_code is ExitCode.BAD_INPUT


def test_folder_is_no_extract(tmp_path: Path) -> None:
    (tmp_path / "a.osm.pbf").mkdir()
    error = failure("build", tmp_path / "a.osm.pbf", "--out", tmp_path / "out.roads")
    assert isinstance(error, InputError)
    assert (error.rows[0].code, error.rows[0].file) == ("not_extract", "a.osm.pbf")


AREA = {"type": "Polygon", "coordinates": [[[105, 10], [105.0005, 10], [105.0005, 10.002], [105, 10.002], [105, 10]]]}


def clipped(extract: Path, folder: Path, *arguments: str) -> Roads:
    (folder / "area.geojson").write_text(json.dumps(AREA))
    result = run("build", extract, "--out", folder / "a.roads", *arguments)
    assert result.exit_code == 0, result.output
    assert "ngoài vùng cắt" in result.stdout or "1 km" in result.stdout
    return Roads.load(folder / "a.roads")


def test_boundary_and_box_clip_alike(extract: Path, tmp_path: Path) -> None:
    boundary = clipped(extract, tmp_path, "--clip", str(tmp_path / "area.geojson"))
    box = clipped(extract, tmp_path, "--bbox", "105,10,105.0005,10.002")
    assert boundary["van"].num_arcs == box["van"].num_arcs == 6  # 1-2, 3-4 and 4-1, without 2-3
    assert boundary.source == "sample.osm (area.geojson)"
    assert len({boundary.sha256, box.sha256, read_roads(extract).sha256}) == 3


def test_buffer_brings_back_what_lies_near(extract: Path, tmp_path: Path) -> None:
    roads = clipped(extract, tmp_path, "--clip", str(tmp_path / "area.geojson"), "--buffer-km", "1")
    assert roads["van"].num_arcs == 8
    assert roads.source == "sample.osm (area.geojson + 1 km)"


@pytest.mark.parametrize(
    ("arguments", "file", "code", "text_vi", "text_en"),
    [
        (("--bbox", "20,50,21,51"), "sample.osm", "empty_clip", "nằm trong vùng cắt", "the clip from 20.0000"),
        (("--bbox", "20,50,19,51"), "--bbox", "bad_clip", "vùng cắt không dùng được", "west of a box"),
        (("--bbox", "20,50,21,51", "--buffer-km", "-3"), "--bbox", "bad_clip", "vùng cắt", "0 to 1000 km, got -3"),
        (("--clip", "@"), "sample.osm", "bad_clip", "đa giác GeoJSON", "is no GeoJSON"),
    ],
)
def test_clip_that_cannot_be_used_is_told(
    extract: Path, tmp_path: Path, arguments: tuple[str, ...], file: str, code: str, text_vi: str, text_en: str
) -> None:
    given = [str(extract) if argument == "@" else argument for argument in arguments]
    error = failure("build", extract, "--out", tmp_path / "out.roads", *given)
    assert isinstance(error, InputError)
    assert (error.rows[0].file, error.rows[0].code) == (file, code)
    assert text_vi in error.rows[0].message("vi")
    assert text_en in error.rows[0].message("en")
    assert outcome(error).exit_code is ExitCode.BAD_INPUT


@pytest.mark.parametrize(
    "arguments", [("--bbox", "1,2,3,4", "--clip", "a.geojson"), ("--buffer-km", "5")], ids=["both", "buffer alone"]
)
def test_options_of_the_clip_that_contradict_are_refused(
    extract: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    assert run("build", extract, "--out", tmp_path / "out.roads", *arguments).exit_code == ExitCode.BAD_INPUT


def test_missing_boundary_is_told(extract: Path, tmp_path: Path) -> None:
    error = failure("build", extract, "--out", tmp_path / "out.roads", "--clip", tmp_path / "none.geojson")
    assert isinstance(error, NotFoundError)


def test_extract_without_roads_is_told(tmp_path: Path) -> None:
    path = Extract({1: (0, 0), 2: (1, 0)}).way((1, 2), highway="footway").write(tmp_path)
    error = failure("build", path, "--out", tmp_path / "out.roads")
    assert isinstance(error, InputError)
    assert error.rows[0].code == "no_roads"


def test_broken_table_of_speeds_is_told(extract: Path, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("[highways]\n")
    error = failure("build", extract, "--out", tmp_path / "out.roads", "--speeds", tmp_path / "own.toml")
    assert isinstance(error, InputError)
    assert (error.rows[0].file, error.rows[0].code) == ("own.toml", "bad_speed_table")


def test_missing_extract_and_folder_are_told(extract: Path, tmp_path: Path) -> None:
    assert isinstance(failure("build", tmp_path / "none.osm", "--out", tmp_path / "out"), NotFoundError)
    assert isinstance(failure("build", extract, "--out", tmp_path / "none" / "out"), NotFoundError)


def test_only_a_road_file_is_overwritten(extract: Path, tmp_path: Path) -> None:
    before = extract.read_bytes()
    assert isinstance(failure("build", extract, "--out", extract), ExistsError)
    assert extract.read_bytes() == before
    for _ in range(2):
        assert run("build", extract, "--out", tmp_path / "out.roads").exit_code == 0


def test_road_file_of_another_version_is_told_and_may_be_built_anew(
    extract: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.roads"
    with monkeypatch.context() as patch:
        patch.setattr(road_file, "VERSION", 0)
        run("build", extract, "--out", out)
    error = failure("info", out)
    assert isinstance(error, InputError)
    assert error.rows[0].code == "stale_roads"
    assert run("build", extract, "--out", out).exit_code == 0
    assert run("info", out).exit_code == 0


def test_other_file_is_no_road_file(extract: Path) -> None:
    error = failure("info", extract)
    assert isinstance(error, InputError)
    assert error.rows[0].code == "bad_road_file"


def leaves(error: type[Exception]) -> Iterator[type[Exception]]:
    yield error
    for child in error.__subclasses__():
        yield from leaves(child)


def test_every_reason_and_fault_has_its_words() -> None:
    assert set(REASONS) == set(DropReason)
    assert set(NOTICES) == set(NoticeKind)
    assert set(FERRY_FAULTS) == set(FerryFault)
    assert isinstance(roads_app, typer.Typer)
    for error in (*leaves(ExtractError), *leaves(RoadFileError)):
        assert error is RoadFileError or any(issubclass(error, kind) for kind in FAULTS)
