"""Files that are too large, that lie about their size, or that say things a message must not repeat as they are."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from api.errors import InputError
from api.messages import shown
from api.network.model import Network
from api.network.reader import read_network
from api.shipments.reader import review_shipments
from api.tables import files
from api.tables.files import FileError, Upload, read_bytes, read_csv, read_json, read_workbook
from tests.api.network_files import small_network, small_shipments, write_folder, write_shipments

DAY = date(2026, 11, 20)


@pytest.fixture
def network(tmp_path: Path) -> Network:
    return read_network(write_folder(tmp_path / "network", small_network()))


def rewritten(content: bytes, member: str, change: dict[bytes, bytes]) -> bytes:
    """A workbook with some bytes of one member changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            for before, after in change.items() if name == member else ():
                assert before in text
                text = text.replace(before, after)
            new.writestr(name, text)
    return target.getvalue()


def workbook(*rows: Sequence[object]) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "shipments"
    for row in rows:
        sheet.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def test_a_file_at_the_limit_is_read_and_one_above_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_FILE_BYTES", 2**20)
    path = tmp_path / "a.csv"
    path.write_bytes(b"x" * 2**20)
    assert len(read_bytes(path)) == 2**20
    path.write_bytes(b"x" * (2**20 + 1))
    for file in (path, Upload("a.csv", path.read_bytes())):
        with pytest.raises(FileError, match="larger than 1 MiB"):
            read_bytes(file)


def test_rows_and_columns_at_the_limit_are_read_and_one_more_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_ROWS", 3)
    monkeypatch.setattr(files, "MAX_COLUMNS", 2)
    assert len(read_csv(Upload("a.csv", b"a,b,,\n1,2\n\n1,2\n1,2\n")).rows) == 3
    with pytest.raises(FileError, match="more than 3 rows") as rows:
        read_csv(Upload("a.csv", b"a,b\n" + b"1,2\n" * 4))
    with pytest.raises(FileError, match="more than 2 columns") as columns:
        read_csv(Upload("a.csv", b"a,b\n1,2\n1,2,3\n"))
    assert (rows.value.error.row, columns.value.error.row) == (5, 3)
    with pytest.raises(FileError, match="more than 3 rows"):
        read_workbook(Upload("a.xlsx", workbook(*[["a", "b"]] * 5)))
    with pytest.raises(FileError, match="more than 2 columns"):
        read_workbook(Upload("a.xlsx", workbook(["a", "b", "c"])))
    for rows_of_json, word in (([{"a": 1}] * 4, "rows"), ([{"a": 1, "b": 1, "c": 1}], "columns")):
        content = read_json(Upload("a.json", json.dumps({"shipments": rows_of_json}).encode()))
        with pytest.raises(FileError, match=word):
            files.json_sheet("a.json", "shipments", content["shipments"])


@pytest.mark.slow
def test_a_workbook_that_unpacks_to_a_thousand_times_its_size_is_never_unpacked() -> None:
    bomb = io.BytesIO(workbook(["code"]))
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/big.xml", "w") as member:
        for _ in range(files.MAX_UNPACKED_BYTES // 2**20 + 1):
            member.write(bytes(2**20))
    assert len(bomb.getvalue()) < 2**20
    with pytest.raises(FileError, match="unpacks to more than 256 MiB"):
        read_workbook(Upload("a.xlsx", bomb.getvalue()))


@pytest.mark.slow
def test_a_row_number_beyond_the_last_row_of_a_sheet_ends_the_reading() -> None:
    content = rewritten(workbook(["code"], ["A"]), SHEET, {b'<row r="2"': b'<row r="999999999999"'})
    with pytest.raises(FileError, match="rows"):
        read_workbook(Upload("a.xlsx", content))


def test_a_workbook_that_states_its_size_wrongly_loses_no_row_and_no_column(tmp_path: Path, network: Network) -> None:
    path = write_shipments(tmp_path / "s.xlsx", small_shipments())
    right = review_shipments(path, network, on=DAY)
    content = rewritten(path.read_bytes(), SHEET, {b'<dimension ref="A1:AA4"': b'<dimension ref="A1:C2"'})
    wrong = review_shipments(Upload("s.xlsx", content), network, on=DAY)
    assert len(wrong.good.shipments) == 3
    assert wrong.good == right.good


def test_a_formula_counts_by_its_saved_value_and_is_named_without_one(network: Network) -> None:
    header = ["code", "kind", "origin_site", "dest_site", "ready_at", "grams"]
    row = ["A-1", "transfer", "B1", "B2", "2026-11-20T08:00:00+07:00"]
    content = workbook(header, [*row, "=200+50"], ["A-2", *row[1:], 100])
    review = review_shipments(Upload("s.xlsx", content), network, on=DAY)
    assert [(e.row, e.column, e.code) for e in review.errors] == [(2, "grams", "uncalculated")]
    assert [shipment.code for shipment in review.good.shipments] == ["A-2"]
    sheet = zipfile.ZipFile(io.BytesIO(content)).read(SHEET)
    (formula,) = re.findall(rb"<f>200\+50</f><v ?(?:/>|></v>)", sheet)  # writers spell an empty value in three ways
    saved = rewritten(content, SHEET, {formula: b"<f>200+50</f><v>250</v>"})
    review = review_shipments(Upload("s.xlsx", saved), network, on=DAY)
    assert review.errors == ()
    assert review.good.shipments[0].grams == 250


def test_two_sheets_of_one_name_are_refused() -> None:
    book = Workbook()
    book.worksheets[0].title = "shipments"
    book.create_sheet("Shipments ")
    for sheet in book.worksheets:
        sheet.append(["code"])
    target = io.BytesIO()
    book.save(target)
    with pytest.raises(FileError, match="two sheets are called shipments"):
        read_workbook(Upload("a.xlsx", target.getvalue()))


def test_a_cell_has_no_more_than_four_thousand_letters(network: Network) -> None:
    def review(letters: int) -> list[tuple[int | None, str | None, str]]:
        row = {**small_shipments()[2], "note": "x" * letters}
        content = json.dumps({"shipments": [row]}).encode()
        found = review_shipments(Upload("s.json", content), network, on=DAY)
        return [(error.row, error.column, error.code) for error in found.errors]

    assert review(4000) == []
    assert review(4001) == [(1, "note", "too_long")]


@pytest.mark.parametrize(
    ("text", "repeated"),
    [("Bưu cục", "Bưu cục"), ("\x1b[31mđỏ", "\\x1b[31mđỏ"), ("\ud800", "\\ud800"), ("x" * 121, "x" * 120 + "…")],
    ids=["plain", "terminal", "surrogate", "long"],
)
def test_messages_repeat_what_a_file_says_fit_to_be_shown(text: str, repeated: str) -> None:
    assert shown(text) == repeated
    shown(text).encode()


def test_half_a_letter_in_json_is_named_and_its_message_can_be_written(tmp_path: Path) -> None:
    tables = small_network()
    tables["sites"][0]["name"] = "\ud800"
    tables["areas"][0]["\ud801"] = "x"
    path = tmp_path / "n.json"
    path.write_text(json.dumps(tables), "ascii")
    with pytest.raises(InputError) as refused:
        read_network(path)
    assert {("name", "bad_text"), ("\\ud801", "unknown_column")} <= {(e.column, e.code) for e in refused.value.rows}
    refused.value.render().encode()


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("ready_at", "31/12/9999 99:59", "bad_instant"),  # was a crash
        ("ready_at", "20/11/2026 25:00", "bad_instant"),  # was read as the next day
        ("due_on", "9999-12-31", "far_date"),
        ("appointment_on", "1900-01-01", "far_date"),
        ("note", {"a": 1}, "nested"),  # was read as a text
        ("windows", [["08:00-09:00"]], "nested"),
    ],
    ids=["overflow", "25 o'clock", "due never", "due long ago", "object", "list of lists"],
)
def test_what_a_cell_cannot_mean_is_named(network: Network, column: str, value: object, code: str) -> None:
    content = json.dumps({"shipments": [{**small_shipments()[0], column: value}]}).encode()
    review = review_shipments(Upload("s.json", content), network, on=DAY)
    assert [(error.row, error.column, error.code) for error in review.errors] == [(1, column, code)]


def test_a_list_nested_nine_hundred_times_is_named_in_its_cell(network: Network) -> None:
    row = json.dumps(small_shipments()[2])[:-1] + ', "note": ' + "[" * 900 + "]" * 900 + "}"
    review = review_shipments(Upload("s.json", f'{{"shipments": [{row}]}}'.encode()), network, on=DAY)
    assert [(error.row, error.column, error.code) for error in review.errors] == [(1, "note", "nested")]
