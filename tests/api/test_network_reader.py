"""A network is the same whatever files it comes in, and each day sees its own rows."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from api.errors import InputError
from api.network.model import Level, Network, Rest, Span, Vehicle
from api.network.reader import read_network
from tests.api.network_files import (
    BY_NAME,
    Tables,
    full,
    small_network,
    write_folder,
    write_json,
    write_workbook,
)

DAY = date(2026, 11, 20)


@pytest.fixture
def network(tmp_path: Path) -> Network:
    return read_network(write_folder(tmp_path / "tinh", small_network()))


def read_tables(folder: Path, tables: Tables) -> Network:
    return read_network(write_folder(folder, tables))


def test_cells_become_typed_values(network: Network) -> None:
    agency, courier, van = network.site("CQ1"), network.couriers[0], network.couriers[1]
    assert (agency.lon, agency.setup_minutes, agency.item_seconds) == (105.44, 7.5, 40)
    assert courier.shift == Span(7 * 3600, 17 * 3600 + 1800)
    assert courier.breaks == (Rest(60, Span(11 * 3600, 13 * 3600 + 1800)),)
    assert (van.vehicle, van.breaks, van.reserve) == (Vehicle.VAN, (), True)
    assert (courier.grams, van.grams) == (60_000, 800_000)
    assert network.name == "tinh"
    assert network.warnings == ()


def test_rows_of_a_run_become_one_line(network: Network) -> None:
    (line,) = network.lines
    assert [stop.site_id for stop in line.stops] == ["B1", "B2"]
    assert line.runs_on(date(2026, 11, 21))
    assert not line.runs_on(date(2026, 11, 22))


def test_csv_workbook_and_json_are_the_same_network(tmp_path: Path, network: Network) -> None:
    others = [
        read_network(write_workbook(tmp_path / "x" / "tinh.xlsx", small_network())),
        read_network(write_json(tmp_path / "j" / "tinh.json", small_network())),
    ]
    for other in others:
        assert other.rows == network.rows
        assert other.sha256 == network.sha256
        assert other == network


def test_reading_twice_or_in_another_order_changes_nothing(tmp_path: Path, network: Network) -> None:
    turned = {name: rows[::-1] for name, rows in small_network().items()}
    assert read_tables(tmp_path / "tinh", small_network()) == network
    assert read_tables(tmp_path / "nguoc", turned).sha256 == network.sha256


def test_any_change_of_data_or_settings_changes_the_hash(tmp_path: Path, network: Network) -> None:
    tables = small_network()
    tables["couriers"][0]["dong_per_km"] = "1501"
    assert read_tables(tmp_path / "a", tables).sha256 != network.sha256
    longer = write_folder(tmp_path / "b", small_network(), "reload_minutes = 16\n")
    assert read_network(longer).sha256 != network.sha256


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom", "utf-16-be-bom"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators_are_accepted_silently(
    tmp_path: Path, network: Network, encoding: str, separator: str
) -> None:
    for name, rows in small_network().items():
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, BY_NAME[name].names, delimiter=separator)
        writer.writeheader()
        writer.writerows(full(name, rows))
        (tmp_path / f"{name}.csv").write_bytes(encoded(text.getvalue(), encoding))
    read = read_network(tmp_path)
    assert read.sha256 == network.sha256
    assert read.warnings == ()


def encoded(text: str, encoding: str) -> bytes:
    if encoding.endswith("-bom"):
        return ("\ufeff" + text).encode(encoding.removesuffix("-bom"))
    return text.encode(encoding)


def test_decimal_commas_decomposed_letters_and_capital_titles_are_accepted(tmp_path: Path, network: Network) -> None:
    tables = small_network()
    for row in tables["sites"]:
        row.update(lon=row["lon"].replace(".", ","), lat=row["lat"].replace(".", ","))
    tables["sites"][0]["name"] = "Bu\u031bu cu\u0323c Mo\u0323\u0302t"  # letters and marks apart
    folder = write_folder(tmp_path / "tinh", tables)
    sites = (folder / "sites.csv").read_text("utf-8").replace("site_id", "SITE_ID")
    (folder / "sites.csv").write_text(sites, "utf-8")
    assert read_network(folder).sha256 == network.sha256


def test_the_line_that_names_the_separator_is_no_row(tmp_path: Path, network: Network) -> None:
    folder = write_folder(tmp_path / "tinh", small_network())
    areas = (folder / "areas.csv").read_text("utf-8-sig").replace(",", ";")
    (folder / "areas.csv").write_text("sep=;\n" + areas, "utf-8")
    assert read_network(folder) == network


def test_numbers_dates_and_times_of_a_spreadsheet_are_accepted(tmp_path: Path) -> None:
    book = Workbook()
    book.remove(book["Sheet"])
    sheets: dict[str, list[list[Any]]] = {
        "sites": [
            ["site_id", "name", "kind", "commune_code", "lon", "lat", "valid_from"],
            [101, "Một", "post_office", 30307, 105.43, 10.38, datetime(2025, 7, 1)],
            [102, "Hai", "post_office", 30316, 105.12, "10,7", "2025-07-01"],
        ],
        "areas": [["commune_code", "base_id"], [30307, 101.0], ["30316", "102"]],
        "couriers": [
            ["courier_id", "base_id", "reserve", "cash_dong"],
            [1, 101, True, 5e6],
            [2, 102, False, "5000000"],
        ],
        "lines": [
            ["line_id", "run_id", "stop_no", "site_id", "arrive", "depart"],
            ["L", 1, 1, 101, None, time(6, 30)],
            ["L", 1, 2, 102, 0.3125, None],
        ],
    }
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    book.save(tmp_path / "network.xlsx")
    network = read_network(tmp_path)
    assert network.site("101").valid_from == date(2025, 7, 1) == network.site("102").valid_from
    assert network.site("102").lat == 10.7
    assert [courier.reserve for courier in network.couriers] == [True, False]
    assert network.couriers[0].cash_dong == 5_000_000
    assert [stop.arrive for stop in network.lines[0].stops] == [None, 7 * 3600 + 1800]


def test_codes_that_lost_their_zeros_are_mended_with_a_warning(tmp_path: Path) -> None:
    tables = small_network()
    tables["sites"][0]["site_id"] = "00101"
    tables["areas"][0]["base_id"] = "101"
    tables["couriers"][0]["base_id"] = "101"
    tables["lines"][0]["site_id"] = "0101"
    tables["tariffs"][2]["procedure_code"] = "1.00112"
    tables["sites"][2]["commune_code"] = "4"  # 00004, Phường Ba Đình
    network = read_tables(tmp_path, tables)
    assert network.areas[0].base_id == network.couriers[0].base_id == "00101"
    assert network.tariffs[2].procedure_code == "1.001120"
    assert network.site("CQ1").commune_code == "00004"
    assert {(warning.file, warning.row, warning.code) for warning in network.warnings} == {
        ("areas.csv", 2, "lost_zeros"),
        ("couriers.csv", 2, "lost_zeros"),
        ("lines.csv", 2, "lost_zeros"),
        ("sites.csv", 4, "lost_zeros"),
        ("sites.csv", 4, "site_without_base"),
        ("tariffs.csv", 4, "lost_last_zeros"),
    }


def test_the_same_warning_of_many_rows_is_told_once_with_their_number(tmp_path: Path) -> None:
    tables = small_network()
    for row in tables["sites"]:
        row["valid_from"] = "1/7/2025"
    (warning,) = read_tables(tmp_path, tables).warnings
    assert (warning.row, warning.code) == (2, "day_first")
    assert "và 2 dòng khác" in warning.message_vi


def test_a_day_sees_the_rows_in_force(tmp_path: Path) -> None:
    tables = small_network()
    tables["couriers"][0]["valid_to"] = "2026-11-19"
    tables["couriers"].append(
        {**tables["couriers"][0], "name": "Người mới", "valid_from": "2026-11-20", "valid_to": ""}
    )
    network = read_tables(tmp_path, tables)
    names = {day: network.on(date(2026, 11, day)).couriers for day in (19, 20)}
    assert [courier.name for courier in names[19]] == ["Bưu tá Một", "Bưu tá Hai"]
    assert {courier.name for courier in names[20]} == {"Người mới", "Bưu tá Hai"}
    assert network.on(DAY).valid_on == DAY
    assert network.on(DAY).on(DAY) is not network


def test_a_lookup_that_depends_on_the_day_asks_for_one(tmp_path: Path) -> None:
    tables = small_network()
    tables["sites"][0]["valid_to"] = "2026-11-19"
    tables["sites"].append({**tables["sites"][0], "name": "Nhà mới", "valid_from": "2026-11-20", "valid_to": ""})
    network = read_tables(tmp_path, tables)
    with pytest.raises(ValueError, match="choose a day"):
        network.site("B1")
    assert network.on(DAY).site("B1").name == "Nhà mới"


def test_a_day_whose_base_is_not_in_force_is_refused_by_row(tmp_path: Path) -> None:
    tables = small_network()
    tables["sites"][1]["valid_from"] = "2026-01-01"
    network = read_tables(tmp_path, tables)
    assert network.on(DAY).site("B2").name == "Bưu cục Hai"
    with pytest.raises(InputError) as refused:
        network.on(date(2025, 12, 31))
    assert [(row.file, row.row, row.code) for row in refused.value.rows] == [
        ("areas.csv", 3, "unknown_base"),
        ("couriers.csv", 3, "unknown_base"),
        ("lines.csv", 3, "unknown_site"),
    ]


def test_old_commune_codes_are_converted_by_day_and_point(tmp_path: Path) -> None:
    tables = small_network()
    tables["areas"] = [
        {"commune_code": "30280", "base_id": "B1"},  # Mỹ Bình and Mỹ Long, both of today's Long Xuyên
        {"commune_code": "30283", "base_id": "B1"},
        {"commune_code": "30316", "base_id": "B2"},
        {"commune_code": "30325", "base_id": "B2"},
    ]
    tables["sites"][2].update(commune_code="30334", lon="105.117", lat="10.684")  # Vĩnh Châu was divided
    network = read_tables(tmp_path, tables)
    today = network.on(DAY)
    assert [area.commune_code for area in today.areas] == ["30307", "30316", "30325"]
    assert today.base_of_commune("30307") == "B1"
    assert today.site("CQ1").commune_code == "30316"
    assert network.site("CQ1").commune_code == "30334"


def test_a_new_code_does_not_exist_before_the_reform(tmp_path: Path) -> None:
    tables = small_network()
    for table in ("sites", "areas", "tariffs"):
        for row in tables[table]:
            row["commune_code"] = {"30316": "30328"}.get(row.get("commune_code", ""), row.get("commune_code", ""))
    tables["sites"][2]["commune_code"] = "99999"
    with pytest.raises(InputError) as refused:
        read_tables(tmp_path, tables)
    assert ("sites.csv", 4, "unknown_commune") in [(row.file, row.row, row.code) for row in refused.value.rows]


def test_the_most_specific_tariff_wins(network: Network) -> None:
    today = network.on(DAY)
    assert today.postage(None, "30307", None) == 30_000
    assert today.postage(None, "30316", None) == 0
    assert today.postage(Level.PROVINCE, "30316", "1.001120") == 25_000
    assert today.postage(Level.COMMUNE, "30307", "1.001120") == 30_000


def test_bases_groups_and_visit_times(tmp_path: Path) -> None:
    text = "[[plan_groups]]\nname = 'chung'\nbases = ['B1', 'B2']\n[times.address]\nitem_seconds = 75\n"
    network = read_network(write_folder(tmp_path / "a", small_network(), text)).on(DAY)
    assert network.groups == (("chung", ("B1", "B2")),)
    assert read_tables(tmp_path / "b", small_network()).groups == (("B1", ("B1",)), ("B2", ("B2",)))
    assert network.base_of_site("B2") == "B2"
    assert network.base_of_site("CQ1") == "B1"
    assert network.times_at("CQ1").setup_minutes == 7.5
    assert network.times_at("B1").item_seconds == 15
    assert network.times_at(None).item_seconds == 75


@pytest.mark.parametrize(("file", "told"), [("roads.roads", True), ("roads.osm.pbf", False)])
def test_speeds_that_a_built_road_file_ignores_are_told(tmp_path: Path, file: str, told: bool) -> None:
    folder = write_folder(tmp_path / "tinh", small_network(), "[speeds.motorbike]\nprimary = 30\n")
    (folder / file).touch()
    codes = [(warning.file, warning.column, warning.code) for warning in read_network(folder).warnings]
    assert (("settings.toml", "speeds", "speeds_without_effect") in codes) == told


def test_a_road_file_is_found_beside_the_tables(tmp_path: Path, network: Network) -> None:
    assert network.roads is None
    folder = write_folder(tmp_path / "tinh", small_network())
    (folder / "roads.osm.pbf").write_bytes(b"x")
    assert read_network(folder).roads == folder / "roads.osm.pbf"
    (folder / "roads.bin").write_bytes(b"x")
    with pytest.raises(InputError, match="several road files"):
        read_network(folder)


names = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20) | st.just("=1+1")
keys = st.from_regex(r"[A-Za-z._-][A-Za-z0-9._-]{0,11}", fullmatch=True)
sites = st.lists(
    st.fixed_dictionaries(
        {
            "site_id": keys,
            "name": names,
            "kind": st.sampled_from(["hub", "agency", "post_office"]),
            "commune_code": st.sampled_from(["30307", "30316", "00004"]),
            "lon": st.floats(102, 118).map(repr),
            "lat": st.floats(8, 24).map(repr),
            "setup_minutes": st.one_of(st.just(""), st.integers(0, 1440).map(str)),
            "valid_from": st.dates(date(2025, 7, 1), date(2030, 1, 1)).map(date.isoformat),
        }
    ),
    unique_by=lambda site: site["site_id"],
    max_size=3,
)


@pytest.mark.slow
@given(sites)
@settings(max_examples=6)
def test_any_sites_survive_csv_workbook_and_json(more: list[dict[str, str]]) -> None:
    tables = small_network()
    tables["sites"] += [site for site in more if site["site_id"] not in {"B1", "B2", "CQ1"}]
    with TemporaryDirectory() as folder:
        root = Path(folder)
        read = [
            read_network(write_folder(root / "csv", tables)),
            read_network(write_workbook(root / "xlsx" / "n.xlsx", tables)),
            read_network(write_json(root / "json" / "n.json", tables)),
        ]
        again = {name: [BY_NAME[name].write(row) for row in getattr(read[0].rows, name)] for name in tables}
        assert read_network(write_folder(root / "again", again)).sha256 == read[0].sha256
    assert len({network.sha256 for network in read}) == 1
    assert read[0].rows == read[1].rows == read[2].rows
