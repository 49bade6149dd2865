"""Every bad row of every file is named, in one go, with file, row, column and reason in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.errors import ExitCode, InputError, outcome
from api.messages import MESSAGES
from api.network.reader import read_network
from api.shipments.reader import read_shipments
from tests.api.network_files import (
    Tables,
    small_network,
    small_shipments,
    write_folder,
    write_json,
    write_shipments,
    write_workbook,
)

DAY = date(2026, 11, 20)
Place = tuple[str, int | None, str | None, str]


def complaints(folder: Path) -> list[Place]:
    with pytest.raises(InputError) as refused:
        read_network(folder)
    return [(row.file, row.row, row.column, row.code) for row in refused.value.rows]


def shipment_complaints(path: Path, folder: Path) -> list[Place]:
    network = read_network(write_folder(folder, small_network()))
    with pytest.raises(InputError) as refused:
        read_shipments(path, network, on=DAY)
    return [(row.file, row.row, row.column, row.code) for row in refused.value.rows]


@pytest.mark.parametrize(
    ("table", "row", "column", "value", "code"),
    [
        ("sites", 0, "site_id", "Bưu cục", "bad_key"),
        ("sites", 0, "name", "", "required"),
        ("sites", 0, "name", "#N/A", "bad_text"),
        ("sites", 0, "kind", "postoffice", "bad_choice"),
        ("sites", 0, "commune_code", "98765", "unknown_commune"),
        ("sites", 0, "commune_code", "Long Xuyên", "bad_commune_code"),
        ("sites", 0, "lon", "nan", "not_finite"),
        ("sites", 0, "lon", "inf", "not_finite"),
        ("sites", 0, "lat", "1e999", "not_finite"),
        ("sites", 0, "lat", "10°38", "bad_number"),
        ("sites", 0, "lat", "200", "out_of_range"),
        ("sites", 0, "lat", "7.9", "outside_vietnam"),
        ("sites", 0, "lon", "1.5", "outside_vietnam"),
        ("sites", 0, "opening_hours", "thứ hai 7h", "bad_opening_hours"),
        ("sites", 0, "opening_hours", "Mo-Fr 07:00-1130", "bad_opening_hours"),
        ("sites", 2, "setup_minutes", "-5", "negative"),
        ("sites", 2, "item_seconds", "40.5", "not_whole"),
        ("sites", 0, "valid_from", "2026-02-30", "bad_date"),
        ("areas", 0, "base_id", "B9", "unknown_base"),
        ("areas", 0, "base_id", "CQ1", "base_without_couriers"),
        ("couriers", 0, "base_id", "B", "unknown_base"),
        ("couriers", 0, "vehicle", "bike", "bad_choice"),
        ("couriers", 0, "cash_dong", "50.000", "not_whole"),
        ("couriers", 0, "shift", "17:30-07:00", "reversed_span"),
        ("couriers", 0, "shift", "07:00-25:00", "bad_time"),
        ("couriers", 0, "shift", "cả ngày", "bad_span"),
        ("couriers", 0, "break", "60 phút", "bad_break"),
        ("couriers", 0, "max_trips", "0", "out_of_range"),
        ("couriers", 0, "reserve", "maybe", "bad_yes_no"),
        ("lines", 1, "site_id", "B3", "unknown_site"),
        ("lines", 1, "arrive", "24:01", "bad_time"),
        ("lines", 1, "arrive", "06:29", "line_backwards"),
        ("lines", 1, "arrive", "", "required"),
        ("lines", 0, "cut_off", "06:31", "cut_off_after_departure"),
        ("lines", 0, "days", "Mo-Xx", "bad_days"),
        ("lines", 1, "vehicle", "motorbike", "line_differs"),
        ("tariffs", 2, "procedure_code", "1.00112X", "unknown_procedure"),
        ("tariffs", 1, "postage_dong", "", "required"),
        ("calendar", 0, "date", "31/2/2026", "bad_date"),
    ],
)
def test_a_bad_cell_is_named(tmp_path: Path, table: str, row: int, column: str, value: str, code: str) -> None:
    tables = small_network()
    tables[table][row][column] = value
    assert (f"{table}.csv", row + 2, column, code) in complaints(write_folder(tmp_path, tables))


def swap_longitude_and_latitude(tables: Tables) -> None:
    tables["sites"][0].update(lon="10.38", lat="105.43")


def repeat_a_site(tables: Tables) -> None:
    tables["sites"].append(dict(tables["sites"][0]))


def overlap_dated_rows(tables: Tables) -> None:
    tables["couriers"][0]["valid_to"] = "2026-11-20"
    tables["couriers"].append({**tables["couriers"][0], "valid_from": "2026-11-20", "valid_to": ""})


def end_before_start(tables: Tables) -> None:
    tables["areas"][0].update(valid_from="2026-11-20", valid_to="2026-11-19")


def two_bases_for_one_commune(tables: Tables) -> None:
    tables["areas"] += [{"commune_code": "30280", "base_id": "B2"}]


def divided_commune(tables: Tables) -> None:
    tables["areas"] += [{"commune_code": "30334", "base_id": "B2"}]


def repeat_a_day(tables: Tables) -> None:
    tables["calendar"] *= 2


def base_not_yet_there(tables: Tables) -> None:
    tables["sites"][0]["valid_from"] = "2026-01-01"
    tables["areas"][0]["valid_to"] = "2025-12-31"


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (swap_longitude_and_latitude, ("sites.csv", 2, "lon", "swapped_lon_lat")),
        (repeat_a_site, ("sites.csv", 5, "site_id", "duplicate")),
        (overlap_dated_rows, ("couriers.csv", 4, "courier_id", "overlapping_rows")),
        (end_before_start, ("areas.csv", 2, "valid_to", "reversed_dates")),
        (two_bases_for_one_commune, ("areas.csv", 4, "commune_code", "two_bases")),
        (divided_commune, ("areas.csv", 4, "commune_code", "divided_commune")),
        (repeat_a_day, ("calendar.csv", 3, "date", "duplicate")),
        (base_not_yet_there, ("areas.csv", 2, "base_id", "not_in_force")),
    ],
)
def test_rows_that_contradict_each_other_are_named(
    tmp_path: Path, change: Callable[[Tables], None], place: Place
) -> None:
    tables = small_network()
    change(tables)
    assert place in complaints(write_folder(tmp_path, tables))


@pytest.mark.parametrize(
    ("before", "after", "row", "column", "code"),
    [
        ("base_id", "bases_id", 1, "bases_id", "unknown_column"),
        ("base_id", "commune_code", 1, "commune_code", "duplicate_column"),
        ("commune_code,base_id", "commune_code,", 1, "base_id", "missing_column"),
        (",B1,", ",B1,,,", 2, None, ""),
        (",B1,", ",B1,,,5", 2, None, "too_many_cells"),
        (",B1,", ',B1,"', 2, None, "bad_csv"),
    ],
)
def test_a_wrong_header_or_row_is_named(
    tmp_path: Path, before: str, after: str, row: int | None, column: str | None, code: str
) -> None:
    folder = write_folder(tmp_path, small_network())
    file = folder / "areas.csv"
    file.write_text(file.read_text("utf-8-sig").replace(before, after, 1), "utf-8")
    if not code:
        read_network(folder)  # empty cells to the right say nothing
        return
    assert ("areas.csv", row, column, code) in complaints(folder)


def test_the_nearest_column_and_code_are_suggested(tmp_path: Path) -> None:
    tables = small_network()
    tables["couriers"][0]["base_id"] = "B11"
    folder = write_folder(tmp_path, tables)
    file = folder / "tariffs.csv"
    file.write_text(file.read_text("utf-8-sig").replace("postage_dong", "postage_don"), "utf-8")
    with pytest.raises(InputError) as refused:
        read_network(folder)
    assert "did you mean postage_dong?" in refused.value.render("en")
    assert "có phải là B1?" in refused.value.render("vi")


def test_everything_wrong_is_said_at_once_and_nobody_else_is_blamed(tmp_path: Path) -> None:
    tables = small_network()
    tables["sites"][0].update(lon="x", kind="y")  # B1 is broken: rows that name it are not
    tables["couriers"][1].update(vehicle="tank", shift="a")
    tables["procedures"][0]["postal"] = ""
    divided_commune(tables)
    folder = write_folder(tmp_path, tables, "reload_minute = 5\n")
    assert complaints(folder) == [
        ("areas.csv", 4, "commune_code", "divided_commune"),
        ("couriers.csv", 3, "vehicle", "bad_choice"),
        ("couriers.csv", 3, "shift", "bad_span"),
        ("procedures.csv", 2, "postal", "required"),
        ("settings.toml", None, "reload_minute", "unknown_key"),
        ("sites.csv", 2, "kind", "bad_choice"),
        ("sites.csv", 2, "lon", "bad_number"),
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf\r\n  \r\n", "empty_file"),
        ("site_id,name\nB1,Bưu cục\n".encode("cp1258", "replace"), "encoding"),
        ("site_id,name\nB1,Bưu cục\n".encode("utf-16-le"), "encoding"),
        (b"\xff\xfea", "encoding"),
        (b"\x89PNG\r\n\x1a\n", "encoding"),
    ],
)
def test_other_encodings_and_empty_files_are_refused(tmp_path: Path, content: bytes, code: str) -> None:
    folder = write_folder(tmp_path, small_network())
    (folder / "sites.csv").write_bytes(content)
    assert complaints(folder) == [("sites.csv", None, None, code)]


def test_the_advice_on_encodings_says_how_to_save(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, small_network())
    (folder / "sites.csv").write_bytes("site_id,name\nB1,Bưu".encode("utf-16-le"))
    with pytest.raises(InputError) as refused:
        read_network(folder)
    assert "CSV UTF-8" in refused.value.render("vi")
    assert "Save As" in refused.value.render("en")


def test_files_that_are_none_are_refused(tmp_path: Path) -> None:
    assert complaints(tmp_path / "not-there") == [("not-there", None, None, "not_found")]
    assert [code for *_, code in complaints(write_folder(tmp_path / "empty", {}))] == ["missing_table"] * 3
    (tmp_path / "n.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    assert ("n.xlsx", None, None, "bad_workbook") in complaints(tmp_path / "n.xlsx")
    (tmp_path / "old.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old")
    assert ("old.xlsx", None, None, "old_workbook") in complaints(tmp_path / "old.xlsx")
    (tmp_path / "n.pdf").write_bytes(b"%PDF")
    assert ("n.pdf", None, None, "unknown_format") in complaints(tmp_path / "n.pdf")
    folder = write_folder(tmp_path / "f", small_network())
    (folder / "calendar.csv").unlink()
    (folder / "calendar.csv").mkdir()
    assert complaints(folder) == [("calendar.csv", None, None, "is_folder")]


def test_a_workbook_without_a_needed_sheet_or_with_a_misspelt_one_is_refused(tmp_path: Path) -> None:
    tables = small_network()
    del tables["areas"]
    assert complaints(write_workbook(tmp_path / "n.xlsx", tables)) == [("n.xlsx", None, None, "missing_table")]
    folder = write_folder(tmp_path / "f", small_network())
    (folder / "procedures.csv").rename(folder / "procedure.csv")
    assert ("procedure.csv", None, None, "unknown_table") in complaints(folder)


def test_tables_without_rows_are_refused(tmp_path: Path) -> None:
    assert ("areas.csv", None, None, "no_rows") in complaints(write_folder(tmp_path, {**small_network(), "areas": []}))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("[1, 2]", "json_no_object"),
        ("{", "bad_json"),
        ('{"sites": 1}', "json_no_rows"),
        ('{"sites": [1]}', "json_no_rows"),
        ('{"site": []}', "unknown_table"),
        ('{"sites": [], "sites": []}', "bad_json"),
        ('{"settings": 3}', "bad_value"),
        ("[" * 100_000, "bad_json"),
        ('{"sites": [{"site_id": NaN, "lon": Infinity}]}', "missing_column"),
    ],
)
def test_json_of_another_shape_is_refused(tmp_path: Path, content: str, code: str) -> None:
    (tmp_path / "n.json").write_text(content)
    assert code in {found for *_, found in complaints(tmp_path / "n.json")}


@pytest.mark.parametrize(
    ("row", "changes", "column", "code"),
    [
        (0, {"code": "RR000000015VN"}, "code", "s10_check_digit"),
        (0, {"code": "A 1"}, "code", "bad_key"),
        (1, {"code": "RR000000014VN"}, "code", "duplicate"),
        (0, {"kind": "letter"}, "kind", "bad_choice"),
        (0, {"procedure_code": "9.999"}, "procedure_code", "unknown_procedure"),
        (0, {"procedure_code": "2.000635"}, "procedure_code", "non_postal"),
        (0, {"origin_site": "CQ9"}, "origin_site", "unknown_site"),
        (0, {"at_site": "B7"}, "at_site", "unknown_site"),
        (0, {"origin_site": ""}, "origin_site", "needs_site"),
        (0, {"dest_site": "B1"}, "dest_site", "two_ends"),
        (0, {"dest_lon": "", "dest_lat": ""}, "dest_site", "no_end"),
        (0, {"dest_lat": ""}, "dest_lat", "point_needs"),
        (0, {"dest_address": ""}, "dest_address", "point_needs"),
        (0, {"dest_commune": ""}, "dest_commune", "point_needs"),
        (0, {"dest_commune": "98765"}, "dest_commune", "unknown_commune"),
        (0, {"dest_commune": "30292"}, "dest_commune", "commune_without_base"),
        (0, {"dest_lon": "10.384", "dest_lat": "105.431"}, "dest_lon", "swapped_lon_lat"),
        (0, {"dest_lon": "10.384", "dest_lat": "12"}, "dest_lon", "outside_vietnam"),
        (2, {"dest_site": "B1"}, "dest_site", "same_ends"),
        (2, {"dest_commune": "30307"}, "dest_commune", "other_commune"),
        (0, {"ready_at": "hôm qua"}, "ready_at", "bad_instant"),
        (0, {"ready_at": ""}, "ready_at", "required"),
        (0, {"due_on": "2026-11-18"}, "due_on", "due_before_ready"),
        (0, {"windows": "10:00-08:00"}, "windows", "reversed_span"),
        (0, {"windows": "08:00-10:00;09:00-11:00"}, "windows", "overlapping_spans"),
        (0, {"grams": "-1"}, "grams", "negative"),
        (0, {"pieces": "0"}, "pieces", "out_of_range"),
        (0, {"fee_dong": "NaN"}, "fee_dong", "not_finite"),
        (0, {"contact_phone": "gọi sau"}, "contact_phone", "bad_phone"),
    ],
)
@pytest.mark.parametrize("ending", ["csv", "json"])
def test_a_bad_shipment_is_named(
    tmp_path: Path, ending: str, row: int, changes: dict[str, str], column: str, code: str
) -> None:
    rows = small_shipments()
    rows[row].update(changes)
    path = write_shipments(tmp_path / f"s.{ending}", rows)
    place = (path.name, row + 2) if ending == "csv" else ("s.json [shipments]", row + 1)
    assert shipment_complaints(path, tmp_path / "n") == [(*place, column, code)]


def test_the_refusal_of_a_procedure_names_its_decision(tmp_path: Path) -> None:
    rows = small_shipments()
    rows[0]["procedure_code"] = "2.000635"
    network = read_network(write_folder(tmp_path, small_network()))
    with pytest.raises(InputError) as refused:
        read_shipments(write_shipments(tmp_path / "s.csv", rows), network, on=DAY)
    assert "12/QĐ-UBND" in refused.value.render("vi")
    assert "12/QĐ-UBND" in refused.value.render("en")


def test_shipments_in_no_table_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "n"
    assert shipment_complaints(tmp_path, folder)[0][3] == "is_folder"
    assert shipment_complaints(tmp_path / "no.csv", folder)[0][3] == "not_found"
    assert shipment_complaints(write_json(tmp_path / "s.json", {"rows": []}), folder)[0][3] == "missing_table"
    assert shipment_complaints(write_json(tmp_path / "s.json", {"shipments": []}), folder)[0][3] == "no_rows"
    assert shipment_complaints(write_workbook(tmp_path / "s.xlsx", small_network()), folder)[0][3] == "missing_table"
    assert shipment_complaints(write_shipments(tmp_path / "s.csv", []), folder)[0][3] == "no_rows"


def test_bad_input_ends_a_command_with_code_2(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        read_network(tmp_path)
    assert outcome(refused.value).exit_code is ExitCode.BAD_INPUT
    assert int(ExitCode.BAD_INPUT) == 2
    assert outcome(refused.value).status == 422
    assert refused.value.to_json()["rows"][0]["code"] == "missing_table"
    assert outcome(ZeroDivisionError()).exit_code is ExitCode.INTERNAL


def test_every_message_has_the_same_facts_in_both_languages() -> None:
    for code, (vi, en) in MESSAGES.items():
        facts = [
            {name.removesuffix("_vi").removesuffix("_en") for name in re.findall(r"{(\w+)}", text)} for text in (vi, en)
        ]
        assert facts[0] == facts[1], code


@given(st.binary(max_size=300), st.sampled_from(["sites.csv", "areas.csv", "settings.toml", "network.xlsx", "n.json"]))
@settings(max_examples=150)
def test_random_bytes_give_nothing_but_input_errors(content: bytes, name: str) -> None:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        (root / name).write_bytes(content)
        path = root / name if name.startswith("n") else root
        with pytest.raises(InputError) as refused:
            read_network(path)
        assert refused.value.render()


@cache
def workbook() -> bytes:
    with TemporaryDirectory() as folder:
        return write_workbook(Path(folder) / "n.xlsx", {"areas": small_network()["areas"]}).read_bytes()


@given(st.lists(st.tuples(st.integers(0, 1_000_000), st.integers(0, 255)), min_size=1, max_size=8))
@settings(max_examples=60)
def test_a_damaged_workbook_gives_nothing_but_input_errors(damage: list[tuple[int, int]]) -> None:
    content = bytearray(workbook())
    for place, byte in damage:
        content[place % len(content)] = byte
    with TemporaryDirectory() as folder:
        path = Path(folder) / "n.xlsx"
        path.write_bytes(content)
        with pytest.raises(InputError):
            read_network(path)


def test_a_procedure_kept_from_the_post_names_its_decision(tmp_path: Path) -> None:
    tables = small_network()
    tables["procedures"][1]["decision_no"] = ""
    assert ("procedures.csv", 3, "decision_no", "no_decision") in complaints(write_folder(tmp_path, tables))
