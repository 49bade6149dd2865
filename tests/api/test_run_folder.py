"""What a run's folder says of shipments, and taking a run up again after an odd night."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from api.errors import InputError, NotFoundError
from api.network.reader import read_network
from api.network.settings import CALM
from api.plans.roads import load_roads
from api.shipments.reader import read_shipments
from api.simulation.chances import Chances
from api.simulation.day import Province
from api.simulation.folder import RunFolder
from api.simulation.items import Blame, Item, Party
from api.simulation.rows import SHIPMENTS, shipment_row
from api.simulation.run import Simulation, State
from tests.api.network_files import small_network, small_shipments, write_folder, write_shipments

MONDAY = date(2026, 12, 7)


def write(folder: Path) -> tuple[Path, Path]:
    """A line from B1 to B2 late in the evening, and a paper that lies at B1 for an address of B2."""
    tables = small_network()
    tables["couriers"][1]["reserve"] = "no"
    tables["lines"] = [
        {"line_id": "L", "run_id": "9", "stop_no": "1", "site_id": "B1", "depart": "22:00", "cut_off": "21:45"},
        {"line_id": "L", "run_id": "9", "stop_no": "2", "site_id": "B2", "arrive": "23:50"},
    ]
    row = {**small_shipments()[0], "code": "R1", "ready_at": "2026-12-07T06:00:00+07:00", "due_on": "2026-12-08"}
    place = {"dest_lon": "105.121", "dest_lat": "10.701", "dest_address": "Ấp 3", "dest_commune": "30316"}
    return write_folder(folder / "tinh", tables), write_shipments(folder / "s.csv", [{**row, **place, "windows": ""}])


@pytest.mark.parametrize("resumed", [False, True])
def test_a_line_that_comes_after_midnight_is_met_on_the_next_day(resumed: bool, tmp_path: Path) -> None:
    """Due at 23:50, it comes at 00:14; its paper goes out that day, also when the run is taken up again in between."""
    network = read_network(write(tmp_path)[0])
    rows = read_shipments(tmp_path / "s.csv", network, on=MONDAY).shipments
    chances = Chances(replace(CALM, line_delay_minutes=60.0), seed=1)
    assert chances.line_delay(MONDAY, "L/9", "B2") == 1457
    folder = RunFolder.create(tmp_path / "run", {})
    with ThreadPoolExecutor(1) as executor:
        province = Province(network, load_roads(network, MONDAY), chances, executor, 10)
        simulation = Simulation.begin(province, rows, MONDAY)
        for record in simulation.days(MONDAY):
            folder.add(record, simulation)
        (item,) = simulation.state.items.values()
        assert f"{item.since:%d %H:%M:%S}" == "08 00:14:17"
        if resumed:
            state = RunFolder.reopen(tmp_path / "run", {}).load({row.code: row for row in rows})
            simulation = Simulation.resume(province, rows, state)
        (record,) = simulation.days(MONDAY + timedelta(1))
    assert not simulation.waiting
    assert [event.type.value for event in record.events] == ["OUT", "DELIVER"]


@pytest.mark.parametrize("text", [None, "at,shipment\n"])
def test_a_table_that_lost_rows_is_named_and_nothing_is_touched(text: str | None, tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path, {})
    folder.save(State(MONDAY))
    (tmp_path / "open.csv").write_text("")
    (tmp_path / "events.csv").unlink()
    if text is not None:
        (tmp_path / "events.csv").write_text(text)
    with pytest.raises(NotFoundError, match=r"events\.csv"):
        folder.load({})
    assert (tmp_path / "open.csv").exists()
    assert (tmp_path / "events.csv").exists() is (text is not None)


@pytest.mark.parametrize(
    ("done_on", "next_day", "told"),
    [
        (8, 9, ("on_the_day", 0, "")),
        (9, 10, ("late", 1, "post")),
        (None, 8, ("open", 0, "")),
        (None, 9, ("open", 1, "post")),
        (None, 11, ("open", 3, "post")),
    ],
)
def test_only_what_is_late_is_blamed_on_somebody(
    done_on: int | None, next_day: int, told: tuple[str, int, str], tmp_path: Path
) -> None:
    """Due on the 8th: what seemed lost before may have come in time after all."""
    network_path, shipments_path = write(tmp_path)
    (shipment,) = read_shipments(shipments_path, read_network(network_path), on=MONDAY).shipments
    item = Item(shipment, shipment.ready_at, shipment.ready_at, blame=Blame(Party.POST, "line", "L/9"))
    if done_on is not None:
        item.done_at = datetime.combine(date(2026, 12, done_on), shipment.ready_at.timetz())
    row = dict(zip(SHIPMENTS, shipment_row(item, date(2026, 12, next_day)), strict=True))
    assert (row["against_due"], row["days_late"], row["blame"]) == told
    assert bool(row["blame_leg"]) is bool(told[2])


@pytest.mark.parametrize("text", ["", "{}", '{"sizes": {}, "state": {"next_day": "soon"}}'])
def test_a_state_that_was_changed_is_named(text: str, tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path / "run", {})
    (tmp_path / "run" / "state.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        folder.load({})
    assert [(row.file, row.code) for row in caught.value.rows] == [("state.json", "bad_state")]
