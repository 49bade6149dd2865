"""Runs of a small province, written to a folder and audited."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from api.network.model import Network
from api.network.reader import read_network
from api.network.settings import CALM, Reality
from api.plans.roads import load_roads
from api.shipments.model import Shipment
from api.shipments.reader import read_shipments
from api.simulation.away import Absences
from api.simulation.chances import Chances
from api.simulation.day import Province
from api.simulation.folder import RunFolder
from api.simulation.run import Simulation
from tests.cases.audit import Balance, recount

ITERATIONS = 60


@dataclass(frozen=True, slots=True)
class Run:
    """What a run left behind."""

    simulation: Simulation
    folder: Path

    @property
    def balance(self) -> Balance:
        return recount(self.folder / "events.csv")

    def rows(self, table: str) -> list[dict[str, str]]:
        with (self.folder / table).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def row(self, code: str) -> dict[str, str]:
        """Of a shipment, done or open."""
        return next(row for row in (*self.rows("shipments.csv"), *self.rows("open.csv")) if row["code"] == code)

    def events(self, code: str) -> list[tuple[str, str, str]]:
        """(day and hour, type, holder's name) of a shipment."""
        rows = [row for row in self.rows("events.csv") if row["shipment"] == code]
        return [(f"{datetime.fromisoformat(row['at']):%d %H:%M}", row["type"], row["name"]) for row in rows]

    def types(self, code: str) -> list[str]:
        return [kind for _, kind, _ in self.events(code)]


def read(network_path: Path, shipments_path: Path, first: date) -> tuple[Network, tuple[Shipment, ...]]:
    network = read_network(network_path)
    return network, read_shipments(shipments_path, network, on=first, each_on_its_day=True).shipments


def run(
    folder: Path,
    network: Network,
    shipments: Iterable[Shipment],
    first: date,
    last: date,
    *,
    reality: Reality = CALM,
    seed: int = 0,
    away: tuple[str, ...] = (),
    iterations: int = ITERATIONS,
    roads_of: Network | None = None,
    **settings: Any,
) -> Run:
    """Let the days go by in this process; `roads_of` = the network over whose sites of all days the roads are made."""
    network = replace(network, settings=replace(network.settings, simulation=reality, **settings))
    written = RunFolder.create(folder, {})
    with ThreadPoolExecutor(2) as executor:
        chances = Chances(reality, seed)
        roads = load_roads(roads_of or network, first, every_day=True)
        absences = Absences.parse(away)
        province = Province(network, roads, chances, executor, iterations, is_away=absences.is_away)
        simulation = Simulation.begin(province, shipments, first)
        for record in simulation.days(last):
            written.add(record, simulation)
    written.close(simulation)
    return Run(simulation, folder)
