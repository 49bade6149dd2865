"""Shipments: what rows leave open is filled from the network, whatever file they come in."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from api.network.model import Network, Span
from api.network.reader import read_network
from api.shipments.model import ShipmentList
from api.shipments.reader import read_shipments
from api.shipments.s10 import check_digit, is_s10, make_s10
from tests.api.network_files import small_network, small_shipments, write_folder, write_shipments

DAY = date(2026, 11, 20)


@pytest.fixture
def network(tmp_path: Path) -> Network:
    return read_network(write_folder(tmp_path / "network", small_network()))


@pytest.fixture
def shipments(tmp_path: Path, network: Network) -> ShipmentList:
    return read_shipments(write_shipments(tmp_path / "s.csv", small_shipments()), network, on=DAY)


def test_ends_are_sites_or_addresses(shipments: ShipmentList) -> None:
    intake, transfer, result = shipments.shipments
    assert (result.origin.site_id, result.origin.lon, result.origin.commune_code) == ("CQ1", 105.44, "30307")
    assert (result.dest.site_id, result.dest.lon, result.dest.address) == (None, 105.431, "12 Trần Hưng Đạo")
    assert result.citizen == result.dest
    assert intake.citizen == intake.origin
    assert transfer.citizen is None
    assert (transfer.dest.site_id, transfer.dest.commune_code) == ("B2", "30316")


def test_an_empty_place_is_the_origin(shipments: ShipmentList) -> None:
    intake, transfer, result = shipments.shipments
    assert intake.at_site is None
    assert transfer.at_site == "B1"
    assert [shipment.at_origin for shipment in (intake, transfer, result)] == [True, True, False]


def test_due_dates_and_postage_come_from_the_network(shipments: ShipmentList) -> None:
    intake, transfer, result = shipments.shipments
    assert intake.due_on == date(2026, 11, 27)
    assert result.due_on == date(2026, 11, 23)  # Thursday + 3: Friday, the Saturday of the sheet, Monday
    assert transfer.due_on == date(2026, 11, 23)  # Friday + 2
    assert [shipment.postage_dong for shipment in (intake, transfer, result)] == [0, 0, 25_000]


def test_moments_are_aware_and_windows_in_order(shipments: ShipmentList) -> None:
    _, transfer, result = shipments.shipments
    assert transfer.ready_at == datetime(2026, 11, 20, 1, tzinfo=UTC)
    assert transfer.ready_at.isoformat() == "2026-11-20T08:00:00+07:00"
    assert result.windows == (Span(28_800, 36_000), Span(50_400, 57_600))
    assert (result.source.file, result.source.row) == ("s.csv", 2)


def test_csv_workbook_json_and_any_order_are_the_same(
    tmp_path: Path, network: Network, shipments: ShipmentList
) -> None:
    others = [write_shipments(tmp_path / f"s.{ending}", small_shipments()) for ending in ("xlsx", "json")]
    others.append(write_shipments(tmp_path / "turned.csv", small_shipments()[::-1]))
    assert all(read_shipments(path, network, on=DAY) == shipments for path in others)
    assert shipments.warnings == ()


def test_what_a_spreadsheet_makes_of_cells_is_understood(tmp_path: Path, network: Network) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Shipments"
    sheet.append(
        [
            "code",
            "kind",
            "procedure_code",
            "origin_site",
            "dest_site",
            "ready_at",
            "due_on",
            "contact_phone",
            "id_check",
        ]
    )
    sheet.append(
        [17, "transfer", 1.00112, "B1", "B2", datetime(2026, 11, 20, 8, 30), date(2026, 11, 27), 912345678, True]
    )
    book.save(tmp_path / "s.xlsx")
    read = read_shipments(tmp_path / "s.xlsx", network, on=DAY)
    (shipment,) = read.shipments
    assert (shipment.code, shipment.procedure_code, shipment.contact_phone) == ("17", "1.001120", "0912345678")
    assert shipment.ready_at.isoformat() == "2026-11-20T08:30:00+07:00"
    assert [warning.code for warning in read.warnings] == ["lost_zeros", "lost_last_zeros"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("2026-11-20T08:30+07:00", set()),
        ("2026-11-20T01:30Z", set()),
        ("46346.354166667", set()),
        ("2026-11-20 08:30", {"no_zone"}),
        ("20/11/2026 8:30", {"no_zone", "day_first"}),
        ("20/11/2026 8:30:00 AM", {"no_zone", "day_first"}),
    ],
)
def test_one_moment_may_be_written_in_many_ways(tmp_path: Path, network: Network, text: str, codes: set[str]) -> None:
    row = {**small_shipments()[2], "ready_at": text}
    read = read_shipments(write_shipments(tmp_path / "s.csv", [row]), network, on=DAY)
    assert read.shipments[0].ready_at.isoformat() == "2026-11-20T08:30:00+07:00"
    assert {warning.code for warning in read.warnings} == codes


def test_old_communes_of_addresses_are_converted_by_their_point(tmp_path: Path, network: Network) -> None:
    rows = small_shipments()
    rows[0]["dest_commune"] = "30280"
    rows[1].update(origin_commune="30334", origin_lon="105.117", origin_lat="10.684")
    intake, _, result = read_shipments(write_shipments(tmp_path / "s.csv", rows), network, on=DAY).shipments
    assert (intake.origin_commune, result.dest_commune) == ("30316", "30307")


def test_windows_of_a_transfer_are_not_used_and_said_so(tmp_path: Path, network: Network) -> None:
    rows = [{**small_shipments()[2], "windows": "08:00-09:00"}]
    read = read_shipments(write_shipments(tmp_path / "s.csv", rows), network, on=DAY)
    assert [warning.code for warning in read.warnings] == ["windows_unused"]


@pytest.mark.slow
def test_ten_thousand_rows_are_read_in_two_seconds_of_work(tmp_path: Path, network: Network) -> None:
    base = small_shipments()[0]
    rows = [
        {**base, "code": make_s10(n), "dest_address": f"{n} Trần Hưng Đạo", "dest_lon": f"{105.4 + n / 1e6:.6f}"}
        for n in range(10_000)
    ]
    path = write_shipments(tmp_path / "s.csv", rows)
    began = time.process_time()
    assert len(read_shipments(path, network, on=DAY).shipments) == 10_000
    assert time.process_time() - began < 2


def test_the_identifier_of_the_standard_is_valid_and_its_neighbours_are_not() -> None:
    valid = [digit for digit in "0123456789" if is_s10(f"RR47312482{digit}GB")]
    assert valid == ["9"]
    assert check_digit("00000000") == 5  # 11 becomes 5
    assert not is_s10("rr473124829gb")


@given(st.integers(0, 99_999_999), st.integers(1, 9), st.integers(2, 9))
def test_a_changed_digit_is_noticed(number: int, by: int, place: int) -> None:
    code = make_s10(number)
    assert is_s10(code)
    changed = code[:place] + str((int(code[place]) + by) % 10) + code[place + 1 :]
    weighted = 11 - sum(w * int(d) for w, d in zip((8, 6, 4, 2, 3, 5, 9, 7), changed[2:10], strict=True)) % 11
    assert is_s10(changed) is ({10: 0, 11: 5}.get(weighted, weighted) == int(code[10]))


def test_an_s10_number_needs_eight_digits() -> None:
    with pytest.raises(ValueError, match="eight digits"):
        make_s10(100_000_000)
