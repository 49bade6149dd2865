"""
What must be done in a province on a day, as many tasks as asked for, at the bases of one plan group.

An Giang is the sample province with its synthetic roads; Cần Thơ is a real city with real roads, read from the folder
that DUONGTHU_TEST_DATA names.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # these take a while to import, and only days that are not in the cache need them
    from api.network.model import Network
    from api.plans.tasks import Work
    from geo.roads import Roads

AN_GIANG, CAN_THO = "an-giang", "can-tho"
GROUPS = {
    AN_GIANG: ("BC-LX", "BC-CT", "BC-CM", "BC-TS"),
    CAN_THO: ("BD-01", "BD-12", "BD-24", "BD-19"),
}
"""Neighbouring bases that plan together."""

DATA = "DUONGTHU_TEST_DATA"
TASKS_OF_SCALE = 40
"""Fewer than what the group has of each step of the sample's scale."""
GROWTH = 1.5


@dataclass(frozen=True, slots=True)
class DaysWorks:
    """Candidates for a day's shipments, always in the same order."""

    network: Network
    roads: Roads
    bases: tuple[str, ...]
    works: tuple[Work, ...]


def can_be_made(province: str) -> bool:
    """Whether its data are here."""
    return province != CAN_THO or bool(os.environ.get(DATA))


def days_works(province: str, size: int, seed: int) -> DaysWorks:
    """
    Gather at least `size` tasks of one day.

    Raises
    ------
    ValueError
        When the data of the province are not here.
    """
    if not can_be_made(province):
        raise ValueError(f"{province} needs real roads: set {DATA} to the folder that holds data/")
    make: Callable[[Path, float, int], DaysWorks] = {AN_GIANG: _an_giang, CAN_THO: _can_tho}[province]
    scale = size / TASKS_OF_SCALE
    while True:
        with TemporaryDirectory() as folder:
            found = make(Path(folder), scale, seed)
        if len(found.works) >= size:
            return found
        scale *= GROWTH


def _an_giang(folder: Path, scale: float, seed: int) -> DaysWorks:
    from api.demo.provinces import DEFAULT_DAY, write_province

    network, shipments = write_province(AN_GIANG, folder, day=DEFAULT_DAY, scale=scale, seed=seed)
    return _read(AN_GIANG, network, shipments, DEFAULT_DAY)


def _can_tho(folder: Path, scale: float, seed: int) -> DaysWorks:
    from tests.api import can_tho

    data = Path(os.environ[DATA]) / "data"
    city = can_tho.read_can_tho(data)
    network = can_tho.write_network(folder, city, data)
    rounds = -(-int(scale * TASKS_OF_SCALE) // can_tho.SHIPMENTS) + 1
    homes = [
        home for number in range(rounds) for home in can_tho.draw_homes(city, only_near=True, seed=1000 * seed + number)
    ]
    rows = can_tho.shipment_rows(city, homes)
    for number, row in enumerate(rows):  # the codes of several draws must differ
        row["code"] = f"CT-{number:05}"
    return _read(CAN_THO, network, can_tho.write_shipments(folder / "shipments.csv", rows), can_tho.DAY)


def _read(province: str, network_dir: Path, shipments_csv: Path, day: date) -> DaysWorks:
    from api.network.reader import read_network
    from api.plans.roads import load_roads
    from api.plans.tasks import sort_out
    from api.shipments.reader import read_shipments

    network = read_network(network_dir)
    shipments = read_shipments(shipments_csv, network, on=day)
    in_force = network.on(day)
    works = sort_out(in_force, shipments.shipments, day, crew=in_force.crew(with_reserve=True)).works
    bases = GROUPS[province]
    return DaysWorks(in_force, load_roads(network, day), bases, tuple(_of(works, bases)))


def _of(works: tuple[Work, ...], bases: tuple[str, ...]) -> Iterator[Work]:
    return (work for work in works if work.base_id in bases)
