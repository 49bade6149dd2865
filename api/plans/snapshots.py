"""
What a plan is made from, as it was when the plan was asked for: documents that never change, named by their hash.

They are read by the readers of files, with the same checks: a plan of the service and one of `duongthu plan` cannot
differ.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from api.errors import RefusedError
from api.network.model import Network
from api.network.reader import read_network
from api.network.store import read_network_at, read_records
from api.network.tables import SETTINGS
from api.plans.planning import PreparedDay, prepare_day
from api.plans.roads import load_roads
from api.shipments.columns import shipments_table
from api.shipments.model import Shipment, ShipmentList
from api.shipments.reader import read_shipments
from api.shipments.store import waiting_shipments

ROADS_FOLDER = "roads"
"""In the data folder: one folder a province, with its `roads.*`."""
PERSONAL = ("contact_name", "contact_phone", "note")
"""Columns that no plan needs: a snapshot outlives the retention of names."""

_PLACE = ("lon", "lat", "address", "commune")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Inputs of one province's day."""

    province_id: str
    day: date
    network: dict[str, Any]
    """A row list a table, and `settings`: the JSON form of a network."""
    shipments: list[dict[str, Any]]
    roads: str | None = None
    """A file below the data folder's `roads`; None = made up over the network, and said so."""

    @property
    def sha256(self) -> str:
        """Names the content; the same inputs are kept once."""
        said = [self.province_id, self.day.isoformat(), self.network, self.shipments, self.roads]
        text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True, eq=False)
class ReadInputs:
    """A snapshot as read."""

    network: Network
    """With the rows of every day."""
    shipments: ShipmentList


def snapshot_of(connection: Connection, province_id: str, day: date, data_folder: Path) -> Snapshot:
    """
    Take a snapshot of what the database knows: the network in use, and every shipment that waits.

    Raises
    ------
    NotFoundError
        When the province has no network yet.
    RefusedError
        When nothing waits.
    """
    network = network_rows(connection, province_id)
    zone = read_network_at(connection, province_id).settings.zone
    waiting = waiting_shipments(connection, province_id, day, zone)
    if not waiting:
        raise RefusedError(f"Không có bưu gửi nào chờ đi ngày {day}.", f"No shipment waits to be moved on {day}.")
    return Snapshot(province_id, day, network, _rows(waiting, zone), road_file(data_folder, province_id))


def network_rows(connection: Connection, province_id: str, version: int | None = None) -> dict[str, Any]:
    """
    A version of a province's network in its JSON form; None = the one in use.

    Raises
    ------
    NotFoundError
        When the province has no such version.
    """
    _, records = read_records(connection, province_id, version)
    network: dict[str, Any] = {}
    for record in records:
        if record.sheet == SETTINGS:
            network[SETTINGS] = dict(record.cells)
        else:
            network.setdefault(record.sheet, []).append(dict(record.cells))
    return network


def with_shipments(snapshot: Snapshot, more: Sequence[Shipment], zone: ZoneInfo) -> Snapshot:
    """The same inputs with more shipments; one that they had is as it is now."""
    rows = _rows(more, zone)
    codes = {row["code"] for row in rows}
    kept = [row for row in snapshot.shipments if row["code"] not in codes]
    return replace(snapshot, shipments=[*kept, *rows]) if rows else snapshot


def without_couriers(snapshot: Snapshot, absent: Iterable[str]) -> Snapshot:
    """
    The same inputs without couriers who are absent.

    Raises
    ------
    RefusedError
        When the network has no such courier: somebody else would be planned for.
    """
    gone = frozenset(absent)
    couriers = snapshot.network.get("couriers", [])
    if unknown := gone - {str(row["courier_id"]) for row in couriers}:
        named = ", ".join(sorted(unknown))
        raise RefusedError(f"Mạng lưới không có bưu tá: {named}.", f"The network has no courier {named}.")
    if not gone:
        return snapshot
    there = [row for row in couriers if row["courier_id"] not in gone]
    return replace(snapshot, network=snapshot.network | {"couriers": there})


def _rows(shipments: Iterable[Shipment], zone: ZoneInfo) -> list[dict[str, Any]]:
    table = shipments_table(zone)
    # The columns are those of a row.
    return without_people(_as_sent(table.write(shipment)) for shipment in shipments)  # type: ignore[arg-type]


def _as_sent(cells: dict[str, str]) -> dict[str, str]:
    """A completed row as a file has it: an end at a site gives no place besides."""
    known = {f"{end}_{part}" for end in ("origin", "dest") if cells[f"{end}_site"] for part in _PLACE}
    return {name: cell for name, cell in cells.items() if name not in known}


def without_people(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of shipments without names, telephones and notes, and without empty cells."""
    return [{name: cell for name, cell in row.items() if cell != "" and name not in PERSONAL} for row in rows]


def road_file(data_folder: Path, province_id: str) -> str | None:
    """A province's road file, relative to the folder of all of them."""
    folder = data_folder / ROADS_FOLDER
    found = sorted(path for path in (folder / province_id).glob("roads.*") if path.is_file())
    return found[0].relative_to(folder).as_posix() if found else None


@contextmanager
def as_read(snapshot: Snapshot, data_folder: Path) -> Iterator[ReadInputs]:
    """
    Read a snapshot; the road file can be loaded for as long as this is open.

    Raises
    ------
    InputError
        With every row that cannot be used.
    """
    with TemporaryDirectory(prefix="duongthu-") as name:
        folder = Path(name)
        (folder / "network.json").write_text(json.dumps(snapshot.network, ensure_ascii=False), encoding="utf-8")
        shipments = json.dumps({"shipments": snapshot.shipments}, ensure_ascii=False)
        (folder / "shipments.json").write_text(shipments, encoding="utf-8")
        if snapshot.roads is not None:
            there = (data_folder / ROADS_FOLDER / snapshot.roads).resolve(strict=True)
            (folder / f"roads{there.suffix}").symlink_to(there)
        network = read_network(folder / "network.json")
        yield ReadInputs(network, _read_shipments(folder / "shipments.json", network, snapshot))


def _read_shipments(file: Path, network: Network, snapshot: Snapshot) -> ShipmentList:
    """Of a snapshot of the network alone: none; a file without any would be refused."""
    if not snapshot.shipments:
        return ShipmentList((), sha256=hashlib.sha256(b"").hexdigest())
    return read_shipments(file, network, on=snapshot.day)


def prepare_snapshot(snapshot: Snapshot, data_folder: Path, *, seed: int = 0) -> PreparedDay:
    """
    Turn a snapshot into problems.

    Raises
    ------
    InputError
        With every row that cannot be used, or place too far from any road.
    """
    with as_read(snapshot, data_folder) as read:
        roads = load_roads(read.network, snapshot.day)
        return prepare_day(read.network, read.shipments, roads, snapshot.day, seed=seed)


def with_seed(prepared: PreparedDay, seed: int) -> PreparedDay:
    """The same day as a plan of another seed has it."""
    return replace(prepared, inputs=replace(prepared.inputs, seed=seed))
