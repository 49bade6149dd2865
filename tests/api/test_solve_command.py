"""`duongthu solve`, from the command line to the files that it writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from api.cli import run
from api.errors import ExitCode
from api.solve import solve_instance
from routing.formats import Rounding, read_instance, solution_text
from routing.json_io import solution_from_json
from routing.objective import Objective
from routing.stopping import StoppingCriterion
from tests.routing.formats.samples import JD, LI_LIM, SARTORI, SOLOMON, WANG_CHEN, vroom

QUICK = ["--iterations", "200", "--seconds", "2", "--json", "--lang", "en"]


def write(folder: Path, text: str) -> Path:
    path = folder / "instance"
    path.write_text(text, encoding="utf-8")
    return path


def last_line(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """Return the JSON object of the last line of stdout."""
    answer = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert isinstance(answer, dict)
    return answer


def test_the_last_line_is_one_object_in_the_instances_own_units(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["solve", str(write(tmp_path, SOLOMON)), "--seed", "3", *QUICK]) == ExitCode.OK
    answer = last_line(capsys)
    assert answer["instance"] == "SQUARE"
    assert (answer["feasible"], answer["unassigned"], answer["objective"], answer["seed"]) == (True, 0, "hier", 3)
    assert answer["vehicles"] == 2  # 25 units into vehicles of 20
    assert answer["cost"] == answer["distance"] == pytest.approx(12 + 2 * 2**0.5, abs=1e-3)  # 0-2-1-0 and 0-3-0
    assert answer["seconds"] > 0


@pytest.mark.parametrize("text", [WANG_CHEN, LI_LIM, SARTORI, JD, json.dumps(vroom())])
def test_each_format_is_solved_and_served_whole(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["solve", str(write(tmp_path, text)), *QUICK]) == ExitCode.OK
    assert last_line(capsys)["feasible"] is True


def test_the_written_text_scores_what_was_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, sol = write(tmp_path, LI_LIM), tmp_path / "best.sol"
    assert run(["solve", str(path), "--sol", str(sol), *QUICK]) == ExitCode.OK
    instance, text = read_instance(path), solution_text.read(sol.name, sol.read_text(encoding="utf-8"))
    solution = solution_text.time_routes(instance, text.routes)
    assert not solution.unassigned
    assert text.cost == pytest.approx(instance.cost(solution), abs=0.005)
    assert last_line(capsys)["cost"] == pytest.approx(instance.cost(solution), abs=1e-3)


def test_the_written_json_is_the_solution(tmp_path: Path) -> None:
    path, out = write(tmp_path, JD), tmp_path / "best.json"
    assert run(["solve", str(path), "--out", str(out), *QUICK]) == ExitCode.OK
    solution = solution_from_json(json.loads(out.read_text(encoding="utf-8")))
    assert sorted(v.stop for r in solution.routes for v in r.visits) == [0, 1]


def test_a_vroom_problem_is_answered_as_vroom_does(tmp_path: Path) -> None:
    path, out = write(tmp_path, json.dumps(vroom())), tmp_path / "best.json"
    assert run(["solve", str(path), "--out", str(out), *QUICK]) == ExitCode.OK
    answer = json.loads(out.read_text(encoding="utf-8"))
    assert (answer["code"], answer["summary"]["unassigned"]) == (0, 0)


def test_what_cannot_be_served_ends_as_infeasible(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    heavy = SOLOMON.replace("1      3   4   10", "1      3   4   30")
    assert run(["solve", str(write(tmp_path, heavy)), *QUICK]) == ExitCode.INFEASIBLE
    answer = last_line(capsys)
    assert (answer["feasible"], answer["unassigned"]) == (False, 1)


def test_a_broken_file_is_named_with_its_line_in_both_languages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, SOLOMON.replace("10     20    1", "30     20    1"))
    assert run(["solve", str(path)]) == ExitCode.BAD_INPUT
    told = capsys.readouterr().err
    assert "instance, row 12" in told
    assert "instance, dòng 12" in told
    assert "ready time 30 is after due date 20" in told


def test_a_refused_field_is_named_by_its_path(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    problem = vroom()
    problem["vehicles"][0]["max_tasks"] = 3
    assert run(["solve", str(write(tmp_path, json.dumps(problem))), "--json"]) == ExitCode.BAD_INPUT
    (row,) = last_line(capsys)["error"]["rows"]
    assert (row["column"], row["code"]) == ("$.vehicles[0].max_tasks", "bad_instance")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--seconds", "0"], ExitCode.BAD_INPUT),
        (["--format", "cvrplib"], ExitCode.BAD_INPUT),
        (["--objective", "cheapest"], ExitCode.BAD_INPUT),
        (["--sol", "nowhere/best.sol"], ExitCode.NOT_FOUND),
    ],
)
def test_a_wrong_option_is_refused(options: list[str], code: ExitCode, tmp_path: Path) -> None:
    assert run(["solve", str(write(tmp_path, SOLOMON)), *options]) == code


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    assert run(["solve", str(tmp_path / "nothing.txt")]) == ExitCode.NOT_FOUND


def test_without_json_a_person_gets_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["solve", str(write(tmp_path, SOLOMON)), "--iterations", "5"]) == ExitCode.OK
    told = capsys.readouterr()
    assert "Chi phí" in told.out
    assert told.err == ""


def test_the_objective_and_the_rounding_can_be_chosen(tmp_path: Path) -> None:
    stop = StoppingCriterion(seconds=2, iterations=5)
    solved = solve_instance(write(tmp_path, SOLOMON), stop, rounding=Rounding.DIMACS)
    assert solved.summary.objective == "distance"
    assert solved.summary.distance == pytest.approx(12 + 2 * 1.4)
    assert solve_instance(write(tmp_path, SOLOMON), stop, objective=Objective.DAILY).summary.objective == "daily"


def test_the_same_seed_and_iterations_give_the_same_solution(tmp_path: Path) -> None:
    path, stop = write(tmp_path, LI_LIM), StoppingCriterion(iterations=5)
    first, second = (solve_instance(path, stop, seed=7).result.solution for _ in range(2))
    assert first == second
