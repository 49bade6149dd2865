"""`duongthu compare`: two runs written by hand, side by side."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from api.errors import ExistsError, NotFoundError
from tests.api.run_files import DAYS, DONE, ROUNDS, day, shipment, tour, write_run


def compare(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["compare", *map(str, arguments)], env={"COLUMNS": "160"})


@pytest.fixture(name="runs")
def _runs(tmp_path: Path) -> tuple[Path, Path]:
    """The second one plans day by day: nothing is late by the post, and it drives 10 km more with one courier more."""
    in_time = (DONE[0], shipment("S2", "2026-12-04", "on_the_day", done_at="2026-12-04T09:30:00+07:00"), DONE[2])
    rounds = (*ROUNDS, tour("2026-12-07", "B1-2", metres=10_000, seconds=1800, dong=30_000))
    first = write_run(tmp_path / "gom")
    return first, write_run(tmp_path / "ngay", done=in_time, rounds=rounds, day_by_day=True, network="d" * 64)


def test_a_program_gets_both_runs_and_their_differences(runs: tuple[Path, Path]) -> None:
    found = compare(*runs, "--json")
    assert found.exit_code == 0, found.output
    (line,) = found.stdout.splitlines()
    facts = json.loads(line)
    one, other = facts["runs"]
    assert (one["name"], other["name"]) == ("gom", "ngay")
    assert one["against_due"] == {"early": 1, "late": 2, "on_the_day": 1}
    assert other["against_due"] == {"early": 1, "on_the_day": 2, "late": 1}
    assert (one["distance"], one["rounds"], one["cost_dong"], one["most_couriers"]) == (42_500, 3, 210_000, 2)
    change = facts["difference"]
    assert change["against_due"] == {"early": 0, "late": -1, "on_the_day": 1}
    assert change["blamed"] == {"post": -1, "citizen": 0}
    assert (change["distance"], change["rounds"], change["cost_dong"]) == (10_000, 1, 30_000)
    assert (change["most_couriers"], change["duration"], change["accepted"]) == (0, 1800, 0)
    assert facts["changed"] == {"network": ["a" * 64, "d" * 64], "day_by_day": [False, True]}
    assert facts["comparable"] is True
    assert found.stderr.count("KHÔNG SO ĐƯỢC") == 0


def test_the_report_is_markdown_and_the_same_everywhere(runs: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "so-sanh.md"
    assert compare(*runs, "--out", out).exit_code == 0
    lines = out.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# So sánh mô phỏng: gom và ngay"
    assert "|  | gom | ngay | Thay đổi |" in lines
    assert "| Trễ hạn phát | 2 | 1 | -50,0% |" in lines
    assert "| – do bưu chính | 1 | 0 | -100,0% |" in lines
    assert "| Quãng đường, km | 42 | 52 | +23,5% |" in lines  # 42.5 and 52.5, to the even number
    assert "| – phát | 1 | 0 | -100,0% |" in lines
    assert "| người dân: đã đến kịp hạn, không gặp | 1 | 1 | = |" in lines
    assert "| day_by_day | không | có |" in lines
    assert not [line for line in lines if str(tmp_path) in line or line.startswith(">")]
    assert all(line.count("|") == lines[lines.index("## Mô phỏng") + 2].count("|") for line in lines[5:20])


def test_english_is_complete(runs: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "c.md"
    assert compare(*runs, "--out", out, "--lang", "en").exit_code == 0
    text = out.read_text(encoding="utf-8")
    assert "| Late against the due date | 2 | 1 | -50.0% |" in text
    assert "| day_by_day | no | yes |" in text
    assert not set(text) & set("ạấưừơếộ")


@pytest.mark.parametrize(
    ("change", "vi", "en"),
    [
        ({"shipments": "e" * 64}, "không cùng bưu gửi", "other shipments"),
        ({"days": (*DAYS, day("2026-12-08"))}, "không cùng ngày", "other days"),
    ],
)
def test_other_shipments_or_days_are_said_not_to_compare(
    change: dict[str, object], vi: str, en: str, tmp_path: Path
) -> None:
    runs = write_run(tmp_path / "a"), write_run(tmp_path / "b", **change)  # type: ignore[arg-type]
    for said, language in ((f"KHÔNG SO ĐƯỢC: hai lượt mô phỏng {vi}.", "vi"), (en, "en")):
        found = compare(*runs, "--json", "--lang", language, "--out", tmp_path / "c.md")
        assert said in found.stderr
        assert said in (tmp_path / "c.md").read_text(encoding="utf-8")
        assert json.loads(found.stdout)["comparable"] is False


def test_invented_roads_are_said(tmp_path: Path) -> None:
    runs = write_run(tmp_path / "a"), write_run(tmp_path / "b", synthetic_roads=True)
    found = compare(*runs, "--json")
    assert "MẠNG ĐƯỜNG TỔNG HỢP" in found.stderr
    assert json.loads(found.stdout)["synthetic_roads"] is True


def test_runs_of_one_name_are_told_apart_and_no_name_breaks_the_table(tmp_path: Path) -> None:
    runs = write_run(tmp_path / "a" / "[red]x|y"), write_run(tmp_path / "b" / "[red]x|y")
    found = compare(*runs, "--out", tmp_path / "c.md")
    assert "[red]x|y (1)" in found.stdout
    text = (tmp_path / "c.md").read_text(encoding="utf-8")
    assert "|  | [red]x&#124;y (1) | [red]x&#124;y (2) | Thay đổi |" in text
    assert "Khác nhau" not in text


def test_a_run_that_is_not_finished_is_refused(runs: tuple[Path, Path]) -> None:
    (runs[1] / "open.csv").unlink()
    assert isinstance(compare(*runs).exception, NotFoundError)


def test_the_report_never_takes_the_place_of_a_run(runs: tuple[Path, Path]) -> None:
    before = (runs[0] / "days.csv").read_bytes()
    assert isinstance(compare(*runs, "--out", runs[0] / "days.csv").exception, ExistsError)
    assert isinstance(compare(*runs, "--out", runs[0]).exception, ExistsError)
    assert isinstance(compare(*runs, "--out", runs[0] / "nowhere" / "c.md").exception, NotFoundError)
    assert (runs[0] / "days.csv").read_bytes() == before
