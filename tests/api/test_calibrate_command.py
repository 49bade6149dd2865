import json
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from api.calibrate_command import MARK, VERDICTS, settings_part
from api.errors import ApiError, ExistsError, ExitCode, InputError, NotFoundError, outcome
from api.network.rows import Vehicle
from api.network.settings_reader import read_settings
from api.roads_command import roads_app
from geo.calibration import Verdict, calibrate
from geo.profiles import default_speed_table, read_speed_table
from geo.roads import Roads
from geo.synthetic import synthetic_roads
from geo.traces import Trace, read_traces
from tests.geo.drivers import Town, courier

RUNNER = CliRunner()
TABLE = default_speed_table()
SLOWNESS = {"secondary": 1.25, "local": 1.5}
TRUTH = {"trunk": 45.0, "secondary": 30.4, "local": 20.0}


def run(*arguments: str | Path | int) -> Result:
    return RUNNER.invoke(roads_app, ["calibrate", *map(str, arguments)], env={"COLUMNS": "160"})


def failure(*arguments: str | Path) -> ApiError:
    error = run(*arguments).exception
    assert isinstance(error, ApiError), error
    return error


@pytest.fixture(scope="module")
def roads() -> Roads:
    rng = np.random.default_rng(1)
    points = np.column_stack((105.4 + rng.uniform(0, 0.15, 30), 10.3 + rng.uniform(0, 0.15, 30)))
    return replace(synthetic_roads(points, seed=1), synthetic=False)


@pytest.fixture(scope="module")
def traces(roads: Roads) -> list[Trace]:
    town, rng = Town(roads["motorbike"], SLOWNESS), np.random.default_rng(3)
    return [town.trace(f"k{n}", courier(town, rng, stops=4), every=10, rng=rng) for n in range(5)]


def write_traces(path: Path, traces: Sequence[Trace]) -> Path:
    rows = [
        f"{trace.name},{time!r},{lon!r},{lat!r}\n"
        for trace in traces
        for time, lon, lat in zip(trace.time.tolist(), trace.lon.tolist(), trace.lat.tolist(), strict=True)
    ]
    path.write_text("trace,time,lon,lat\n" + "".join(rows))
    return path


@pytest.fixture
def given(tmp_path: Path, roads: Roads, traces: list[Trace]) -> tuple[str | Path, ...]:
    """Arguments of a calibration that works."""
    roads.save(tmp_path / "a.roads")
    return write_traces(tmp_path / "a.csv", traces), "--roads", tmp_path / "a.roads", "--profile", "motorbike"


@pytest.mark.slow
def test_the_part_for_the_settings_is_accepted_there_and_by_a_build(given: tuple[str | Path, ...]) -> None:
    out = Path(given[0]).parent / "speeds.toml"
    for _ in range(2):  # its own file may be written anew
        result = run(*given, "--out", out)
        assert result.exit_code == 0, result.output
    text = out.read_text(encoding="utf-8")
    settings, errors = read_settings(tomllib.loads(text), "settings.toml")
    assert errors == []
    assert settings.speeds == {Vehicle.MOTORBIKE: TRUTH}
    table = read_speed_table(out)
    assert {name: table.class_kph("motorbike", name) for name in TRUTH} == pytest.approx(TRUTH)
    assert table.profiles["motorbike"].highway_kph["secondary_link"] == pytest.approx(26 / 1.25)
    assert "phà" in text


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lang", "texts"),
    [
        ("vi", ("Hạng đường", "Khoảng 95%", "đổi", "giữ: phà", "5 vết trong 1 tệp", "lần dừng", "30,4")),
        ("en", ("Class", "95% interval", "changed", "kept: ferry", "5 traces in 1 files", "halts", "30.4")),
    ],
)
def test_the_table_speaks_the_chosen_language(given: tuple[str | Path, ...], lang: str, texts: tuple[str, ...]) -> None:
    result = run(*given, "--lang", lang)
    assert result.exit_code == 0, result.output
    for text in texts:
        assert text in result.stdout


@pytest.mark.slow
def test_json_holds_speeds_and_evidence(given: tuple[str | Path, ...]) -> None:
    told = json.loads(run(*given, "--json").stdout)
    assert told["speeds"] == TRUTH
    assert (told["profile"], told["out"]) == ("motorbike", None)
    assert [row["verdict"] for row in told["classes"]] == ["fitted", "fitted", "fitted", "ferry"]
    assert told["traces"]["traces"] == 5
    assert told["traces"]["fixes"] > 3_000 > told["matched"]["breaks"]


@pytest.mark.slow
def test_the_evidence_wanted_is_chosen(given: tuple[str | Path, ...]) -> None:
    assert json.loads(run(*given, "--json", "--min-traces", 6).stdout)["speeds"] == {}
    assert json.loads(run(*given, "--json", "--min-km", 100_000).stdout)["speeds"] == {}


def test_nothing_fitted_still_writes_a_part_that_changes_nothing(
    tmp_path: Path, roads: Roads, traces: list[Trace]
) -> None:
    read = read_traces(write_traces(tmp_path / "a.csv", traces[:1]))
    text = settings_part(calibrate(roads["motorbike"], read, TABLE))
    assert "quá ít vết" in text
    settings, errors = read_settings(tomllib.loads(text), "settings.toml")
    assert (settings.speeds, errors) == ({}, [])


@pytest.mark.slow
def test_made_up_roads_are_called_so(given: tuple[str | Path, ...], roads: Roads) -> None:
    replace(roads, synthetic=True).save(Path(given[2]))
    assert "ĐƯỜNG MÔ PHỎNG" in run(*given).output


def test_bad_rows_are_all_named(given: tuple[str | Path, ...]) -> None:
    path = Path(given[0])
    path.write_text("trace,time,lon,lat\nk,soon,105,10\nk,1700000000,10,105\n")
    error = failure(*given)
    assert isinstance(error, InputError)
    assert [(row.file, row.row, row.code) for row in error.rows] == [
        ("a.csv", 2, "bad_trace"),
        ("a.csv", 3, "bad_trace"),
    ]
    assert outcome(error).exit_code is ExitCode.BAD_INPUT


def test_traces_elsewhere_are_named(given: tuple[str | Path, ...]) -> None:
    path = Path(given[0])
    path.write_text("trace,time,lon,lat\n" + "".join(f"k,{1_700_000_000 + 10 * n},100.{n},10\n" for n in range(9)))
    error = failure(*given)
    assert isinstance(error, InputError)
    assert (error.rows[0].code, "on these roads" in error.rows[0].message_en) == ("bad_trace", True)


def test_the_table_that_the_roads_were_built_with_is_asked_for(given: tuple[str | Path, ...], tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text("[speeds.motorbike]\nsecondary = 30\n")
    error = failure(*given, "--speeds", own)
    assert isinstance(error, InputError)
    assert (error.rows[0].file, error.rows[0].code) == ("a.roads", "other_speeds")
    own.write_text("[speeds.motorbike]\nsecondary = 'fast'\n")
    error = failure(*given, "--speeds", own)
    assert isinstance(error, InputError)
    assert (error.rows[0].file, error.rows[0].code) == ("own.toml", "bad_speed_table")


def test_what_is_not_there_is_told(given: tuple[str | Path, ...], tmp_path: Path) -> None:
    assert isinstance(failure(tmp_path / "none", *given[1:]), NotFoundError)
    assert isinstance(failure(given[0], "--roads", tmp_path / "none", "--profile", "van"), NotFoundError)
    assert isinstance(failure(*given[:-1], "boat"), NotFoundError)
    assert isinstance(failure(*given, "--out", tmp_path / "none" / "out"), NotFoundError)


@pytest.mark.slow
def test_only_an_own_file_is_overwritten(given: tuple[str | Path, ...], tmp_path: Path) -> None:
    other = tmp_path / "settings.toml"
    other.write_text("name = 'An Giang'\n")
    for target in (other, tmp_path):
        assert isinstance(failure(*given, "--out", target), ExistsError)
    assert other.read_text() == "name = 'An Giang'\n"
    other.write_text(f"{MARK}\n")
    assert run(*given, "--out", other).exit_code == 0


def test_every_verdict_has_its_words() -> None:
    assert set(VERDICTS) == set(Verdict)
