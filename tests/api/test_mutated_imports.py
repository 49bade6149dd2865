"""However an import is broken: no crash, and each fault is named at its file, row and column."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest

from api.errors import InputError, RowError
from api.network.model import Network
from api.network.reader import read_network
from api.shipments.reader import review_shipments
from api.tables.files import Upload
from tests.api.mutations import Import, make_import
from tests.api.network_files import small_network, small_shipments, write_folder, write_shipments
from tests.effort import size

DAY = date(2026, 11, 20)


@cache
def sound() -> tuple[Network, str]:
    """The network, and the hash of the shipments, as they are when nothing is broken."""
    with TemporaryDirectory() as folder:
        network = read_network(write_folder(Path(folder) / "n", small_network()))
        path = write_shipments(Path(folder) / "s.csv", small_shipments())
        return network, review_shipments(path, network, on=DAY).good.sha256


def import_network(broken: Import) -> tuple[tuple[RowError, ...], str | None]:
    with TemporaryDirectory() as folder:
        for name, content in broken.files.items():
            (Path(folder) / name).write_bytes(content)
        (name, *others) = broken.files
        try:
            return (), read_network(Path(folder) if others else Path(folder) / name).sha256
        except InputError as refused:
            return refused.rows, None


def import_shipments(broken: Import) -> tuple[tuple[RowError, ...], str | None]:
    ((name, content),) = broken.files.items()
    review = review_shipments(Upload(name, content), sound()[0], on=DAY)
    good = {shipment.source.row for shipment in review.good.shipments}
    assert good.isdisjoint(row.row for row in review.bad)
    return review.errors, None if review.errors else review.good.sha256


def need_named(seed: int) -> None:
    random = Random(seed)
    shipments = random.random() < 0.5
    broken = make_import(random, shipments=shipments)
    errors, sha256 = import_shipments(broken) if shipments else import_network(broken)
    for error in errors:
        assert error.message_vi
        assert len(error.render("vi").encode() + error.render("en").encode()) < 4_000, seed
    if broken.random:
        return
    named = {(error.file, error.row, error.column) for error in errors}
    assert set(broken.faults) <= named, (seed, set(broken.faults) - named, errors)
    if not broken.faults:
        assert sha256 == (sound()[1] if shipments else sound()[0].sha256), (seed, errors)


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, 500, 100))
def test_five_hundred_broken_imports_are_named(start: int) -> None:
    for seed in range(start, start + 100):
        need_named(seed)


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("start", range(500, size("BROKEN_IMPORTS", 2_000, 10_000), 500))
def test_thousands_of_broken_imports_are_named(start: int) -> None:
    for seed in range(start, start + 500):
        need_named(seed)
