"""`duongthu coverage`: a run's folder, going on after being killed, two studies compared."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import pytest
from typer.testing import CliRunner

from api.cli import app, run
from api.coverage.reading import read_study
from tests.api.coverage.line_province import DAY, write_line

pytestmark = pytest.mark.slow

_SETTINGS = "[coverage]\nwarm_up_days = 0\ndossiers_per_1000 = 60.0\nresults_per_1000 = 15.0\n"
OTHER = "settlement_id,name,commune_code,lon,lat,people\nD-1,Ấp Một,30307,105.40,10.30,100\n"
_SCENARIOS = """
[[scenario]]
key = "half-online"
title_vi = "Một nửa nộp trực tuyến"
title_en = "Half filed online"
[[scenario.change]]
kind = "online"
share = 0.5
"""
_BUDGET = """
[[scenario]]
key = "zero"
title_vi = "Ngân sách"
title_en = "A budget"
[[scenario.change]]
kind = "spend"
dong = 0
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("line")
    write_line(folder / "network", tariffs="level,commune_code,procedure_code,postage_dong\n,,,20000\n")
    (folder / "coverage.toml").write_text(_SETTINGS, encoding="utf-8")
    (folder / "scenarios.toml").write_text(_SCENARIOS, encoding="utf-8")
    return folder


def command(files: Path, out: Path, *more: str) -> list[str]:
    return [
        "coverage", "run", str(files / "network"), "--day", DAY.isoformat(), "--out", str(out), "--quick", "--workers",
        "1", "--settings", str(files / "coverage.toml"), "--scenarios", str(files / "scenarios.toml"), *more,
    ]  # fmt: skip


@pytest.fixture(scope="module")
def whole(files: Path) -> Path:
    """A run that nobody disturbed."""
    result = CliRunner().invoke(app, command(files, files / "whole", "--json"))
    assert result.exit_code == 0, result.output
    return files / "whole"


def content(folder: Path) -> dict[str, Any]:
    """Everything that depends on the inputs alone."""
    study: dict[str, Any] = json.loads((folder / "coverage.json").read_text(encoding="utf-8"))
    study.pop("created_at")
    for frontier in study["frontiers"]:
        frontier.pop("seconds_taken")
    return study


def test_a_study_tells_situation_remedies_frontiers_and_scenarios(whole: Path) -> None:
    study = read_study(whole)
    assert study.without_post == ("D-3", "D-4")
    assert len(study.remedies) == 10
    assert [step.k for step in study.frontiers[0].steps] == [0, 1, 2]
    assert study.frontiers[0].steps[2].exact_people == 47_000
    people = [step.exact_people for step in study.frontiers[0].steps]
    assert people == sorted(people)
    assert study.efficient[0].people <= study.efficient[-1].people
    prices = {(one.place_id, one.kind): one.year for one in study.remedies}
    for step in study.efficient:
        lost = [prices[one.place_id, one.kind].postage_dong - study.base.postage_dong for one in step.choices]
        assert step.postage_dong == sum(lost)
    assert any(step.postage_dong for step in study.efficient)
    assert [one.key for one in study.scenarios] == ["half-online"]
    told = {one.key: one for one in study.assumptions}
    assert told["dossiers_per_1000"].value == 60.0
    assert "coverage.toml" in told["dossiers_per_1000"].source.vi
    assert any("SYNTHETIC" in warning.en for warning in study.warnings)


def started(files: Path, out: Path, *more: str) -> subprocess.Popen[str]:
    """A run of its own, once it has solved something; in its own group, as a terminal's are."""
    program = [sys.executable, "-m", "api.cli", *command(files, out, *more)]
    child = subprocess.Popen(
        program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )  # fmt: skip
    deadline = time.monotonic() + 240
    while child.poll() is None and known(out) < 12 and time.monotonic() < deadline:
        time.sleep(0.05)
    return child


def test_ctrl_c_says_how_to_go_on_and_going_on_gives_the_same_study(files: Path, whole: Path) -> None:
    out = files / "stopped"
    child = started(files, out, "--lang", "en")
    os.killpg(child.pid, signal.SIGINT)  # as a terminal does: to the run and to its solvers
    printed, told = child.communicate(timeout=120)
    assert child.returncode == 130, told
    assert "Stopped. What was solved stays in" in told
    assert "--resume" in told
    assert "Traceback" not in printed + told
    assert not (out / "coverage.json").exists()
    assert run(command(files, out, "--resume")) == 0
    assert content(out) == content(whole)


def test_demands_may_be_drawn_once_a_run_is_finished(files: Path, whole: Path) -> None:
    out = files / "later"
    shutil.copytree(whole, out)
    assert run(command(files, out, "--resume", "--draws", "2")) == 0
    told = content(out)
    [drawn] = told["scenarios"]
    assert drawn["bands"]["km"]["low"] < drawn["bands"]["km"]["high"]
    assert drawn["change_bands"]["dossiers"]["high"] < 0
    told["sample"]["draws"] = 0
    drawn["bands"] = drawn["change_bands"] = {}
    assert told == content(whole)


def asking(files: Path, out: Path, scenarios: str, *more: str) -> list[str]:
    """The command with scenarios of its own."""
    file = files / "others.toml"
    file.write_text(scenarios, encoding="utf-8")
    arguments = command(files, out, *more)
    arguments[arguments.index("--scenarios") + 1] = str(file)
    return arguments


def test_scenarios_that_make_no_sense_are_refused_before_anything_is_begun(files: Path) -> None:
    out, nothing = files / "senseless", "\n".join((_SCENARIOS, _BUDGET, _BUDGET.replace("zero", "lost")))
    result = CliRunner().invoke(app, asking(files, out, nothing.replace("dong = 0", "dong = -5")))
    assert [row.message_en for row in result.exception.rows] == [  # type: ignore[union-attr]
        f"{key}: a budget of -5 đồng: it must be above 0" for key in ("zero", "lost")
    ]
    assert not out.exists()


def test_another_scenario_is_added_to_a_finished_run(files: Path, whole: Path) -> None:
    out = files / "added"
    shutil.copytree(whole, out)
    renamed = _SCENARIOS.replace("half-online", "half")
    assert run(asking(files, out, renamed + _BUDGET.replace("dong = 0", "dong = 900000000"), "--resume")) == 0
    told, before = content(out), content(whole)
    first, second = told.pop("scenarios")
    assert (first["key"], second["key"]) == ("half", "zero")
    assert {**first, "key": "half-online"} == before.pop("scenarios")[0]
    assert second["after"]["dossiers"] > second["before"]["dossiers"]
    assert told == before


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_a_cluster_makes_the_same_study(files: Path, whole: Path) -> None:
    distributed = pytest.importorskip("distributed")
    out = files / "cluster"
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None
    ) as cluster:
        assert run(command(files, out, "--cluster", cluster.scheduler_address)) == 0
    assert content(out) == content(whole)


def test_a_cluster_that_does_not_answer_is_named(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("distributed")
    assert run(command(files, files / "nowhere", "--cluster", "nowhere://x")) == 4
    assert "nowhere://x" in capsys.readouterr().err
    assert not (files / "nowhere").exists()


def test_a_run_that_is_killed_goes_on_to_the_same_study(files: Path, whole: Path) -> None:
    out = files / "killed"
    child = started(files, out)
    os.kill(child.pid, signal.SIGKILL)
    child.communicate()
    assert not (out / "coverage.json").exists()
    assert known(out) >= 12
    assert run(command(files, out)) == 5  # a folder that holds something
    assert run(command(files, out, "--resume", "--seed", "3")) == 5  # another run
    assert run(command(files, out, "--resume")) == 0
    assert content(out) == content(whole)


def known(out: Path) -> int:
    """Answers that have been written down."""
    if not (out / "known.sqlite").exists():
        return 0
    try:
        with sqlite3.connect(out / "known.sqlite", timeout=5) as file:
            return int(file.execute("SELECT count(*) FROM known").fetchone()[0])
    except sqlite3.OperationalError:  # not there yet
        return 0


def test_layers_have_the_reached_land_of_the_network_that_is_given(files: Path, whole: Path, tmp_path: Path) -> None:
    with_land, without = tmp_path / "with.gpkg", tmp_path / "without.gpkg"
    assert run(["coverage", "report", str(whole), "--out", str(with_land), "--network", str(files / "network")]) == 0
    assert run(["coverage", "report", str(whole), "--out", str(without)]) == 0
    land = gpd.read_file(with_land, layer="reach")
    assert {"today", "place"} <= set(land["of"])
    assert set(land["means"]) == {"walk"}
    assert "reach" not in {name for name, _ in pyogrio.list_layers(without)}
    assert "left out" in gpd.read_file(without, layer="about")["reach"].iloc[0]
    write_line(tmp_path / "other", settlements=OTHER)
    other = ["coverage", "report", str(whole), "--out", str(tmp_path / "o.gpkg"), "--network", str(tmp_path / "other")]
    assert run(other) == 2, "roads of another network"


def test_two_studies_are_compared(files: Path, whole: Path) -> None:
    other = files / "other.json"
    changed = json.loads((whole / "coverage.json").read_text(encoding="utf-8"))
    changed["base"]["km"] += 12.5
    changed["seed"] = 9
    other.write_text(json.dumps(changed), encoding="utf-8")
    result = CliRunner().invoke(app, ["coverage", "compare", str(whole), str(other), "--json", "--lang", "en"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout.splitlines()[-1])
    assert told["differing_inputs"] == ["seed"]
    apart = {row["key"]: row["change"] for row in told["differences"] if row["change"]}
    assert apart == {"base.km": 12.5}


def test_what_cannot_be_used_has_its_exit_code(files: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("[coverage]\non_foot = 3\nresponze = 1\n[cover]\n", encoding="utf-8")
    arguments = command(files, tmp_path / "out")
    arguments[arguments.index("--settings") + 1] = str(tmp_path / "bad.toml")
    result = CliRunner().invoke(app, arguments)
    assert run(arguments) == 2
    said = str(result.exception)
    assert "on_foot" in said
    assert "did you mean coverage.response" in said
    assert not (tmp_path / "out").exists()
    assert run(["coverage", "compare", str(tmp_path), str(tmp_path)]) == 4
    assert run(command(files, tmp_path / "none", "--resume")) == 4
    shutil.rmtree(tmp_path / "none", ignore_errors=True)
