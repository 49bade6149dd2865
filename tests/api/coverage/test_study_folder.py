"""The folder of a study: looked at before anything is read; a run of other inputs is told from the one asked for."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from api.cli import app
from api.errors import ApiError, ExistsError, NotFoundError


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
