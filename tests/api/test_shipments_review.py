"""A review tells good rows from bad ones and takes nothing; reading a file is a review without a bad row."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.errors import InputError
from api.network.model import Network
from api.network.reader import read_network
from api.shipments.reader import read_shipments, review_shipments
from api.tables.files import Upload
from tests.api.network_files import small_network, small_shipments, write_folder, write_shipments

DAY = date(2026, 11, 20)


@pytest.fixture
def network(tmp_path: Path) -> Network:
    return read_network(write_folder(tmp_path / "network", small_network()))


def rows_with_two_bad_ones() -> list[dict[str, Any]]:
    good = small_shipments()
    unreadable = {**good[1], "code": "A-7", "grams": "nặng", "ready_at": "20/11/2026"}
    unknown = {**good[2], "code": "A-8", "origin_site": "B11"}
    return [good[0], unreadable, good[1], unknown, good[2]]


@pytest.mark.parametrize(("ending", "place"), [("csv", "s.csv"), ("xlsx", "s.xlsx [shipments]")])
def test_good_rows_go_on_and_bad_ones_are_shown_as_they_are(
    tmp_path: Path, network: Network, ending: str, place: str
) -> None:
    path = write_shipments(tmp_path / f"s.{ending}", rows_with_two_bad_ones())
    review = review_shipments(path, network, on=DAY)
    assert [shipment.code for shipment in review.good.shipments] == ["A-2", "A-3", "RR000000014VN"]
    assert [row.row for row in review.bad] == [3, 5]
    assert review.bad[0].cells["grams"] == "nặng"
    assert "note" not in review.bad[0].cells
    assert [(error.file, error.column, error.code) for error in review.bad[0].errors] == [
        (place, "grams", "bad_number")
    ]
    assert [(error.column, error.code) for error in review.bad[1].errors] == [("origin_site", "unknown_site")]
    assert review.errors == (*review.bad[0].errors, *review.bad[1].errors)
    assert review.good.warnings == ()  # the day-first moment stands in a bad row


def test_good_rows_are_the_same_as_in_a_file_of_their_own(tmp_path: Path, network: Network) -> None:
    mixed = review_shipments(write_shipments(tmp_path / "m.csv", rows_with_two_bad_ones()), network, on=DAY)
    alone = read_shipments(write_shipments(tmp_path / "s.csv", small_shipments()), network, on=DAY)
    assert mixed.good == alone
    assert mixed.good.sha256 == alone.sha256


def test_reading_refuses_what_the_review_names(tmp_path: Path, network: Network) -> None:
    path = write_shipments(tmp_path / "s.csv", rows_with_two_bad_ones())
    with pytest.raises(InputError) as refused:
        read_shipments(path, network, on=DAY)
    assert refused.value.rows == review_shipments(path, network, on=DAY).errors


def test_bytes_are_read_as_the_file_is(tmp_path: Path, network: Network) -> None:
    for ending in ("csv", "xlsx", "json"):
        path = write_shipments(tmp_path / f"s.{ending}", rows_with_two_bad_ones())
        sent = Upload(path.name, path.read_bytes())
        assert review_shipments(sent, network, on=DAY) == review_shipments(path, network, on=DAY)


def test_a_code_that_comes_twice_is_bad_the_second_time(tmp_path: Path, network: Network) -> None:
    path = write_shipments(tmp_path / "s.csv", [*small_shipments(), small_shipments()[1]])
    review = review_shipments(path, network, on=DAY)
    assert len(review.good.shipments) == 3
    assert [(row.row, row.errors[0].code) for row in review.bad] == [(5, "duplicate")]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("s.csv", b"", "empty_file"),
        ("s.csv", b"code;kind\nA;result\n", "missing_column"),
        ("s.json", b'{"shipments": [{"code": "A"}]}', "missing_column"),
        ("s.pdf", b"%PDF", "unknown_format"),
    ],
    ids=["empty", "header", "json header", "other format"],
)
def test_a_file_that_cannot_be_used_has_no_rows_at_all(network: Network, name: str, content: bytes, code: str) -> None:
    review = review_shipments(Upload(name, content), network, on=DAY)
    assert code in {error.code for error in review.errors}
    assert review.bad == ()
    assert review.good.shipments == ()


def test_a_row_that_is_too_long_shows_its_extra_cells(network: Network) -> None:
    content = "code,kind,ready_at\nA-1,transfer,2026-11-20T08:00Z,,thừa\n".encode()
    (bad,) = review_shipments(Upload("s.csv", content), network, on=DAY).bad
    assert bad.cells == {"code": "A-1", "kind": "transfer", "ready_at": "2026-11-20T08:00Z", "#5": "thừa"}
    assert [error.code for error in bad.errors] == ["too_many_cells"]
