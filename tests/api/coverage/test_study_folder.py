"""The folder of a study: looked at before anything is read; a run of other inputs is told from the one asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app
from api.coverage.assumptions import Assumptions
from api.coverage.folder import StudyFolder, inputs_of
from api.coverage.study import StudyOptions, quick
from api.coverage.vocabulary import INPUTS
from api.errors import ApiError, ExistsError, NotFoundError
from tests.api.coverage.line_province import line_situation


def asked(network: Path, out: Path, *more: str) -> ApiError:
    """Why a run is refused."""
    command = ["coverage", "run", str(network), "--day", "2026-09-07", "--out", str(out), *more]
    error = CliRunner().invoke(app, command).exception
    assert isinstance(error, ApiError)
    return error


def test_a_folder_that_holds_something_is_refused_before_the_network_is_read(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "notes.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    for taken in ("out", "file"):
        error = asked(tmp_path / "nowhere", tmp_path / taken)
        assert isinstance(error, ExistsError)
        assert str(tmp_path / taken) in str(error)


def test_there_is_a_run_to_go_on_with_before_the_network_is_read(tmp_path: Path) -> None:
    error = asked(tmp_path / "nowhere", tmp_path / "out", "--resume")
    assert isinstance(error, NotFoundError)
    assert "There is no run to go on with" in error.message_en
    assert not (tmp_path / "out").exists()


def test_a_run_of_other_inputs_says_which_in_words(tmp_path: Path) -> None:
    situation = line_situation()
    begun = StudyFolder.open(tmp_path, situation, Assumptions(), StudyOptions(), resume=False)
    begun.store.close()
    for assumptions, options, vi, en in (
        (Assumptions(on_foot=0.5), StudyOptions(), "giả định.", "assumptions."),
        (Assumptions(), StudyOptions(seed=3), "số khởi tạo ngẫu nhiên.", "seed."),
        (Assumptions(), quick(StudyOptions(kinds=())), "số bước tìm (--quick), loại biện pháp.",
         "steps of search (--quick), kinds of remedies."),
    ):  # fmt: skip
        with pytest.raises(ExistsError) as refused:
            StudyFolder.open(tmp_path, situation, assumptions, options, resume=True)
        assert refused.value.message_vi.endswith(f"dữ liệu hoặc tùy chọn khác: {vi}")
        assert refused.value.message_en.endswith(f"other inputs or options: {en}")


def test_every_input_of_a_run_has_words() -> None:
    about = inputs_of(line_situation(), Assumptions(), StudyOptions())
    assert {*about, *about["options"]} - {"options"} <= INPUTS.keys()
