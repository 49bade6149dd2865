"""The command line: what is said where, in which language, and with which exit code."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest

from api.cli import COMMANDS, run
from api.commands.web import open_port
from api.errors import ExitCode, NotFoundError
from api.plans.directory import PLAN
from api.version import VERSION
from tests.api.small_day import DAY, write_small_day

ROOT = Path(__file__).parents[2]


@pytest.fixture(name="planned", scope="module")
def _planned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any], str]:
    """A plan folder, the JSON that the command ended with, and what it said on stderr."""
    folder = tmp_path_factory.mktemp("cli")
    network, shipments = write_small_day(folder)
    asked = [network, shipments, "--date", DAY, "--out", folder / "out", "--iterations", 1, "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "api.cli", "plan", *map(str, asked)],
        capture_output=True, text=True, encoding="utf-8", cwd=ROOT, timeout=120, check=True,
    )  # fmt: skip
    (line,) = done.stdout.splitlines()
    return folder / "out", json.loads(line), done.stderr


def _plan(folder: Path, *more: object) -> list[str]:
    return [
        "plan", str(folder / "small"), str(folder / "shipments.csv"),
        "--date", DAY.isoformat(), "--out", str(folder / "out"), "--iterations", "1", *map(str, more),
    ]  # fmt: skip


def test_the_version_is_that_of_the_distribution(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == ExitCode.OK
    assert capsys.readouterr().out == f"duongthu {VERSION}\n"
    assert tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"] == VERSION


def test_the_version_waits_for_no_engine() -> None:
    code = "import sys, api.cli; print([m for m in ('ortools', 'scipy', 'numpy', 'fastapi') if m in sys.modules])"
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=60, check=True
    )
    assert said.stdout == "[]\n"


@pytest.mark.slow
def test_planning_ends_with_one_line_of_json_and_tells_progress_on_stderr(
    planned: tuple[Path, dict[str, Any], str],
) -> None:
    folder, facts, stderr = planned
    assert (facts["shipments"], facts["carried"], facts["unassigned"]) == (10, 4, 6)
    assert facts["synthetic_roads"] is True
    assert facts["out"] == str(folder)
    assert "Lập chuyến phát" in stderr
    assert "MẠNG ĐƯỜNG TỔNG HỢP" in stderr


def test_a_plan_is_proved_again_by_check(
    planned: tuple[Path, dict[str, Any], str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", str(planned[0]), "--json"]) == ExitCode.OK
    assert json.loads(capsys.readouterr().out) == {"proved": True, "findings": []}


def test_a_tampered_plan_is_not_proved_and_the_figure_is_named(
    planned: tuple[Path, dict[str, Any], str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import shutil

    copy = Path(shutil.copytree(planned[0], tmp_path / "copy"))
    text = (copy / PLAN).read_text(encoding="utf-8")
    found = re.search(r'"totals": \{.*?"distance": (\d+)', text, re.DOTALL)
    assert found is not None
    (copy / PLAN).write_text(text[: found.start(1)] + "1" + text[found.end(1) :], encoding="utf-8")
    assert run(["check", str(copy), "--lang", "en"]) == ExitCode.UNPROVEN
    said = capsys.readouterr().err
    assert f"totals.distance [figure]: says 1, computed {found[1]}" in said
    assert "tính lại được" in said


def test_bad_rows_are_named_in_both_languages_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_small_day(tmp_path)
    path = tmp_path / "shipments.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("R1,result,HUB", "R1,result,HUBB"), encoding="utf-8")
    assert run([*_plan(tmp_path), "--json"]) == ExitCode.BAD_INPUT
    said = capsys.readouterr()
    assert "shipments.csv, dòng 2, cột origin_site" in said.err
    assert "shipments.csv, row 2, column origin_site" in said.err
    answer = json.loads(said.out)
    assert answer["exit_code"] == 2
    assert answer["error"]["rows"][0]["row"] == 2
    assert not (tmp_path / "out").exists()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["shipments.csv", "small"]


def test_the_files_of_somebody_else_are_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_small_day(tmp_path)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").write_text("mine", encoding="utf-8")
    assert run(_plan(tmp_path)) == ExitCode.EXISTS
    assert "letter.txt" in capsys.readouterr().err


def test_two_limits_at_once_are_refused(tmp_path: Path) -> None:
    assert run(_plan(tmp_path, "--seconds", 3)) == ExitCode.BAD_INPUT


def test_an_unknown_option_ends_with_json_when_json_was_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--nonsense", "--json"]) == ExitCode.BAD_INPUT
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "usage"


@pytest.mark.parametrize(("language", "word"), [("vi", "không phải là thư mục kế hoạch"), ("en", "is no plan folder")])
def test_errors_are_told_in_the_chosen_language(
    language: str, word: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["check", str(tmp_path), "--lang", language]) == ExitCode.NOT_FOUND
    assert word in capsys.readouterr().err
    monkeypatch.setenv("DUONGTHU_LANG", language)
    assert run(["check", str(tmp_path)]) == ExitCode.NOT_FOUND
    assert word in capsys.readouterr().err


def test_an_unknown_language_is_refused(tmp_path: Path) -> None:
    assert run(["check", str(tmp_path), "--lang", "fr"]) == ExitCode.BAD_INPUT


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([command, "--help"]) == ExitCode.OK
    assert f"duongthu {command}" in capsys.readouterr().out


def test_a_taken_port_gives_way_to_the_next_free_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        with open_port(port) as door:
            assert port < int(door.getsockname()[1]) < port + 50


def test_a_sample_never_takes_the_place_of_somebody_elses_data(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, shipments = write_small_day(tmp_path)
    before = shipments.read_bytes()
    assert run(["demo", "--no-serve", "--out", str(tmp_path), "--lang", "en"]) == ExitCode.EXISTS
    assert "is no earlier sample" in capsys.readouterr().err
    assert shipments.read_bytes() == before
    assert not (tmp_path / "network").exists()


@pytest.mark.slow
def test_a_demo_that_has_no_pages_to_show_says_so_before_it_plans(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.app.STATIC", tmp_path)
    assert run(["demo", "--out", str(tmp_path / "demo"), "--lang", "en"]) == ExitCode.NOT_FOUND
    assert capsys.readouterr().err.splitlines()[-1].endswith("Run: python build_pages.py")
    assert not (tmp_path / "demo").exists()


@pytest.mark.slow
@pytest.mark.parametrize("ending", [NotFoundError("Hết.", "The end."), KeyboardInterrupt()], ids=["error", "Ctrl-C"])
def test_a_demo_that_is_improving_its_plan_ends_as_its_console_ends(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    ending: BaseException,
) -> None:
    """Not with a complaint of the pool, whose searches are under way."""

    def serve(*_: object) -> None:
        time.sleep(1)  # the search has begun
        raise ending

    (tmp_path / "index.html").touch()
    monkeypatch.setattr("api.app.STATIC", tmp_path)
    monkeypatch.setattr("api.commands.demo.serve_board", serve)
    small = ["--scale", "0.05", "--seconds", "0.2", "--workers", "1"]
    code = run(["demo", "--out", str(tmp_path / "demo"), *small, "--lang", "en"])
    said = capsys.readouterr().err
    assert code == (ExitCode.NOT_FOUND if isinstance(ending, NotFoundError) else 130)
    assert ("The end." in said) == isinstance(ending, NotFoundError)
    assert "Traceback" not in said
