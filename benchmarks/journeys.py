"""`python -m benchmarks.journeys`: whole ways of 100,000 shipments of a month over a province's rounds and lines."""

from __future__ import annotations

import argparse
import time
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from api.demo.provinces import write_province
from api.journeys.timetable import province_timetable
from api.network.reader import read_network
from benchmarks.machine import machine
from benchmarks.tables import spread, table_head, table_row
from routing.journeys import DAY, Demand, plan_journeys

FIRST, DAYS, MONTH = date(2026, 11, 2), 45, 30
"""The timetable runs on after the month, so that its last shipments arrive."""
PROMISED = (1, 6)
"""Days until a shipment is due: from, below."""


def main() -> None:
    """Print one line of a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shipments", type=int, default=100_000)
    parser.add_argument("--seeds", type=int, default=3)
    arguments = parser.parse_args()
    with TemporaryDirectory() as name:
        network = read_network(write_province("an-giang", Path(name))[0])
    began = time.perf_counter()
    table = province_timetable(network, FIRST, DAYS)
    listed = time.perf_counter() - began
    doors = [place for place, door in enumerate(table.doors) if door == door.plain]
    seconds, legs = [], 0
    for seed in range(arguments.seeds):
        demand = _demand(np.array(doors), arguments.shipments, seed)
        began = time.perf_counter()
        legs = plan_journeys(table.table, demand).departure.size
        seconds.append(time.perf_counter() - began)
    print(f"{machine()}\n")
    for line in table_head(["shipments", "doors", "departures", "legs", "s, timetable", "s, journeys"]):
        print(line)
    row = [f"{n:,}" for n in (arguments.shipments, len(doors), table.table.size, legs)]
    print(table_row([*row, f"{listed:.2f}", spread(seconds, ".2f")]))


def _demand(doors: np.ndarray, count: int, seed: int) -> Demand:
    """Any door to any other, at any moment of the month."""
    rng = np.random.default_rng(seed)
    ready = rng.integers(0, MONTH * DAY, count)
    return Demand(
        rng.choice(doors, count), rng.choice(doors, count), ready, ready + rng.integers(*PROMISED, count) * DAY
    )


if __name__ == "__main__":
    main()
