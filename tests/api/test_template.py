"""The template can be read back as it is, and the users' page says what the code does."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from api.errors import ExistsError, ExitCode, outcome
from api.network.columns import TABLES
from api.network.reader import read_network
from api.network.reference import with_reference
from api.network.rows import NetworkRows
from api.network.template import write_template
from api.shipments.reader import read_shipments
from api.template_command import template_command

PAGE = Path(__file__).parents[2] / "docs" / "network-folder.md"
DAY = date(2026, 11, 20)


def test_every_file_reads_back_without_error_or_warning(tmp_path: Path) -> None:
    files = {file.name for file in write_template(tmp_path / "mau")}
    assert files == {f"{table.name}.csv" for table in TABLES} | {
        "network.xlsx",
        "shipments.csv",
        "shipments.xlsx",
        "settings.toml",
    }
    folder = tmp_path / "mau"
    networks = [read_network(folder), read_network(folder / "network.xlsx")]
    lists = [read_shipments(folder / name, networks[0], on=DAY) for name in ("shipments.csv", "shipments.xlsx")]
    assert networks[0].rows == networks[1].rows
    assert networks[0].sha256 == networks[1].sha256
    assert lists[0] == lists[1]
    assert [*networks[0].warnings, *networks[1].warnings, *lists[0].warnings, *lists[1].warnings] == []


def test_each_table_has_one_example_row(tmp_path: Path) -> None:
    write_template(tmp_path)
    rows: NetworkRows = read_network(tmp_path).rows
    assert [len(getattr(rows, table.name)) for table in TABLES] == [1] * len(TABLES)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "areas.csv").write_text("của tôi", "utf-8")
    with pytest.raises(ExistsError, match=r"areas\.csv") as refused:
        write_template(tmp_path)
    assert outcome(refused.value).exit_code is ExitCode.EXISTS
    assert [file.name for file in tmp_path.iterdir()] == ["areas.csv"]
    with pytest.raises(ExistsError):
        write_template(tmp_path / "areas.csv")


def test_the_command_says_what_it_wrote(tmp_path: Path) -> None:
    app = typer.Typer()
    app.command()(template_command)
    told = CliRunner().invoke(app, [str(tmp_path / "mau"), "--json"])
    assert told.exit_code == 0
    assert "settings.toml" in json.loads(told.stdout)["files"]
    assert "tệp mẫu" in told.stderr


def test_the_page_shows_todays_columns() -> None:
    """After a change of columns: `python -m api.network.reference docs/network-folder.md`."""
    page = PAGE.read_text(encoding="utf-8")
    assert with_reference(page) == page
