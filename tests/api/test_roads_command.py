import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from api.errors import ApiError, ExistsError, ExitCode, InputError, NotFoundError, outcome
from api.road_report import NOTICES, REASONS
from api.roads_command import FAULTS, roads_app
from geo import road_file
from geo.errors import ExtractError, RoadFileError
from geo.graph import Roads
from geo.report import DropReason, NoticeKind
from tests.geo.samples import Extract, square

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
        ("vi", ("xe máy", "loại đường không dành cho phương tiện này", "cấm rẽ, chưa được xét", "Đã ghi")),
        ("en", ("motorbike", "kind of way not for this vehicle", "turn restriction, not yet heeded", "Wrote")),
    ],
)
def test_build_tells_what_was_dropped_in_the_chosen_language(
    extract: Path, tmp_path: Path, lang: str, texts: tuple[str, ...]
) -> None:
    result = run("build", extract, "--out", tmp_path / "a.roads", "--lang", lang)
    assert result.exit_code == 0, result.output
    assert Roads.load(tmp_path / "a.roads").source == "sample.osm"
    for text in (*texts, "restriction=no_u_turn", "relation 1"):
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


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [("a.osm", "nothing", "bad_extract"), ("a.txt", "nothing", "bad_extract"), ("a.osm", "", "bad_extract")],
)
def test_what_is_no_extract_is_named(tmp_path: Path, name: str, content: str, code: str) -> None:
    (tmp_path / name).write_text(content)
    error = failure("build", tmp_path / name, "--out", tmp_path / "out.roads")
    assert isinstance(error, InputError)
    assert (error.rows[0].file, error.rows[0].code) == (name, code)
    assert outcome(error).exit_code is ExitCode.BAD_INPUT
    assert not (tmp_path / "out.roads").exists()


def test_extract_without_roads_is_told(tmp_path: Path) -> None:
    path = Extract({1: (0, 0), 2: (1, 0)}).way((1, 2), highway="footway").write(tmp_path)
    error = failure("build", path, "--out", tmp_path / "out.roads")
    assert isinstance(error, InputError)
    assert error.rows[0].code == "no_roads"


def test_broken_table_of_speeds_is_told(extract: Path, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("[highway]\n")
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
    assert isinstance(roads_app, typer.Typer)
    for error in (*leaves(ExtractError), *leaves(RoadFileError)):
        assert error is RoadFileError or any(issubclass(error, kind) for kind in FAULTS)
